"""The words of the conditions of a TodoTask: types and reasons, each with what it shared.

They are API: people and tools compare them, so a test keeps them and the documentation the same. The
sentence beside a reason in a condition's `message` is for a person and may change.
"""

from enum import StrEnum


class TaskCondition(StrEnum):
    """Types. The first four are written at the first visit; `Stalled` is there only while it is true."""

    READY = "Ready"  # accepted and scheduled; an open task is ready (ready is not done)
    COMPLETED = "Completed"
    OVERDUE = "Overdue"
    BLOCKED = "Blocked"
    STALLED = "Stalled"  # only an edit can heal it; kstatus reads it as failed


class TaskReason(StrEnum):
    """Reasons."""

    # Ready=True
    ACCEPTED = "Accepted"  # open, without a due date
    SCHEDULED = "Scheduled"  # open, with a due date; Overdue turns by itself
    # Ready=True, Completed=True; Overdue=False and Blocked=False
    COMPLETED = "Completed"
    # Completed=False
    OPEN = "Open"
    # Overdue
    NO_DUE_DATE = "NoDueDate"  # False
    NOT_YET_DUE = "NotYetDue"  # False
    PAST_DUE = "PastDue"  # True
    # Blocked
    NO_DEPENDENCIES = "NoDependencies"  # False
    DEPENDENCIES_COMPLETED = "DependenciesCompleted"  # False
    DEPENDENCY_OPEN = "DependencyOpen"  # True: a task in dependsOn is not completed
    DEPENDENCY_MISSING = "DependencyMissing"  # True: a task in dependsOn does not exist
    DEPENDENCY_CYCLE = "DependencyCycle"  # True: it waits for itself; the message names the way round
    # Stalled=True, Ready=False; what cannot be told because of it is Unknown with the same reason
    INVALID_SPEC = "InvalidSpec"  # a field has a value that the CRD would have refused
    INVALID_TITLE = "InvalidTitle"
    INVALID_TIME_ZONE = "InvalidTimeZone"
    INVALID_DUE = "InvalidDue"
    INVALID_REMINDER = "InvalidReminder"
    INVALID_TTL = "InvalidTTL"
    PARENT_CYCLE = "ParentCycle"  # it is its own ancestor; the message names the way round
    REMINDER_REFUSED = "ReminderRefused"  # the API server refused it: a policy, a quota; tried again


class RuleCondition(StrEnum):
    """Types of the conditions of a RecurrenceRule; `Stalled` is there only while it is true."""

    READY = "Ready"  # accepted: its tasks come when they should; suspended and exhausted rules are ready
    SUSPENDED = "Suspended"
    EXHAUSTED = "Exhausted"
    REMINDERS_MISSED = "RemindersMissed"  # like Stalled, there only while it is true; the rule is ready
    LEAD_TIME_CUT = "LeadTimeCut"  # as well
    STALLED = "Stalled"


class RuleReason(StrEnum):
    """Reasons of a RecurrenceRule."""

    # Ready=True
    SCHEDULED = "Scheduled"  # the next occurrence is known
    WAITING = "WaitingForCompletion"  # basis Completion: the next one counts from when the open one is done
    SUSPENDED = "Suspended"  # also Suspended=True
    EXHAUSTED = "Exhausted"  # also Exhausted=True
    # Suspended=False
    RUNNING = "Running"
    # Exhausted=False
    OCCURRENCES_AHEAD = "OccurrencesAhead"
    # RemindersMissed=True
    LEAD_TIME_TOO_SHORT = "LeadTimeTooShort"  # reminders of the template are over when their task is made
    # LeadTimeCut=True
    TOO_MANY_AHEAD = "TooManyAhead"  # it would make more than a hundred tasks ahead of their time
    # Stalled=True, Ready=False, Exhausted=Unknown
    INVALID_SPEC = "InvalidSpec"  # a field has a value that the CRD would have refused
    INVALID_SCHEDULE = "InvalidSchedule"
    INVALID_TIME_ZONE = "InvalidTimeZone"
    INVALID_LEAD_TIME = "InvalidLeadTime"
    INVALID_TEMPLATE = "InvalidTemplate"
    NEVER_FIRES = "NeverFires"  # a day that is in no calendar, such as 30 February
    REFUSED = "Refused"  # the API server refused the task: a policy, a quota; tried again now and then
    NAME_TAKEN = "NameTaken"  # a task of the occurrence's name is there and is not the rule's


class SkipReason(StrEnum):
    """Why `recurrence.skipped` and `recurrence.missed` say that an occurrence was not made."""

    # skipped
    EARLIER_OPEN = "EarlierOpen"  # concurrencyPolicy Forbid
    REPLACED = "Replaced"  # concurrencyPolicy Replace: a later one was due at the same time
    # missed
    ONLY_LATEST = "OnlyLatest"  # missedPolicy Latest
    SKIPPED = "Skipped"  # missedPolicy Skip
    TOO_MANY = "TooMany"  # missedPolicy All, beyond the newest hundred
    DEADLINE_EXCEEDED = "DeadlineExceeded"  # startingDeadlineSeconds


class ReminderCondition(StrEnum):
    """Types of the conditions of a Reminder; `Stalled` is there only while it is true."""

    READY = "Ready"
    FIRED = "Fired"
    DELIVERED = "Delivered"  # there once it has fired
    STALLED = "Stalled"


class ReminderReason(StrEnum):
    """Reasons of a Reminder."""

    # Ready=True
    SCHEDULED = "Scheduled"  # it will fire at status.fireTime
    DONE = "Done"  # it has fired, and does not repeat any more
    SUSPENDED = "Suspended"  # also Fired=False, when its time passed meanwhile
    TASK_COMPLETED = "TaskCompleted"
    PASSED = "Passed"  # its time was over before it was made, or while it was suspended or the task completed
    # Ready=False: it waits for something that is not there yet
    TASK_MISSING = "TaskMissing"
    NO_DUE_DATE = "NoDueDate"  # beforeDue, and the task is never due
    CHANNEL_MISSING = "ChannelMissing"  # it fires all the same, through those that are there
    # Fired
    NOT_YET = "NotYet"  # False
    FIRED = "Fired"  # True
    FIRED_LATE = "FiredLate"  # True: its time had passed while nothing could fire it
    # Delivered
    DELIVERED = "Delivered"  # True
    PENDING = "Pending"  # False
    RETRYING = "Retrying"  # False
    DELIVERY_FAILED = "DeliveryFailed"  # False
    NO_CHANNEL = "NoChannel"  # False: it names none, and the namespace has no default
    # Stalled=True, Ready=False
    INVALID_SPEC = "InvalidSpec"
    INVALID_TIME = "InvalidTime"
    INVALID_TIME_ZONE = "InvalidTimeZone"
    INVALID_DURATION = "InvalidDuration"


class ChannelCondition(StrEnum):
    """Types of the conditions of a NotificationChannel."""

    READY = "Ready"
    STALLED = "Stalled"


class ChannelReason(StrEnum):
    """Reasons of a NotificationChannel."""

    ACCEPTED = "Accepted"  # Ready=True: its spec can be used; whether its Secret does, a delivery tells
    # Stalled=True, Ready=False
    INVALID_SPEC = "InvalidSpec"
    NOT_ALLOWED = "NotAllowed"  # by the settings of whoever runs todotasks
