"""What a search asks for, checked, and where its next page begins. Pure.

A cursor is the key of the last row that was looked at, with a digest of the query it belongs to and of whom
it was given: a row that did not change is never skipped and never repeated, however much is written between
two pages. It is sealed (`todotasks.sealed`): the row it stands on need not be one that was shown. It gives no
right: whether the caller may list the namespaces is asked again for every page.
"""

import hashlib
import re
from datetime import datetime
from typing import Final, Literal, NamedTuple, get_args

import msgspec

from todotasks.sealed import Sealer
from todotasks.store.errors import StoreError
from todotasks.store.rows import PRIORITY_RANKS
from todotasks.store.text import clean
from todotasks.text.search import BadSearch, read_search

Sort = Literal["due", "priority", "created", "title", "completed", "archived"]

SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
MOST_ROWS: Final = 200  # of a page
MOST_NAMESPACES: Final = 200  # that are named; all of them are asked for by naming none
MOST_TAGS: Final = 32
LONGEST_CURSOR: Final = 16_384  # characters

_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?\+00", re.ASCII)  # PostgreSQL's text


class BadQuery(StoreError):
    """A search that cannot be done as it is asked: `field` is where, the message what is accepted."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class TaskQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is said holds together. `namespaces` None: all; whoever passes it has asked whether the caller
    may list them. Ranges include their beginning and not their end."""

    namespaces: tuple[str, ...] | None
    q: str = ""
    priorities: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    project: str | None = None
    assignee: str | None = None
    parent: str | None = None
    completed: bool | None = None
    overdue: bool | None = None
    blocked: bool | None = None
    recurring: bool | None = None
    has_due: bool | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None
    # The same borders for what is due all day: days (ISO 8601) are compared with the day that is written in
    # the task, wherever that is. Without one, the border of instants holds for these, too.
    due_from_day: str | None = None
    due_to_day: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    archived: bool = False  # those that are gone instead of those that are there
    sort: Sort = "due"
    descending: bool = False
    limit: int = 50
    cursor: str | None = None
    viewer: str = ""  # for whom the cursors are: another one's are refused
    # Of archived tasks: when each namespace was made. What was created in one of that name before is not its.
    since: dict[str, datetime] | None = None


class Position(NamedTuple):
    """The key of a row in its query's order (without the uid), and whether words were read with slips."""

    keys: tuple[str, ...]
    uid: str
    slips: bool = False


class _Cursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    digest: str
    keys: tuple[str, ...]
    uid: str
    slips: bool


def check_query(query: TaskQuery) -> None:
    """Raises `BadQuery` for what no index answers or no row can be."""
    _check_sizes(query)
    _check_days(query)
    _check_words(query)
    for field in ("due_from", "due_to", "created_from", "created_to"):
        value = getattr(query, field)
        if value is not None and value.tzinfo is None:
            raise BadQuery(field, f"{value.isoformat()} has no offset: give one, such as +01:00 or Z")
    if query.sort not in SORTS:
        raise BadQuery("sort", f"{query.sort!r} is no order: one of {', '.join(SORTS)}")
    unknown = [priority for priority in query.priorities if priority not in PRIORITY_RANKS]
    if unknown:
        raise BadQuery("priority", f"{unknown[0]!r} is no priority: one of {', '.join(PRIORITY_RANKS)}")
    if query.has_due is False and (query.due_from or query.due_to):
        raise BadQuery("has_due", "false excludes every range of due: give one of them")
    if query.archived != (query.sort == "archived"):
        raise BadQuery(
            "sort", "archived (last deleted first) is the order of archived tasks, and only of them"
        )
    if query.sort == "priority" and query.completed is not False:
        raise BadQuery("sort", "priority orders open tasks: add completed=false")
    if query.sort == "completed" and query.completed is not True:
        raise BadQuery("sort", "completed orders completed tasks: add completed=true")


def _check_sizes(query: TaskQuery) -> None:
    if not 1 <= query.limit <= MOST_ROWS:
        raise BadQuery("limit", f"{query.limit} is out of range: 1 to {MOST_ROWS}")
    if len(query.tags) > MOST_TAGS:
        raise BadQuery("tag", f"{len(query.tags)} tags are too many: at most {MOST_TAGS}")
    if query.namespaces is not None:
        if not 1 <= len(query.namespaces) <= MOST_NAMESPACES:
            raise BadQuery(
                "namespace",
                f"{len(query.namespaces)} namespaces: name 1 to {MOST_NAMESPACES}, or none for all",
            )
        for namespace in query.namespaces:
            if not _NAMESPACE.fullmatch(namespace):
                raise BadQuery("namespace", f"{namespace!r} cannot be the name of a namespace")
    for field in ("project", "assignee", "parent", "tags"):
        value = getattr(query, field)
        for one in value if isinstance(value, tuple) else (value or "",):
            if one != clean(one) or len(one) > 512:
                raise BadQuery(field.removesuffix("s"), "has a character that no task has, or is too long")


def _check_days(query: TaskQuery) -> None:
    for field in ("due_from_day", "due_to_day"):
        value = getattr(query, field)
        if value is not None and not _DAY.fullmatch(value):
            raise BadQuery(field.removesuffix("_day"), f"{value!r} is no day, such as 2026-03-06")


def _check_words(query: TaskQuery) -> None:
    if query.q != clean(query.q):
        raise BadQuery("q", "has a character that no task has")
    try:
        read_search(query.q)
    except BadSearch as error:
        raise BadQuery("q", str(error)) from None


def encode_cursor(query: TaskQuery, position: Position, sealer: Sealer) -> str:
    return sealer.seal(msgspec.json.encode(_Cursor(_digest(query), *position)))


def decode_cursor(query: TaskQuery, keys: tuple[str, ...], sealer: Sealer) -> Position | None:
    """Where the page begins; None for the first. `keys` are the types of the order's keys."""
    if query.cursor is None:
        return None
    bad = BadQuery(
        "cursor", "is none that a search has given you: take `next` of an answer as it is, or leave it out"
    )
    content = sealer.open(query.cursor) if len(query.cursor) <= LONGEST_CURSOR else None
    if content is None:
        raise bad
    try:
        found = msgspec.json.decode(content, type=_Cursor)
    except (msgspec.MsgspecError, ValueError):
        raise bad from None
    if found.digest != _digest(query):
        raise BadQuery("cursor", "belongs to another search: send it with the very same parameters")
    fits = (
        len(found.keys) == len(keys)
        and all(map(_is_of_type, found.keys, keys))
        and found.uid == clean(found.uid)
    )
    if not fits:
        raise bad
    return Position(found.keys, found.uid, found.slips)


def _is_of_type(key: str, type_: str) -> bool:
    """Whether PostgreSQL will read it: a cursor that somebody made up must not become a database error."""
    if type_ == "timestamptz":
        if key == "infinity":
            return True
        try:
            datetime.fromisoformat(key)
        except ValueError:
            return False
        return _INSTANT.fullmatch(key) is not None
    if type_ == "smallint":
        return key in {str(rank) for rank in PRIORITY_RANKS.values()}
    return key == clean(key)


def _digest(query: TaskQuery) -> str:
    """Of all that decides which rows come in which order; `limit` may differ from page to page."""
    asked = msgspec.structs.replace(query, cursor=None, limit=1, since=None)
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:16]
