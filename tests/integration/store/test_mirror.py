"""What the mirror keeps, what it ignores, and what it survives."""

import re
from typing import Any

import msgspec
import pytest

from tests.integration.store.support import NOW, Database, a_message, a_rule, a_task, fetch, minutes, value
from todotasks.store import Archival, ObjectRow, Store

KINDS = ["TodoTask", "RecurrenceRule"]


async def test_what_was_written_is_read_back(store: Store, epoch: int) -> None:
    row = a_task(version=7, title="Café – 日本", tags=("home", "a b"))
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([row])
        await tx.upsert_objects([a_rule(version=9)])
    async with store.write("test", epoch) as tx:
        task = (await tx.previous("TodoTask", ["uid-1", "nobody"]))["uid-1"]
        rules = await tx.previous("RecurrenceRule", ["rule-1"])
        others = await tx.previous("Reminder", ["rule-1"])
    assert msgspec.json.decode(task.doc or b"") == msgspec.json.decode(row.doc)
    assert (task.resource_version, task.archived) == (7, False)
    assert rules["rule-1"].resource_version == 9
    assert others == {}


async def test_the_columns_say_what_a_search_asks_for(store: Store, database: Database, epoch: int) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks(
            [a_task(priority="Urgent", due=NOW, assignee="jo", completed=True, tags=("x",))]
        )
    rows = await fetch(
        database, "select priority_rank, due_time, assignee, completed, tags, archived_at, all_day from tasks"
    )
    assert rows == [(1, NOW, "jo", True, ["x"], None, False)]


async def test_an_older_state_does_not_overwrite_a_newer_one(
    store: Store, database: Database, epoch: int
) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task(version=5, title="new")])
        await tx.upsert_tasks([a_task(version=4, title="old")])
        await tx.upsert_tasks([a_task(version=5, title="the same version")])
        await tx.upsert_objects([a_rule(version=5)])
        await tx.upsert_objects([a_rule(version=4)])
    assert await fetch(database, "select title, resource_version from tasks") == [("new", 5)]
    assert await value(database, "select resource_version from objects") == 5


async def test_of_several_states_in_one_batch_the_newest_stays(
    store: Store, database: Database, epoch: int
) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task(version=version, title=f"v{version}") for version in (1, 3, 2)])
    assert await fetch(database, "select title from tasks") == [("v3",)]


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_deleted_stays_as_archived(
    store: Store, database: Database, epoch: int, kind: str
) -> None:
    row = a_task("gone") if kind == "TodoTask" else a_rule("gone")
    table = "tasks" if kind == "TodoTask" else "objects"
    async with store.write("test", epoch) as tx:
        await (tx.upsert_tasks([row]) if kind == "TodoTask" else tx.upsert_objects([row]))  # type: ignore[list-item]
        assert await tx.archive(kind, [("gone", "Deleted"), ("never-seen", "Deleted")], NOW) == 1
        assert await tx.archive(kind, [("gone", "Again")], NOW + minutes(1)) == 0
        assert (await tx.previous(kind, ["gone"]))["gone"].archived
    assert await store.live_uids(kind) == {}
    rows = await fetch(database, f"select archived_at, archive_reason, doc is not null from {table}")
    assert rows == [(NOW, "Deleted", True)]


async def test_a_stale_state_does_not_bring_back_what_was_deleted(store: Store, epoch: int) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task(version=5)])
        await tx.archive("TodoTask", [Archival("uid-1", "NotInList", resource_version=9)], NOW)
        await tx.upsert_tasks([a_task(version=8)])
    assert await store.live_uids("TodoTask") == {}


async def test_what_is_seen_again_lives_again(store: Store, epoch: int) -> None:
    """The API server is right: something was archived that a wider watch now shows."""
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task(version=5)])
        await tx.archive("TodoTask", [("uid-1", "OutOfScope")], NOW)
        await tx.upsert_tasks([a_task(version=6)])
    assert await store.live_uids("TodoTask") == {"uid-1": 6}


async def test_live_uids_are_those_of_the_namespace_and_kind(store: Store, epoch: int) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task("a", namespace="home"), a_task("b", namespace="work")])
        await tx.upsert_objects([a_rule("r")])
    assert await store.live_uids("TodoTask") == {"a": 1, "b": 1}
    assert await store.live_uids("TodoTask", "work") == {"b": 1}
    assert await store.live_uids("RecurrenceRule") == {"r": 1}


async def test_live_uids_reads_more_than_one_page(store: Store, database: Database) -> None:
    await database.execute(
        "insert into objects select 'u' || n, 'Reminder', 'home', 'n' || n, n, '{}', now()"
        " from generate_series(1, 25000) n"
    )
    found = await store.live_uids("Reminder")
    assert (len(found), found["u25000"]) == (25000, 25000)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_lives_is_read_page_by_page(store: Store, epoch: int, kind: str) -> None:
    uids = [f"u{n}" for n in range(7)]
    async with store.write("test", epoch) as tx:
        if kind == "TodoTask":
            await tx.upsert_tasks([a_task(uid) for uid in uids])
        else:
            await tx.upsert_objects([a_rule(uid) for uid in uids])
        await tx.archive(kind, [("u3", "Deleted")], NOW)
    first = await store.live_uids_page(kind, limit=4)
    assert first == ["u0", "u1", "u2", "u4"]
    assert await store.live_uids_page(kind, after=first[-1], limit=4) == ["u5", "u6"]
    assert list(await store.live_page(kind, "home", after="u4")) == ["u5", "u6"]
    assert await store.live_page(kind, "elsewhere") == {}
    assert await store.versions(kind, ["u1", "u3", "nobody"]) == {"u1": 1}


async def test_what_is_newer_than_the_api_server_can_be_forgotten(store: Store, epoch: int) -> None:
    """The API server was restored from a backup: its versions start again below the mirror's."""
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task("a", 90), a_task("b", 1)])
        await tx.upsert_objects([a_rule("a", 90)])
        await tx.forget("TodoTask", ["a"])
        await tx.forget("RecurrenceRule", ["a"])
        await tx.upsert_tasks([a_task("a", 5)])
    assert await store.live_uids("TodoTask") == {"a": 5, "b": 1}
    assert await store.live_uids("RecurrenceRule") == {}


async def test_tasks_are_found_by_name_while_they_live(store: Store, epoch: int) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task("a"), a_task("b"), a_task("c", namespace="work")])
        await tx.archive("TodoTask", [("b", "Deleted")], NOW)
        asked = [("home", "task-a"), ("home", "task-b"), ("home", "task-c"), ("work", "task-c")]
        assert await tx.uids_of_tasks(asked) == {("home", "task-a"): "a", ("work", "task-c"): "c"}
        homes = await tx.namespaces_of_tasks(["a", "b", "c", "nobody", "a\x00"])
        assert homes == {"a": "home", "b": "home", "c": "work"}, "of those that are gone too"


async def test_the_search_vector_follows_title_and_notes_and_nothing_else(
    store: Store, database: Database, epoch: int
) -> None:
    async def vector(version: int, **spec: Any) -> str:
        async with store.write("test", epoch) as tx:
            await tx.upsert_tasks([a_task(version=version, **spec)])
        return str(await value(database, "select search::text from tasks"))

    first = await vector(1, title="Paying the Müller invoices", notes="before Noël")
    lexemes = set(re.findall(r"'([^']*)'", first))
    assert lexemes >= {"ns:home", "muller", "noel", "invoic", "invoices"}
    await database.execute("update tasks set search = ''")
    assert await vector(2, title="Paying the Müller invoices", notes="before Noël", assignee="jo") == ""
    assert "easter" in await vector(3, title="Paying the Müller invoices", notes="before Easter")


# ── text that PostgreSQL does not take ───────────────────────────────────────────────────────────────
UNFIT = {
    "a NUL character": ("pay\x00rent", b'{"spec":{"title":"pay\\u0000rent"}}'),
    "a lone surrogate": ("pay\ud800rent", b'{"spec":{"title":"pay\\ud800rent"}}'),
    "a lone low surrogate": ("pay\udfffrent", b'{"spec":{"title":"pay\\udfffrent"}}'),
}


@pytest.mark.parametrize(("title", "doc"), UNFIT.values(), ids=UNFIT)
async def test_unfit_text_is_replaced_and_nothing_is_refused(
    store: Store, database: Database, epoch: int, title: str, doc: bytes
) -> None:
    row = msgspec.structs.replace(a_task(tags=(f"t\x00{title}",), doc=doc), title=title, assignee=title)
    message = a_message(f"id{title}", key=title, headers={"h\x00": title})
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([row])
        await tx.upsert_objects([a_rule(doc=doc)])
        await tx.archive("TodoTask", [(row.uid, title)], NOW)
        assert len(await tx.enqueue([message])) == 1
        assert tx.refused == []
        [queued] = tx.enqueued
    assert await value(database, "select title from tasks") == "pay\ufffdrent"
    assert await value(database, "select doc #>> '{spec,title}' from tasks") == "pay\ufffdrent"
    assert await store.outbox_batch(1) == [queued]


async def test_an_escaped_backslash_before_u0000_is_kept_as_it_is(
    store: Store, database: Database, epoch: int
) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task(doc=rb'{"spec":{"title":"C:\\u0000"}}')])
    assert await value(database, "select doc #>> '{spec,title}' from tasks") == r"C:\u0000"


async def test_emoji_survive_as_text_and_as_escapes(store: Store, database: Database, epoch: int) -> None:
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task(title="😀", doc=rb'{"spec":{"title":"\ud83d\ude00 \u0000"}}')])
    assert await value(database, "select title from tasks") == "😀"
    assert await value(database, "select doc #>> '{spec,title}' from tasks") == "😀 \ufffd"


async def test_documents_of_a_mebibyte_and_very_long_tags_are_kept(
    store: Store, database: Database, epoch: int
) -> None:
    """More than the CRDs allow: an older CRD, or a hand-made one, may have let it in."""
    notes = "word " * 210_000
    tags = ("t" * 3000, "short")
    rows = [a_task(f"big-{n}", notes=notes, title=f"big {n}") for n in range(10)]
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([*rows, a_task("tagged", tags=tags)])
        assert tx.refused == []
        kept = await tx.previous("TodoTask", ["big-9", "tagged"])
    assert msgspec.json.decode(kept["big-9"].doc or b"")["spec"]["notes"] == notes
    assert msgspec.json.decode(kept["tagged"].doc or b"")["spec"]["tags"] == list(tags)
    # Too long for the index of tags: the row is there in its plain form.
    assert await value(database, "select tags from tasks where uid = 'tagged'") in ([], list(tags))


# ── rows that PostgreSQL refuses ─────────────────────────────────────────────────────────────────────
async def test_a_refused_row_is_left_out_and_its_neighbours_are_written(
    store: Store, database: Database, epoch: int
) -> None:
    rows = [a_task(f"u{n}") for n in range(100)]
    rows[17] = a_task("bad-17", doc=b"no json at all")
    rows[63] = msgspec.structs.replace(a_task("bad-63"), resource_version=2**70)
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks(rows)
        await tx.enqueue([a_message("still")])
    assert {refused.id for refused in tx.refused} == {"bad-17", "bad-63"}
    assert all(refused.table == "tasks" and refused.error for refused in tx.refused)
    assert await value(database, "select count(*) from tasks") == 98
    assert [row.id for row in await store.outbox_batch(10)] == ["still"]


async def test_a_row_too_long_for_an_index_is_kept_in_its_plain_form(
    store: Store, database: Database, epoch: int
) -> None:
    incompressible = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(4000))
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task("ok"), a_task("long", project=incompressible, completed=True)])
        assert tx.refused == []
        kept = (await tx.previous("TodoTask", ["long"]))["long"]
    assert msgspec.json.decode(kept.doc or b"")["spec"]["project"] == incompressible
    assert await fetch(database, "select uid, project, completed from tasks order by uid") == [
        ("long", None, True),
        ("ok", None, False),
    ]


async def test_notes_too_large_for_a_search_vector_do_not_refuse_the_task(store: Store, epoch: int) -> None:
    notes = " ".join(f"word{n}" for n in range(150_000))
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task("large", notes=notes)])
        assert tx.refused == []
        assert "large" in await tx.previous("TodoTask", ["large"])


# ── rows that were damaged in the database ───────────────────────────────────────────────────────────
@pytest.mark.parametrize("damage", ["null", "'5'", "'[]'", "'\"text\"'", "'null'"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_damaged_row_has_no_document_and_is_repaired_by_the_same_state(
    store: Store, database: Database, epoch: int, damage: str, kind: str
) -> None:
    row = a_task("u", 5) if kind == "TodoTask" else a_rule("u", 5)
    table = "tasks" if kind == "TodoTask" else "objects"
    for damaged in (True, False):
        async with store.write("test", epoch) as tx:
            if not damaged:
                assert (await tx.previous(kind, ["u"]))["u"].doc is None
                assert await store.versions(kind, ["u"]) == {"u": -1}
            await (tx.upsert_tasks([row]) if kind == "TodoTask" else tx.upsert_objects([row]))  # type: ignore[list-item]
            assert (await tx.previous(kind, ["u"]))["u"].doc is not None
        if damaged:
            await database.execute(f"update {table} set doc = {damage}")


# ── words ────────────────────────────────────────────────────────────────────────────────────────────
async def test_the_words_of_tasks_are_learned_once_and_only_when_committed(
    store: Store, database: Database, epoch: int
) -> None:
    with pytest.raises(RuntimeError):
        async with store.write("test", epoch) as tx:
            await tx.upsert_tasks([a_task("a", title="Zebra zoo 2026 an")])
            raise RuntimeError
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks(
            [a_task("a", title="Zebra zoo 2026 an"), a_task("b", title="ZÈBRA " + "x" * 99)]
        )
        assert tx.new_words == {"zebra", "zoo", "x" * 64}
    async with store.write("test", epoch) as tx:
        await tx.upsert_tasks([a_task("c", title="Zoo"), a_task("d", title="Yak")])
        assert tx.new_words == {"yak"}
    learned = await fetch(database, "select word from words order by word")
    assert learned == [("x" * 64,), ("yak",), ("zebra",), ("zoo",)]
    assert await value(database, "select trigrams from words where word = 'yak'") == [
        "  y",
        " ya",
        "yak",
        "ak ",
    ]


def an_object(kind: str, spec: dict[str, Any], status: dict[str, Any], name: str = "x") -> ObjectRow:
    doc = {"metadata": {"name": name}, "spec": spec, "status": status}
    return ObjectRow(f"{kind} {name}", kind, "home", name, 1, msgspec.json.encode(doc))


READY = [{"type": "Stalled", "status": "False"}, {"type": "Ready", "status": "True"}]


async def test_rules_reminders_and_channels_are_read_as_columns(
    store: Store, database: Database, epoch: int
) -> None:
    rule_spec = {"cron": "0 9 * * 1", "template": {"spec": {"title": "Pay rent"}}}
    rule_status = {
        "schedule": "every Monday at 09:00", "timeZone": "Europe/Berlin", "activeCount": 1, "occurrences": 3,
        "nextScheduleTime": "2026-11-23T08:00:00Z", "conditions": READY,
    }  # fmt: skip
    never = {"nextScheduleTime": "0000-01-01T00:00:00Z"}  # a time for the API server, and none for PostgreSQL
    snoozed = {"snoozeUntil": "2026-11-23T09:00:00+01:00"}
    reminder_spec = {"taskRef": {"name": "rent"}, "beforeDue": "1h", **snoozed}
    webhook = {"webhook": {"url": "https://example.com"}, "default": True}
    monday = NOW + minutes(47 * 60)
    deliveries = [{"channel": "mail", "state": "Delivered"}, {"channel": "push", "state": "Failed"}]
    async with store.write("test", epoch) as tx:
        await tx.upsert_objects(
            [
                an_object("RecurrenceRule", rule_spec, rule_status),
                an_object("RecurrenceRule", {"rrule": "FREQ=DAILY"}, never, "y"),
                an_object("Reminder", reminder_spec, {"firedCount": 2, "deliveries": deliveries}),
                an_object("NotificationChannel", webhook, {}),
                an_object("NotificationChannel", {"email": {"to": ["a@x.de"]}}, {"conditions": READY}, "y"),
            ]
        )  # fmt: skip
    assert await fetch(
        database,
        "select title, schedule, time_zone, basis, suspended, next_time, occurrences, open_tasks, ready"
        " from rules order by name",
    ) == [
        ("Pay rent", "every Monday at 09:00", "Europe/Berlin", "Schedule", False, monday, 3, 1, True),
        (None, "FREQ=DAILY", None, "Schedule", False, None, 0, 0, False),
    ]  # fmt: skip
    assert await fetch(
        database, "select task, before_due, snoozed_until, fired_count, deliveries, ready from reminders"
    ) == [("rent", "1h", monday, 2, ["Delivered", "Failed"], False)]
    assert await fetch(database, "select name, sends_by, is_default, ready from channels order by name") == [
        ("x", "webhook", True, False),
        ("y", "email", False, True),
    ]
