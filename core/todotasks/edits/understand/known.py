"""What a message that goes on from another may mean: the conversation, and what is in sight. Pure.

the other one ▶ of the question that was answered, what was not chosen
              ▶ of the list that was shown, what was not touched
              ▶ what is called most like what was touched
              ▶ the only other open task
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from todotasks.edits.model.conversation import Conversation, Shown
from todotasks.language import Context
from todotasks.language.followups import Which
from todotasks.language.grounding.heard import Heard, hear
from todotasks.language.grounding.match import TIE, Found, match
from todotasks.language.grounding.sight import Sight

LEAST = 0.3  # score from which a thing counts as named
MOST_OTHERS = 9  # more cannot be asked about
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # words name it, not times


@dataclass(frozen=True)
class Known:
    conversation: Conversation
    sight: Sight

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each thing stands in sight, by its name."""
        return {seen.key: place for place, seen in enumerate(self.sight.things)}

    @property
    def touched(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.conversation.touched if one.resource == "todotasks")

    @cached_property
    def people(self) -> dict[str, str]:
        """Who something in sight is given to, as they are spelt there."""
        given = (seen.assignee for seen in self.sight.things)
        return {name.casefold(): name for name in given if name}

    def resolve(self, which: Which, *, completed: bool | None = None) -> tuple[str, ...]:
        """Names of what is meant, none where it is not clear; several that fit equally well are all of
        them."""
        if which.other or which.others:
            return self._of_state(self.others, completed)
        if which.pointed:
            touched = tuple(name for name in self.touched if name in self.places)
            return self._of_state(touched, completed)
        if which.ordinals:
            offered = self.conversation.offered
            shown = [one.name for one in offered or self.conversation.shown]
            places = [n - 1 if n > 0 else len(shown) + n for n in which.ordinals]
            if not all(0 <= place < len(shown) for place in places):
                return self._of_state(self._named(which.said), completed) if which.said else ()
            names = tuple(dict.fromkeys(shown[place] for place in places))
            return self._of_state(names, completed) if all(name in self.places for name in names) else names
        return self._of_state(self._named(which.words), completed)

    def named_in(self, text: str) -> set[str]:
        """Names of all that some words are about, however little they say of it."""
        found = match(hear(text, _ANY_TIME, "en", Context()), self.sight)
        return {self.sight.things[each.thing].key for each in found if each.score >= LEAST and each.named}

    def _of_state(self, names: tuple[str, ...], completed: bool | None) -> tuple[str, ...]:
        if completed is None:
            return names
        things = self.sight.things
        return tuple(name for name in names if things[self.places[name]].completed == completed)

    # ── by words ─────────────────────────────────────────────────────────────────────────────────────
    def _named(self, words: str) -> tuple[str, ...]:
        """Where every telling word is one of the title, or tells that it is done."""
        heard = hear(words, _ANY_TIME, "en", Context())
        found = match(heard, self.sight)
        if not found or found[0].score < LEAST:
            return ()
        best = found[0]
        telling = telling_words(heard)
        if not telling or not telling <= best.explains:
            return ()
        if not best.named and best.verb != "plain":
            return ()
        tied = [each for each in found if _as_good(each, best)]
        return tuple(self.sight.things[each.thing].key for each in tied[:MOST_OTHERS])

    # ── the other one ────────────────────────────────────────────────────────────────────────────────
    @cached_property
    def others(self) -> tuple[str, ...]:
        conversation = self.conversation
        if not (conversation.touched or conversation.undo):
            return ()
        return (
            self._left(conversation.offered)
            or self._left(conversation.shown)
            or self._alike()
            or self._only_other()
        )

    def _left(self, rows: tuple[Shown, ...]) -> tuple[str, ...]:
        """Of rows among which something was chosen, the rest."""
        names = [row.name for row in rows if row.resource == "todotasks"]
        if not set(names) & set(self._about):
            return ()
        left = [name for name in names if name not in self._about and name in self.places]
        return tuple(name for name in left if not self.sight.things[self.places[name]].completed)

    @cached_property
    def _about(self) -> tuple[str, ...]:
        """What was touched last, also where it is gone by now."""
        done = self.conversation.undo[0] if self.conversation.undo else ()
        return self.touched or tuple(one.name for one in done)

    def _alike(self) -> tuple[str, ...]:
        about = set(self._about)
        title = next((one.title for one in self.conversation.touched), "")
        if not title and self.conversation.undo:
            title = self.conversation.undo[0][0].title
        heard = hear(title, _ANY_TIME, "en", Context())
        things = self.sight.things
        found = [
            each
            for each in match(heard, self.sight)
            if things[each.thing].key not in about and not things[each.thing].completed
        ]
        if not found or found[0].score < LEAST:
            return ()
        tied = [each for each in found if each.score >= found[0].score - TIE]
        return tuple(things[each.thing].key for each in tied) if len(tied) <= MOST_OTHERS else ()

    def _only_other(self) -> tuple[str, ...]:
        about = set(self._about)
        left = [seen.key for seen in self.sight.things if not seen.completed and seen.key not in about]
        return tuple(left) if len(left) == 1 and self.sight.whole else ()


def telling_words(heard: Heard) -> set[int]:
    """Words that must be explained: not the small ones, nor those that say that something is done."""
    done = {k for name, i, j in heard.cues if name in {"done", "past", "list"} for k in range(i, j)}
    return {k for k in range(heard.count) if not heard.small[k] and k not in done and not heard.past[k]}


def _as_good(one: Found, best: Found) -> bool:
    return one is best or (one.score >= best.score - TIE and one.named == best.named)
