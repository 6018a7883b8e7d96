"""The kinds that the operator decides about."""

from todo_operator.kinds import Kind, RuleKind, TaskKind
from todo_operator.reminder_kinds import ChannelKind, ReminderKind


def make_kinds() -> dict[str, Kind]:
    """By the name in the API. Made anew for each leadership: each has a cache of its own."""
    tasks, channels = TaskKind(), ChannelKind()
    kinds: tuple[Kind, ...] = (tasks, RuleKind(tasks.cache), channels, ReminderKind(tasks.cache, channels))
    return {kind.resource.kind: kind for kind in kinds}
