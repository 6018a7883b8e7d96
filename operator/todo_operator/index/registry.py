"""The kinds that the operator decides about."""

from todo_operator.index.channel_kind import ChannelKind
from todo_operator.index.protocol import Kind
from todo_operator.index.reminder_kind import ReminderKind
from todo_operator.index.rule_kind import RuleKind
from todo_operator.index.task_kind import TaskKind
from todo_operator.reconcile.channel import ANYTHING
from todotasks.channel_rules import ChannelLimits


def make_kinds(limits: ChannelLimits = ANYTHING) -> dict[str, Kind]:
    """By the name in the API. Made anew for each leadership: each has a cache of its own. `limits` are what
    channels may do."""
    tasks, channels = TaskKind(), ChannelKind(limits)
    reminders = ReminderKind(tasks.cache, channels)
    tasks.reminders = reminders
    kinds: tuple[Kind, ...] = (tasks, RuleKind(tasks.cache), channels, reminders)
    return {kind.resource.kind: kind for kind in kinds}
