"""`Candidate`: one thing that a message may mean, and `Group`: the things in sight that it would be about."""

from dataclasses import dataclass, field

from todotasks.language.grounding.match import Found

# What can be done to things that are there; "list" shows them, "none" leaves all as it is.
ON_THINGS = (
    "complete", "reopen", "delete", "list", "reschedule", "unschedule", "snooze", "set-priority", "add-note",
    "assign", "add-tag", "remove-tag", "rename", "remind", "recurrence-change",
)  # fmt: skip
ALONE = frozenset({"create", "none", "list", "undo", "help"})
UPDATES = frozenset(ON_THINGS) - {"complete", "reopen", "delete", "list"}

ONE, TIE, SEVERAL, EVERY, NUMBERED = "one", "tie", "several", "every", "numbered"


@dataclass(frozen=True, slots=True)
class Group:
    """Things that a message may be about. `kind` says how they were found: "tie" are equally good, and the
    person
    must say which; "several" are each named, "every" are all that a word fits."""

    things: tuple[int, ...]
    kind: str
    found: Found | None = None  # of the best one
    explains: frozenset[int] = frozenset()  # words of the message that name them
    margin: float = 0.0  # by how much it is better than the next


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading: `action` done to `group`, as the grammar read it where `grammar`."""

    action: str
    group: Group | None = None
    score: float = 0.0
    chance: float = 0.0  # among all candidates of the message, 0 to 1
    why: tuple[str, ...] = field(default=(), compare=False)  # the facts that weighed most
    grammar: bool = False

    @property
    def weighed_as(self) -> str:
        """Whose weights it has: what names nothing in sight is another thing than what does."""
        return (
            self.action
            if self.group is not None or self.action in ALONE - {"list"}
            else f"unseen {self.action}"
        )
