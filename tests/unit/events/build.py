"""Tasks, rules and reminders in which a test names the one thing that matters."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from todotasks.api import (
    Condition,
    Metadata,
    RecurrenceRule,
    RecurrenceRuleSpec,
    Reminder,
    ReminderSpec,
    ReminderStatus,
    TaskRef,
    TodoTask,
    TodoTaskSpec,
    TodoTaskStatus,
)

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
BORN = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
UID = "3f0c1a52-7d0e-4c59-9a44-0d8e7b0d6d11"


def metadata(version: int = 100, uid: str = UID, **fields: Any) -> Metadata:
    fields.setdefault("name", "pay-rent")
    fields.setdefault("namespace", "home")
    fields.setdefault("creation_timestamp", BORN)
    return Metadata(uid=uid, resource_version=str(version), **fields)


def a_task(
    version: int = 100,
    *,
    uid: str = UID,
    labels: dict[str, str] | None = None,
    annotations: dict[str, str] | None = None,
    status: TodoTaskStatus | None = None,
    meta: dict[str, Any] | None = None,
    **spec: Any,
) -> TodoTask:
    spec.setdefault("title", "Pay rent")
    return TodoTask(
        metadata=metadata(version, uid, labels=labels, annotations=annotations, **(meta or {})),
        spec=TodoTaskSpec(**spec),
        status=status or TodoTaskStatus(),
    )


def a_rule(version: int = 100, **spec: Any) -> RecurrenceRule:
    spec.setdefault("cron", "0 9 * * *")
    return RecurrenceRule(metadata=metadata(version, name="daily"), spec=RecurrenceRuleSpec(**spec))


def a_reminder(version: int = 100, *, fire_time: datetime | None = None, **spec: Any) -> Reminder:
    return Reminder(
        metadata=metadata(version, name="pay-rent-1h"),
        spec=ReminderSpec(task_ref=TaskRef("pay-rent"), **spec),
        status=ReminderStatus(fire_time=fire_time),
    )


# ── anything the API server could hand us ────────────────────────────────────────────────────────────
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
names = st.sampled_from(["a", "b", "todotasks.dev/last-actor", "tag.todotasks.dev/work", "example.com/x"])
maps = st.none() | st.dictionaries(names, texts, max_size=4)
lists = st.none() | st.lists(texts, max_size=3).map(tuple)
instants = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))

conditions = st.builds(
    Condition,
    type=st.sampled_from(["Ready", "Completed", "Overdue", "Blocked"]),
    status=st.sampled_from(["True", "False", "Unknown"]),
    reason=st.just("Because"),
    message=texts,
    observed_generation=st.integers(0, 9),
    last_transition_time=st.none() | instants,
)
specs = st.builds(
    TodoTaskSpec,
    title=texts,
    notes=st.none() | texts,
    priority=st.sampled_from(["Low", "Medium", "High", "Urgent"]),
    tags=lists,
    due=st.none() | texts,
    completed=st.booleans(),
    depends_on=lists,
    project=st.none() | texts,
    ttl_seconds_after_completed=st.none() | st.integers(0, 10**6),
)
statuses = st.builds(
    TodoTaskStatus,
    observed_generation=st.integers(-1, 9),
    due_time=st.none() | instants,
    completion_time=st.none() | instants,
    conditions=st.none() | st.lists(conditions, max_size=3).map(tuple),
)


def tasks(version: int = 100) -> st.SearchStrategy[TodoTask]:
    return st.builds(
        TodoTask,
        metadata=st.builds(metadata, st.just(version), labels=maps, annotations=maps),
        spec=specs,
        status=statuses,
    )
