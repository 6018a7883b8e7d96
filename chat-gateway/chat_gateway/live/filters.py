"""What a client asked for, as a value: those who ask for the same are served together.

An object that comes to fit is ADDED for them and one that ceases to fit is DELETED, as in a watch of the API
server with a selector. `project` and `tag` are about tasks and the rules that make them; other kinds have
neither.
"""

from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from chat_gateway.base.problems import FieldProblem, Refused
from chat_gateway.http.decode import Namespace
from chat_gateway.live.objects import KINDS, RULE, TASK, Known
from chat_gateway.live.selector import Selector, SelectorError, matches, parse_selector
from todotasks.kube.watch.observed import ChangeType

MOST_NAMESPACES = 50  # each is two questions to the API server, for each kind

KindName = Literal["todotasks", "recurrencerules", "reminders", "notificationchannels"]
Form = Literal["object", "patch"]
_PLURALS = [kind.plural for kind in KINDS]


class LiveParameters(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The query of /v1/stream and /v1/ws."""

    namespace: Annotated[
        tuple[Namespace, ...], Meta(max_length=MOST_NAMESPACES, description="Again and again; none: all")
    ] = ()
    kind: Annotated[tuple[KindName, ...], Meta(max_length=len(KINDS), description="Default: todotasks")] = ()
    project: Annotated[str, Meta(min_length=1, max_length=253)] | None = None
    tag: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=63)], ...],
        Meta(max_length=32, description="All of these"),
    ] = ()
    label_selector: Annotated[str, Meta(max_length=1024, description="As of kubectl -l")] = ""
    form: Annotated[Form, Meta(description="Of a MODIFIED: the object, or a JSON merge patch")] = "object"
    cursor: Annotated[str, Meta(max_length=1024, description="Go on behind this one")] | None = None


class Filter(NamedTuple):
    """Equal filters have equal answers."""

    namespaces: tuple[str, ...]  # none: all of them
    kinds: tuple[int, ...]
    project: str | None = None
    tags: frozenset[str] = frozenset()
    selector: Selector = ()

    def fits(self, known: Known) -> bool:
        """Whether an object of one of these kinds and namespaces is asked for."""
        if self.selector and not matches(self.selector, known.labels):
            return False
        if known.kind not in (TASK, RULE):
            return True
        if self.project is not None and known.project != self.project:
            return False
        return self.tags <= known.tags

    def change(self, before: Known | None, after: Known | None) -> ChangeType | None:
        """What somebody with this filter sees of a change."""
        fitted = before is not None and self.fits(before)
        fits = after is not None and self.fits(after)
        if fits:
            return "MODIFIED" if fitted else "ADDED"
        return "DELETED" if fitted else None

    def canonical(self) -> bytes:
        """The same bytes for the same filter, in every process."""
        return msgspec.json.encode(
            {
                "namespaces": self.namespaces,
                "kinds": [_PLURALS[kind] for kind in self.kinds],
                "project": self.project,
                "tags": sorted(self.tags),
                "selector": [(each.key, each.operator, sorted(each.values)) for each in self.selector],
            }
        )


def filter_of(asked: LiveParameters) -> Filter:
    """The filter; `Refused` with 400 if the label selector cannot be read."""
    try:
        selector = parse_selector(asked.label_selector)
    except SelectorError as error:
        problem = FieldProblem("labelSelector", str(error))
        raise Refused(
            400, "BadRequest", f"The query does not fit: labelSelector: {error}", errors=(problem,)
        ) from None
    return Filter(
        namespaces=tuple(sorted(set(asked.namespace))),
        kinds=tuple(sorted({_PLURALS.index(name) for name in asked.kind or ("todotasks",)})),
        project=asked.project,
        tags=frozenset(asked.tag),
        selector=selector,
    )
