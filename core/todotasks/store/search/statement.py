"""A `TaskQuery` as SQL: which index it walks, what it looks at on the way, what can be collected. Pure.

`pushed` is what the order's own index answers (or a narrower one with the same order), so that rows come
sorted and nothing is read in vain. `others` is looked at row by row. `collectable` says that an index of some
of these finds the rows by itself, so that few matches among many tasks need no long walk.
"""

# ruff: noqa: S608 - every piece of SQL stands here as a literal; what comes from people travels as parameters

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, LiteralString, NamedTuple

from todotasks.store.rows import PRIORITY_RANKS
from todotasks.store.search.query import Sort, TaskQuery

_DUE: Final = "coalesce(due_time, 'infinity'::timestamptz)"
_COMPLETION: Final = "coalesce(completion_time, 'infinity'::timestamptz)"
_TAGS: Final = "(tags || ('ns:' || namespace))"
_TITLE: Final = """(lower(left(title, 100)) collate "C")"""

ANY_ZONE: Final = timedelta(hours=26)  # between the midnights of a day in two zones

LEXEME_NAMESPACES: Final = 20  # so many are named to the text index; more are looked at row by row


class Key(NamedTuple):
    """One key of an order: the expression of the index, and its type."""

    sql: LiteralString
    type: LiteralString


ORDERS: Final[dict[Sort, tuple[Key, ...]]] = {
    "due": (Key(_DUE, "timestamptz"),),
    "priority": (Key("priority_rank", "smallint"), Key(_DUE, "timestamptz")),
    "created": (Key("created_at", "timestamptz"),),
    "title": (Key(_TITLE, "text"),),
    "completed": (Key(_COMPLETION, "timestamptz"),),
    "archived": (Key("archived_at", "timestamptz"),),
}


@dataclass(frozen=True)
class Compiled:
    """A query made ready.

    `walk` takes for each of the namespaces `walked` a stretch of `reach` rows behind its key, and gives what
    matches and the last one. `collect` gives the first `rows` of all that match, and how many there are, up
    to `most`; `estimate` asks the planner what that costs.
    """

    walk: LiteralString
    collect: LiteralString
    estimate: LiteralString
    parameters: dict[str, Any]
    selective: bool  # there is something that the walk looks at row by row
    collectable: bool


def key_types(sort: Sort) -> tuple[str, ...]:
    return tuple(key.type for key in ORDERS[sort])


def compile_search(
    query: TaskQuery, namespaces: Sequence[str], tsquery: str | None, *, behind: bool
) -> Compiled:
    """`tsquery` is what `q` was read as; `behind`: not the first page."""
    keys = ORDERS[query.sort]
    parts = _Parts(query)
    parts.read(tsquery)
    parameters = parts.parameters | {"namespaces": list(namespaces)}
    direction: LiteralString = "desc" if query.descending else "asc"
    numbers = range(len(keys))
    columns = ", ".join([f"{keys[n].sql} as k{n}" for n in numbers])
    by_expression = ", ".join([f"{key.sql} {direction}" for key in keys]) + f", uid {direction}"
    by_name = ", ".join([f"k{n} {direction}" for n in numbers]) + f", uid {direction}"
    # Named otherwise than the keys: `order by` would take the text.
    texts = ", ".join([f"found.k{n}::text as text{n}" for n in numbers])
    texts_of_step = ", ".join([f"step.k{n}::text" for n in numbers])
    row = ", ".join([key.sql for key in keys])
    comparison: LiteralString = "<" if query.descending else ">"
    walked: list[LiteralString] = ["namespace = given.namespace", *parts.pushed]
    collected: list[LiteralString] = [*parts.pushed, *parts.others]
    collected.append("namespace = any(%(namespaces)s)")
    fenced = _fenced(query, namespaces, tsquery, parameters)
    source = "tasks"
    if fenced:
        # `offset 0` is a fence: beside these the planner would read whole namespaces in other indexes.
        source = f"(select * from tasks where archived_at is null and {fenced} offset 0) as matching"
    if behind:
        begins = ", ".join([f"given.k{n}::{keys[n].type}" for n in numbers])
        walked.append(f"({row}, uid) {comparison} ({begins}, given.uid)")
        begins = ", ".join([f"%(key{n})s::{keys[n].type}" for n in numbers])
        collected.append(f"({row}, uid) {comparison} ({begins}, %(behind)s)")
    hit = " and ".join(parts.others) or "true"
    arrays = ", ".join(["%(walked)s::text[]", *(f"%(keys{n})s::text[]" for n in numbers), "%(uids)s::text[]"])
    names = ", ".join(["namespace", *(f"k{n}" for n in numbers), "uid"])
    walk = (
        f"select given.namespace, step.uid, {texts_of_step}, hit, edge"
        f" from unnest({arrays}) as given({names})"
        f" cross join lateral (select uid, {columns}, ({hit}) as hit,"
        f" row_number() over (order by {by_expression}) = %(reach)s as edge"
        f" from tasks where {' and '.join(walked)} order by {by_expression} limit %(reach)s) as step"
        " where hit or edge"
    )
    found = f"select uid, {columns} from {source} where {' and '.join(collected)}"
    collect = (
        f"with found as materialized ({found} limit %(most)s)"
        f" select uid, {texts}, (select count(*) from found) from found order by {by_name} limit %(rows)s"
    )
    return Compiled(
        walk, collect, f"explain (format json) {found}", parameters, bool(parts.others), parts.collectable
    )


def _fenced(
    query: TaskQuery, namespaces: Sequence[str], tsquery: str | None, parameters: dict[str, Any]
) -> LiteralString:
    """Words and tags, in indexes that know the namespaces as well."""
    found: list[LiteralString] = []
    if query.tags and not query.archived:
        parameters["tags_here"] = [
            *query.tags,
            *(f"ns:{name}" for name in namespaces if len(namespaces) == 1),
        ]
        found.append(f"{_TAGS} @> %(tags_here)s::text[]")
    if tsquery is not None and len(namespaces) <= LEXEME_NAMESPACES:
        parameters["here"] = " | ".join(f"'ns:{namespace}'" for namespace in namespaces)
        found.append("search @@ (%(here)s::tsquery && %(words)s::tsquery)")
    elif tsquery is not None:
        found.append("search @@ %(words)s::tsquery")
    return " and ".join(found)


def _walked(query: TaskQuery) -> set[str]:
    """What one index with the order of the query answers: the narrowest, and exactly this.

    Anything more would be a filter inside the walk, which then reads an index to its end for the few rows
    that it is to stop after.
    """
    of_one_priority = {"priority"} if len(set(query.priorities)) == 1 else set()
    if query.archived or query.sort in ("created", "title"):
        return set()
    if query.sort == "completed":
        return {"completed"}
    if query.sort == "due":
        if query.assignee and query.project and not (query.blocked or query.overdue):
            return {"assignee", "project"}
        for field in ("blocked", "overdue", "assignee", "project"):
            if getattr(query, field):
                return {field}
    # In the index of open tasks each rank is ordered by due.
    return {"completed", *of_one_priority} if query.completed is False else set()


class _Parts:
    """The conditions of a query, sorted by who answers them."""

    def __init__(self, query: TaskQuery) -> None:
        self._query = query
        self.pushed: list[LiteralString] = []
        self.others: list[LiteralString] = []
        self.parameters: dict[str, Any] = {}
        self.collectable = False

    def read(self, tsquery: str | None) -> None:
        query, walked = self._query, _walked(self._query)
        self.pushed.append("archived_at is not null" if query.archived else "archived_at is null")
        if (said := query.overdue) is not None:
            self._add("overdue" if said else "not overdue", pushed="overdue" in walked, indexed=said)
        if (said := query.blocked) is not None:
            self._add("blocked" if said else "not blocked", pushed="blocked" in walked, indexed=said)
        if (said := query.completed) is not None:
            self._add("completed" if said else "not completed", pushed="completed" in walked)
        self._add_priorities(pushed="priority" in walked)
        if query.project is not None:
            self._add(
                "project = %(project)s", pushed="project" in walked, indexed=True, project=query.project
            )
        if query.assignee is not None:
            self._add(
                "assignee = %(assignee)s", pushed="assignee" in walked, indexed=True, assignee=query.assignee
            )
        if query.parent is not None:
            self._add("parent = %(parent)s", indexed=True, parent=query.parent)
        if query.tags:
            self._add("tags @> %(tags)s::text[]", indexed=True, tags=list(query.tags))
        if query.archived and query.since is not None:
            # A namespace that is not there any more, or was not yet then, is nobody's here.
            self._add(
                "created_at >= coalesce((%(since)s::jsonb ->> namespace)::timestamptz, 'infinity')",
                since=json.dumps({name: at.isoformat() for name, at in query.since.items()}),
            )
        if query.recurring is not None:
            self._add("recurring" if query.recurring else "not recurring")
        self._add_ranges()
        if tsquery is not None:
            self._add("search @@ %(words)s::tsquery", indexed=True, words=tsquery)

    def _add(
        self, condition: LiteralString, *, pushed: bool = False, indexed: bool = False, **parameters: Any
    ) -> None:
        if pushed:
            self.pushed.append(condition)
        else:
            self.others.append(condition)
            self.collectable = self.collectable or (indexed and not self._query.archived)
        self.parameters |= parameters

    def _add_priorities(self, *, pushed: bool) -> None:
        query = self._query
        ranks = sorted({PRIORITY_RANKS[priority] for priority in query.priorities})
        if not ranks:
            return
        is_open = query.completed is False
        if len(ranks) == 1:
            self._add("priority_rank = %(rank)s", pushed=pushed, indexed=is_open, rank=ranks[0])
        else:
            self._add("priority_rank = any(%(ranks)s::smallint[])", indexed=is_open, ranks=ranks)

    def _add_ranges(self) -> None:
        query = self._query
        by_due, by_created = query.sort == "due", query.sort == "created"
        has_due = True if query.due_from is not None and query.due_to is None else query.has_due
        if has_due is not None:
            condition: LiteralString = f"{_DUE} {'<' if has_due else '='} 'infinity'::timestamptz"
            self._add(condition, pushed=by_due, indexed=not has_due)
        self._add_due_border(">=", query.due_from, query.due_from_day, pushed=by_due)
        self._add_due_border("<", query.due_to, query.due_to_day, pushed=by_due)
        if query.created_from is not None:
            self._add(
                "created_at >= %(created_from)s",
                pushed=by_created,
                indexed=True,
                created_from=query.created_from,
            )
        if query.created_to is not None:
            self._add(
                "created_at < %(created_to)s", pushed=by_created, indexed=True, created_to=query.created_to
            )

    def _add_due_border(
        self, sign: Literal[">=", "<"], border: datetime | None, day: str | None, *, pushed: bool
    ) -> None:
        """An index has instants only: of what is due all day somewhere it gives a day more on this side, and
        each row is then compared by the day that is written in it."""
        if border is None:
            return
        name: LiteralString = "due_from" if sign == ">=" else "due_to"
        if day is None:
            self._add(f"{_DUE} {sign} %({name})s", pushed=pushed, indexed=True, **{name: border})
            return
        wide = border - ANY_ZONE if sign == ">=" else border + ANY_ZONE
        self._add(f"{_DUE} {sign} %({name}_wide)s", pushed=pushed, indexed=True, **{f"{name}_wide": wide})
        parameters: dict[str, Any] = {name: border, f"{name}_day": day}
        self._add(
            f"(case when all_day then left(doc #>> '{{spec,due}}', 10) collate \"C\" {sign} %({name}_day)s"
            f" else {_DUE} {sign} %({name})s end)",
            **parameters,
        )
