"""One command being read: its tokens, what was found in them, its words. Conditions and slots share it."""

from copy import copy
from datetime import datetime

from todotasks.language.frames.markers import Marker
from todotasks.language.frames.pattern import (
    DURATION,
    OFFSET,
    RULE,
    WHEN,
)
from todotasks.language.frames.utterance import Spoken
from todotasks.language.languages.compiled import Language
from todotasks.language.lexer.tokens import Tokens
from todotasks.language.reading.model import Context
from todotasks.language.recurrence.rrule import RuleDraft
from todotasks.language.slots.references import Referent, referent
from todotasks.language.slots.reminders import Nag, Offset
from todotasks.language.time.expression import Scan, When
from todotasks.language.words import roles as r
from todotasks.language.words.shared import HONORIFICS


class Draft:
    """A command between finding what is in it and filling the slots; lives for one parse."""

    __slots__ = (
        "again",
        "asked_titles",
        "context",
        "language",
        "lead",
        "markers",
        "nag",
        "occurrences",
        "offsets",
        "remarks",
        "rule",
        "s",
        "spoken",
        "t",
        "told",
        "used",
        "whens",
        "words",
    )

    def __init__(
        self,
        language: Language,
        s: Scan,
        context: Context,
        markers: list[Marker],
        offsets: list[Offset],
        rule: RuleDraft | None,
        whens: list[When],
        spoken: Spoken,
        used: set[int],
    ) -> None:
        self.language = language
        self.s = s
        self.t: Tokens = s.t
        self.context = context
        self.markers = markers
        self.offsets = offsets
        self.rule = rule
        self.whens = whens
        self.spoken = spoken
        self.used = used  # tokens that are in no title
        self.words = spoken.words[spoken.begin : spoken.stop]
        self.remarks: list[str] = []
        self.lead: Offset | None = None  # how long before it is due the task appears
        self.nag: Nag | None = None  # until it is done, reminded again and again
        self.occurrences: str | None = None  # this one only, or all of a recurring task
        self.asked_titles = False  # which titles there are would tell more, and was not known
        self.again: list[When] = []  # further times of day to be reminded at
        self.told: list[When] = []  # when to be reminded, said beside the task

    def said_as(self, language: Language, words: list[str]) -> "Draft":
        """The same command as the frames of another language have its words."""
        spoken, draft = copy(self.spoken), copy(self)
        spoken.words = [*spoken.words[: spoken.begin], *words, *spoken.words[spoken.stop :]]
        draft.language, draft.spoken, draft.words, draft.remarks = language, spoken, words, []
        return draft

    @property
    def now(self) -> datetime:
        return self.s.now

    def has(self, name: str) -> bool:
        """Does the command carry a time expression (`when`), a recurrence (`rule`), or a marker of that
        slot?
        """
        if name == "when":  # "now" says nothing of when
            return (WHEN in self.words or OFFSET in self.words) and any(
                when.instant != self.s.now for when in self.whens
            )
        if name == "rule":
            return RULE in self.words or self.rule is not None
        if name == "duration":
            return DURATION in self.words
        return any(marker.slot == name for marker in self.markers)

    def tokens_of(self, span: tuple[int, int]) -> tuple[int, int]:
        begin = self.spoken.begin
        return self.spoken.tokens_of(begin + span[0], begin + span[1])

    def text_of(self, span: tuple[int, int]) -> str:
        """The words of a slot as they stand in the text."""
        i, j = self.tokens_of(span)
        return self.t.slice_text(i, j)

    def words_of(self, span: tuple[int, int]) -> list[str]:
        return self.words[span[0] : span[1]]

    def referent_of(self, span: tuple[int, int]) -> Referent:
        i, j = self.tokens_of(span)
        for when in self.whens:
            if i < when.i < j <= when.j and when.mode != "bare":
                j = when.i  # "skip it this week"
        found = referent(self.t, i, j)
        comma = next((k for k in range(i + 1, j) if self.t.words[k] == ","), 0)
        if comma and not (found.reference or found.ordinals):
            return referent(self.t, i, comma)  # uncheck 5, wrong row
        return found

    def when_at(self, position: int) -> When | None:
        """The expression that a placeholder word stands for."""
        return self.spoken.whens.get(self.spoken.begin + position)

    def is_name(self, span: tuple[int, int], *, strict: bool) -> bool:
        """Do the words name a person? Strictly: a known first name, "me", a capital within the sentence."""
        words = self.words_of(span)
        if not 1 <= len(words) <= 3 or any(word[:1] == "§" for word in words):
            return False
        if not strict:
            return not words[0].isdigit()
        if len(words) > 2:
            return False
        if len(words) > 1 and words[0] in HONORIFICS:
            return True  # Frau Dr. Kaya, Herr Braun
        if len(words) > 1 and words[0].endswith("'s"):
            return False  # Anna's present
        first = words[0].removesuffix("'s")
        if (
            first in {"me", "myself", "i", "him", "her", "them", "us", "mir", "mich"}
            or first in self.language.lists.names
        ):
            return True
        i, j = self.tokens_of(span)
        return (
            j - i <= 2
            and i > 0
            and not self.language.lexicon.tables.capital_nouns
            and self.t.text[self.t.starts[i]].isupper()
            and not self.t.masks[i] & r.TEMPORAL
        )
