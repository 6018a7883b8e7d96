"""What has become of a message, or of a part of it. Every step takes one and returns another."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from todotasks.edits.model.conversation import Conversation
from todotasks.edits.model.edit import EditResult, Problem
from todotasks.edits.model.plan import Listing, Plan, Question


@dataclass(frozen=True, slots=True)
class Outcome:
    """`replies` and `remarks` in the order in which they are said; `conversation` as it will be saved."""

    conversation: Conversation
    replies: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    results: tuple[EditResult, ...] = ()
    memorable: tuple[EditResult, ...] = ()  # those of `results` that undo can take back
    listing: Listing | None = None
    question: Question | None = None
    agreed: Plan | None = None  # what a yes to the question does
    problem: Problem | None = None

    def saying(self, *replies: str) -> "Outcome":
        return replace(self, replies=(*self.replies, *replies))

    def remarking(self, remarks: Iterable[str]) -> "Outcome":
        return replace(self, remarks=tuple(dict.fromkeys((*self.remarks, *remarks))))

    def failed(self, problem: Problem) -> "Outcome":
        return replace(self, problem=problem).saying(problem.message)

    def then(self, later: "Outcome") -> "Outcome":
        """Both parts of a message: what is asked, listed or wrong is what the later one says."""
        return replace(
            later,
            replies=(*self.replies, *later.replies),
            remarks=tuple(dict.fromkeys((*self.remarks, *later.remarks))),
            results=(*self.results, *later.results),
            memorable=(*self.memorable, *later.memorable),
        )
