"""What the person can see: `Seen` things, and `Sight`, the list of them with an index by word."""

from copy import copy
from dataclasses import dataclass, field

from todotasks.language.grounding.index import Index
from todotasks.language.grounding.titles import Title, title_of


@dataclass(frozen=True, slots=True)
class Seen:
    """One task (or recurring task) as the person sees it. `key` is its name, by which it is edited."""

    title: str
    key: str = ""
    due: str | None = None  # as the task has it: a date or a date-time
    priority: str | None = None
    tags: tuple[str, ...] = ()
    project: str | None = None
    assignee: str | None = None
    completed: bool = False
    recurring: bool = False


@dataclass(frozen=True)
class Sight:
    """All that is in sight, in the order in which it is shown. `recent`: places of what the conversation
    has just
    been about, newest first. `whole`: nothing that the person can see is missing."""

    things: tuple[Seen, ...] = ()
    recent: tuple[int, ...] = ()
    whole: bool = True
    # Places of the list that was shown last, in its order: what a number counts. -1: it is not in sight.
    shown: tuple[int, ...] = ()
    others: tuple[int, ...] = ()  # what "the other one" and "the rest" mean
    index: Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        texts = ((seen.title, (*seen.tags, seen.project, seen.assignee)) for seen in self.things)
        object.__setattr__(self, "index", Index(texts))

    def title(self, thing: int) -> Title:
        """The title of one thing, taken apart."""
        return title_of(self.things[thing].title)

    def with_others(self, others: tuple[int, ...]) -> "Sight":
        """The same things, knowing what "the other one" means; the index is not made again."""
        made = copy(self)
        object.__setattr__(made, "others", others)
        return made


NOTHING_SEEN = Sight()
