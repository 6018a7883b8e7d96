"""The kinds of `todotasks.dev/v1` as typed values.

`crds/` is the source of truth; these Structs read what the API server stores. Unknown fields are
skipped, so a newer CRD does not break an older program. Lists are `tuple[...] | None`, because API
servers and `kubectl edit` do emit explicit nulls; the `*_list` helpers hide that.
"""

from todotasks.api.channel import (
    AppriseTarget,
    EmailTarget,
    NotificationChannel,
    NotificationChannelSpec,
    WebhookTarget,
)
from todotasks.api.conditions import Condition, find_condition, is_true, merge_conditions, with_condition
from todotasks.api.meta import (
    ANNOTATION_RECONCILE_AT,
    ANNOTATION_SCHEDULED_TIME,
    ANNOTATION_TIME_ZONE,
    GROUP,
    GROUP_VERSION,
    TAG_LABEL_PREFIX,
    VERSION,
    Metadata,
    ObjectKey,
    OwnerReference,
)
from todotasks.api.recurrence_rule import (
    RecurrenceRule,
    RecurrenceRuleSpec,
    RecurrenceRuleStatus,
    SimpleSchedule,
    TaskTemplate,
)
from todotasks.api.reminder import Delivery, Reminder, ReminderSpec, ReminderStatus, TaskRef
from todotasks.api.task import (
    Link,
    Priority,
    SubtaskTotals,
    TaskReminder,
    TodoTask,
    TodoTaskSpec,
    TodoTaskStatus,
)

__all__ = [
    "ANNOTATION_RECONCILE_AT",
    "ANNOTATION_SCHEDULED_TIME",
    "ANNOTATION_TIME_ZONE",
    "GROUP",
    "GROUP_VERSION",
    "TAG_LABEL_PREFIX",
    "VERSION",
    "AppriseTarget",
    "Condition",
    "Delivery",
    "EmailTarget",
    "Link",
    "Metadata",
    "NotificationChannel",
    "NotificationChannelSpec",
    "ObjectKey",
    "OwnerReference",
    "Priority",
    "RecurrenceRule",
    "RecurrenceRuleSpec",
    "RecurrenceRuleStatus",
    "Reminder",
    "ReminderSpec",
    "ReminderStatus",
    "SimpleSchedule",
    "SubtaskTotals",
    "TaskRef",
    "TaskReminder",
    "TaskTemplate",
    "TodoTask",
    "TodoTaskSpec",
    "TodoTaskStatus",
    "WebhookTarget",
    "find_condition",
    "is_true",
    "merge_conditions",
    "with_condition",
]
