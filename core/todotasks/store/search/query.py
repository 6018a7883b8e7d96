"""What a search asks for, checked, and where its next page begins. Pure.

A cursor is the key of the last row that was looked at, with a digest of the query it belongs to: a row that
did not change is never skipped and never repeated, however much is written between two pages. It is no secret
and gives no right: whether the caller may list the namespaces is asked again for every page.
"""

import base64
import binascii
import hashlib
import re
from datetime import datetime
from typing import Final, Literal, NamedTuple, get_args

import msgspec

from todotasks.store.errors import StoreError
from todotasks.store.rows import PRIORITY_RANKS
from todotasks.store.text import clean, fold

Sort = Literal["due", "priority", "created", "title", "completed", "archived"]

SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
MOST_ROWS: Final = 200  # of a page
MOST_NAMESPACES: Final = 200  # that are named; all of them are asked for by naming none
MOST_WORDS: Final = 8  # of `q`; each is a look into the index
LONGEST_Q: Final = 256  # characters
MOST_TAGS: Final = 32
MOST_ALTERNATIVES: Final = 32  # that one word of `q` is read as
LONGEST_CURSOR: Final = 16_384  # characters

_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?\+00", re.ASCII)  # PostgreSQL's text
_WORD = re.compile(r"[\w'’@.+-]*\w[\w'’@.+-]*")


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
    created_from: datetime | None = None
    created_to: datetime | None = None
    archived: bool = False  # those that are gone instead of those that are there
    sort: Sort = "due"
    descending: bool = False
    limit: int = 50
    cursor: str | None = None

    @property
    def words(self) -> list[str]:
        """The words of `q`, folded."""
        return list(dict.fromkeys(word.strip("'’.+-") for word in _WORD.findall(fold(self.q))))


class Position(NamedTuple):
    """The key of a row in the order of its query (without the uid), and the words as they were read."""

    keys: tuple[str, ...]
    uid: str
    words: tuple[tuple[str, ...], ...] = ()


class _Cursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    digest: str
    keys: tuple[str, ...]
    uid: str
    words: tuple[tuple[str, ...], ...]


def check_query(query: TaskQuery) -> None:
    """Raises `BadQuery` for what no index answers or no row can be."""
    _check_sizes(query)
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


def _check_words(query: TaskQuery) -> None:
    if len(query.q) > LONGEST_Q:
        raise BadQuery("q", f"{len(query.q)} characters are too many: at most {LONGEST_Q}")
    if query.q.strip() and not query.words:
        raise BadQuery("q", f"{query.q!r} has no word in it: letters or digits")
    if query.q != clean(query.q):
        raise BadQuery("q", "has a character that no task has")
    if len(query.words) > MOST_WORDS:
        raise BadQuery("q", f"{len(query.words)} words are too many: at most {MOST_WORDS}")


def encode_cursor(query: TaskQuery, position: Position) -> str:
    packed = msgspec.json.encode(_Cursor(_digest(query), position.keys, position.uid, position.words))
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode_cursor(query: TaskQuery, keys: tuple[str, ...]) -> Position | None:
    """Where the page begins; None for the first. `keys` are the types of the order's keys."""
    if query.cursor is None:
        return None
    bad = BadQuery(
        "cursor", "is none that a search has given: take `next` of an answer as it is, or leave it out"
    )
    if len(query.cursor) > LONGEST_CURSOR:
        raise bad
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        found = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=_Cursor)
    except (binascii.Error, msgspec.MsgspecError, ValueError):
        raise bad from None
    if found.digest != _digest(query):
        raise BadQuery("cursor", "belongs to another search: send it with the very same parameters")
    fits = (
        len(found.keys) == len(keys)
        and all(map(_is_of_type, found.keys, keys))
        and found.uid == clean(found.uid)
    )
    words_fit = len(found.words) == len(query.words) and all(
        1 <= len(alternatives) <= MOST_ALTERNATIVES and all(one == clean(one) for one in alternatives)
        for alternatives in found.words
    )
    if not fits or not words_fit:
        raise bad
    return Position(found.keys, found.uid, found.words)


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
    asked = msgspec.structs.replace(query, cursor=None, limit=1)
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:16]
