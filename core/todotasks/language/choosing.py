"""Which of some things an answer names: "Schulz", "not Weber", "both but the sofa", "the one due Friday".

    words ─ what is only courtesy off ─ what is left out ─ its parts ─┬─ numbers, the former, the later one
                                                                      └─ titles, tags, people, days

Pure. It is asked of the rows of a question, so little has to be said; words that nothing explains make it no
answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from todotasks.language.followups import TABLES, read_followup
from todotasks.language.grounding.heard import Heard, hear
from todotasks.language.grounding.match import match
from todotasks.language.grounding.sight import Seen, Sight
from todotasks.language.reading.model import Context
from todotasks.language.replies import ORDINALS, answer
from todotasks.language.words.languages import LANGUAGES

MOST_CHARACTERS = 120
MOST_PARTS = 9
MOST_COURTESIES = 6  # phrases that say nothing of which one, on either side
_AROUND = " ,.!:;-–…()“”\"'"
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """Places of the rows that are meant. `opened`: a word said that it is an answer ("only", "not", "no, …");
    `rest`: they are what was left when something was said not to be meant."""

    rows: tuple[int, ...]
    opened: bool = False
    rest: bool = False


def without_courtesy(text: str) -> str:
    """ "none, sorry" without what is only said behind it."""
    back = _courteous()[1]
    rest = text.strip(_AROUND)
    for _ in range(MOST_COURTESIES):
        if (found := back.search(rest)) is None or not found.start():
            break
        rest = rest[: found.start()].rstrip(_AROUND)
    return rest


def choose(text: str, rows: Sequence[Seen], now: datetime) -> Choice | None:
    """None: it names none of them, or says more than which. `now` is naive, in the person's zone."""
    bare = text.strip().replace("’", "'")
    if not rows or len(bare) > MOST_CHARACTERS or "\n" in bare or bare.endswith("?"):
        return None
    for language in TABLES:
        found = _Reader(rows, now, language).read(bare)
        if found is not None:
            return found
    return None


def _phrases(table: str) -> list[str]:
    """Of all languages: an answer may mix them."""
    return [phrase for each in TABLES.values() for phrase in getattr(each, table).split("|")]


@cache
def _before(table: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_either(_phrases(table))})(?![\w'])\W*", re.IGNORECASE)


@cache
def _courteous() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What may stand before or behind an answer and says nothing of which one."""
    said = _phrases("ANSWERING")
    for each in LANGUAGES.values():
        speech = each.commands
        said += [phrase for text in (speech.well, speech.yes, speech.no) for phrase in text.split("|")]
    behind = _either([*said, *_phrases("ANSWERING_BEHIND")])
    return (
        re.compile(rf"(?:{_either(said)})(?![\w'])\W*", re.IGNORECASE),
        re.compile(rf"(?<![\w'])(?:{behind})\W*$", re.IGNORECASE),
    )


@cache
def _parting() -> re.Pattern[str]:
    joined = _either(_phrases("PARTING"))
    return re.compile(rf"\s*[,;&+]\s*(?:(?:{joined})\s+)?|\s+(?:{joined})\s+", re.IGNORECASE)


def _denied(words: str, at: int) -> re.Match[str] | None:
    return _before("NOT_THIS").match(words, at) or _before("NOT_THESE").match(words, at)


@cache
def _instead() -> re.Pattern[str]:
    words = _either(_phrases("INSTEAD"))
    return re.compile(rf"\s*[,;.–-]\s*(?:(?:{words})\s+)?|\s+(?:{words})\s+", re.IGNORECASE)


def _either(phrases: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted((p for p in phrases if p), key=len, reverse=True)))


@dataclass(frozen=True)
class _Reader:
    rows: Sequence[Seen]
    now: datetime
    language: str

    def read(self, text: str) -> Choice | None:
        if (placed := self._by_place(text.strip(_AROUND))) is not None:
            return Choice(placed)
        rest, opened = self._bare(text)
        if not rest:
            return None
        if (without := _before("NOT_THESE").match(rest)) is not None:
            return self._left_out(rest[without.end() :], every=True)
        if (without := _before("NOT_THIS").match(rest)) is not None:
            return self._meant_instead(rest[without.end() :]) or self._left_out(
                rest[without.end() :], every=False
            )
        if (chosen := self._several(rest)) is not None:
            return Choice(chosen, opened=opened)
        return self._corrected_within(rest, opened=opened)

    def _bare(self, text: str) -> tuple[str, bool]:
        """Without courtesy on either side; and whether it was opened by a word of an answer."""
        front = _courteous()[0]
        rest = text.strip(_AROUND)
        before = rest
        for _ in range(MOST_COURTESIES):
            if (found := front.match(rest)) is None or found.end() >= len(rest):
                break
            rest = rest[found.end() :]
        return without_courtesy(rest), rest != before

    def _meant_instead(self, words: str) -> Choice | None:
        """not Strom, *Telekom* · nicht Strom, sondern *Telekom*"""
        for found in _instead().finditer(words):
            meant = words[found.end() :]
            denied = self._several(self._bare(words[: found.start()])[0])
            if denied is None or _denied(meant, 0) is not None:
                continue
            if (chosen := self._several(self._bare(meant)[0])) is not None:
                left = tuple(k for k in chosen if k not in denied)
                return Choice(left, opened=True) if left else None
        return None

    def _left_out(self, words: str, *, every: bool) -> Choice | None:
        bare = self._bare(words)[0]
        gone = self._several(bare)
        if gone is None:  # not Weber *and not* Schulz
            parts = [_before("NOT_THIS").sub("", part, count=1) for part in _parting().split(bare)]
            several = [self._several(part) for part in parts] if len(parts) > 1 else [None]
            if None in several:
                return None
            gone = tuple(k for each in several for k in each or ())
        left = tuple(k for k in range(len(self.rows)) if k not in gone)
        return Choice(left, opened=True, rest=not every and len(left) > 1) if left else None

    def _corrected_within(self, words: str, *, opened: bool) -> Choice | None:
        """ "the first, not the second", "both but not the sofa": what is meant, and what is not."""
        for found in re.finditer(r"[\s,;]+", words):
            denied = _denied(words, found.end())
            if denied is None or denied.end() >= len(words):
                continue
            kept = self._several(words[: found.start()])
            gone = self._several(words[denied.end() :])
            if kept is not None and gone is not None:
                left = tuple(k for k in kept if k not in gone)
                return Choice(left, opened=True) if left else None
        return None

    # ── parts ────────────────────────────────────────────────────────────────────────────────────────────
    def _several(self, words: str) -> tuple[int, ...] | None:
        """All that is named, each part by itself where they are parted."""
        parts = [part for part in _parting().split(words) if part and part.strip(_AROUND)]
        if not 2 <= len(parts) <= MOST_PARTS:
            return self._one(words)
        found: list[int] = []
        for part in parts:
            one = self._one(self._bare(part)[0])
            if one is None:
                return self._one(words)
            found += one
        return tuple(sorted(set(found)))

    def _one(self, words: str) -> tuple[int, ...] | None:
        bare = words.strip(_AROUND)
        if not bare:
            return None
        return self._by_title(bare) or self._by_place(bare) or self._by_words(bare) or self._by_level(bare)

    def _by_title(self, words: str) -> tuple[int, ...] | None:
        said = words.casefold()
        exact = [k for k, row in enumerate(self.rows) if said in {row.title.casefold(), row.key}]
        return tuple(exact) if len(exact) == 1 else None

    def _by_place(self, words: str) -> tuple[int, ...] | None:
        count = len(self.rows)
        said = answer(words, count)
        if said is not None and said.kind == ORDINALS and said.ordinals and not said.outside:
            return tuple(n - 1 for n in said.ordinals)
        if said is not None and said.kind == "all":
            return tuple(range(count))
        if _before("UNDATED").fullmatch(words):
            undated = tuple(k for k, row in enumerate(self.rows) if not row.due)
            return undated if len(undated) == 1 else None
        for table, place in (("FORMER", 0), ("LATTER", count - 1)):
            if _before(table).fullmatch(words):
                return (place,)
        for table, last in (("SOONER", False), ("LATER_ONE", True)):
            if _before(table).fullmatch(words):
                return self._by_time(last=last)
        return None

    def _by_time(self, *, last: bool) -> tuple[int, ...] | None:
        """The one that is due first, or last."""
        dues = sorted((row.due, k) for k, row in enumerate(self.rows) if row.due)
        if not dues:
            return None
        due, place = dues[-1] if last else dues[0]
        return (place,) if sum(each == due for each, _ in dues) == 1 else None

    def _by_words(self, words: str) -> tuple[int, ...] | None:
        """Every telling word is one of the title, a tag, a person, or the day that it is due."""
        heard = hear(words, self.now, self.language, Context(language=self.language))
        small = _small()
        telling = {
            k
            for k in range(heard.count)
            if (not heard.small[k] or k in heard.timed) and heard.words[k] not in small
        }
        if _denying() & set(heard.words):
            return None
        named = self._literally(heard) or (self._named(heard, telling) if telling else None)
        if named is None or len(named) == 1:
            return named
        return named if self._several_said(heard) else None

    def _several_said(self, heard: Heard) -> bool:
        """both lawns · the office ones · lawns, where each title has one lawn"""
        if set(heard.words) & set(_phrases("PLURALS")):
            return True
        titled = {word.casefold() for row in self.rows for word in _WORD.findall(row.title)}
        return any(word.endswith("s") and word not in titled and word[:-1] in titled for word in heard.words)

    def _named(self, heard: Heard, telling: set[int]) -> tuple[int, ...] | None:
        found = match(heard, Sight(tuple(self.rows)))
        fitting = [each for each in found if telling <= each.explains | self._dated(heard, each.thing)]
        if fitting:
            best = max(len(each.explains) for each in fitting)
            return tuple(sorted(each.thing for each in fitting if len(each.explains) == best))
        if telling <= heard.timed:
            due = [k for k in range(len(self.rows)) if telling <= self._dated(heard, k)]
            return tuple(due) or None
        return None

    def _dated(self, heard: Heard, place: int) -> set[int]:
        """The words of a time that is the day on which the thing is due."""
        due = _day(self.rows[place].due)
        return {
            k
            for span in heard.times
            if span.day is not None and span.day == due
            for k in range(span.i, span.j)
        }

    def _literally(self, heard: Heard) -> tuple[int, ...] | None:
        """All words are of the title, whatever they mean elsewhere: "the back one", "7", "lawns"."""
        small = _small() | _articles() | frozenset(_phrases("PLURALS"))
        words = {word for word in heard.words if word not in small}
        has = []
        for k, row in enumerate(self.rows):
            title = {word.casefold() for word in _WORD.findall(row.title)}
            if words and all(word in title or (word[-1:] == "s" and word[:-1] in title) for word in words):
                has.append(k)
        return tuple(has) or None

    def _by_level(self, words: str) -> tuple[int, ...] | None:
        """the urgent one: by how much it matters"""
        follow = read_followup(
            f"{TABLES[self.language].ONLY.split('|')[0]} {words}",
            self.now,
            UTC,
            Context(language=self.language),
        )
        if follow is None or follow.filter is None or follow.filter.priority is None:
            return None
        found = [k for k, row in enumerate(self.rows) if (row.priority or "Medium") == follow.filter.priority]
        return tuple(found) if len(found) == 1 else None


@cache
def _denying() -> frozenset[str]:
    """Words by which a thing is said not to be meant: it is not named."""
    return frozenset(_phrases("DENYING"))


@cache
def _articles() -> frozenset[str]:
    return frozenset(_phrases("ARTICLES"))


@cache
def _small() -> frozenset[str]:
    return frozenset(_phrases("WHICH_IS"))


def _day(due: str | None) -> date | None:
    if due is None:
        return None
    try:
        return date.fromisoformat(due[:10])
    except ValueError:
        return None
