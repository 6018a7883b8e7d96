"""What a short reply to a question means: "2", "the second", "both", "yes", "no", "never mind".

    answer("the last two", 5) ─▶ ShortReply("ordinals", (4, 5))

The chat asks ("which of these?", "delete 3 tasks?") and gives the reply to `answer` with the number of
things that it showed, before it reads the reply as a command. None: this answers nothing, read it with
`parse`. Whatever is longer than `MOST_WORDS` is a command and no answer.
"""

from dataclasses import dataclass
from functools import cache

from todotasks.language.frames.utterance import contractions
from todotasks.language.languages.compiled import get
from todotasks.language.lexer import tokens
from todotasks.language.lexer.lexicon import split_words
from todotasks.language.lexer.tokens import NUMBER, SIGN, Tokens
from todotasks.language.slots.references import referent
from todotasks.language.time.numbers import cardinal
from todotasks.language.words import roles as r
from todotasks.language.words.languages import LANGUAGES

MOST_WORDS = 14
MOST_CHARACTERS = 120
_PUNCTUATION = frozenset(".,!?;:()[]\"'")
_SKIN_TONES = frozenset("\ufe0e\ufe0f" + "".join(map(chr, range(0x1F3FB, 0x1F400))))  # of a thumb
YES, NO, ORDINALS, ALL = "yes", "no", "ordinals", "all"


@dataclass(frozen=True, slots=True)
class ShortReply:
    """What a reply says. `ordinals` count from 1; `outside` are those that were said and not shown."""

    kind: str
    ordinals: tuple[int, ...] = ()
    outside: tuple[int, ...] = ()


Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Replies:
    """The replies of one language as words."""

    said: dict[Phrase, str]  # a whole reply → its kind
    leads: dict[Phrase, str]  # what may stand before the rest → yes, no, or nothing said
    apart: frozenset[Phrase]
    short: dict[str, Phrase]  # contractions
    longest: int


@cache
def _replies(language: str) -> _Replies:
    speech = LANGUAGES[language].commands

    def phrases(text: str) -> frozenset[Phrase]:
        return frozenset(split_words(phrase) for phrase in text.split("|"))

    leads = dict.fromkeys(phrases(speech.no), NO) | dict.fromkeys(phrases(speech.yes), YES)
    leads = dict.fromkeys(phrases(speech.well), "") | leads
    said = dict.fromkeys(phrases(speech.everything), ALL) | dict.fromkeys(phrases(speech.leave), NO)
    said |= {phrase: kind for phrase, kind in leads.items() if kind}
    short = contractions(speech.contractions)
    return _Replies(said, leads, phrases(speech.apart), short, max(map(len, leads)))


def answer(text: str, count: int = 0) -> ShortReply | None:
    """The reply to a question about `count` things (0: to a yes-or-no question); None where it is none."""
    if not text.strip() or len(text) > MOST_CHARACTERS:
        return None
    for language in LANGUAGES:
        t = tokens.read(text, get(language).lexicon)
        if t.count <= MOST_WORDS and (found := _read(_words(t, _replies(language)), t, language, count)):
            return found
    return None


Word = tuple[str, int]  # a word and its token


def _words(t: Tokens, replies: _Replies) -> list[Word]:
    """The words of a reply, contractions written out, without signs."""
    words: list[Word] = []
    for k in range(t.count):
        if t.words[k] in _PUNCTUATION and t.kinds[k] == SIGN:
            continue
        if t.words[k] in _SKIN_TONES:
            continue
        words += [(part, k) for part in replies.short.get(t.words[k], tuple(t.words[k].split()))]
    return words


def _read(words: list[Word], t: Tokens, language: str, count: int) -> ShortReply | None:
    replies = _replies(language)
    lead = ""  # "ok" of "ok, the second"
    while words:
        phrase = tuple(word for word, _ in words)
        kind = replies.said.get(phrase)
        if kind is not None and (kind, lead) != (YES, NO):
            return _all(phrase, count, language) if kind == ALL else ShortReply(kind)
        if chosen := _chosen(words, t, replies, count, language):
            return chosen
        size, kind = _leading(phrase, replies)
        if not size:
            return _left_alone(words, lead, t, language, count)
        if kind == YES and lead == NO:
            return None  # no, yes
        lead = kind or lead
        words = words[size:]
    return ShortReply(lead) if lead else None


def _left_alone(words: list[Word], lead: str, t: Tokens, language: str, count: int) -> ShortReply | None:
    """ "egal, vergiss es": one way to say no, and then another."""
    replies = _replies(language)
    for size in range(min(MOST_WORDS, len(words) - 1), 0, -1):
        if replies.said.get(tuple(word for word, _ in words[:size])) == NO and lead != YES:
            rest = _read(words[size:], t, language, count)
            return rest if rest is not None and rest.kind == NO else None
    return None


def _leading(phrase: Phrase, replies: _Replies) -> tuple[int, str]:
    """How many words at the beginning say nothing, or yes or no before the rest; and which."""
    for size in range(min(replies.longest, len(phrase)), 0, -1):
        if phrase[:size] in replies.leads:
            return size, replies.leads[phrase[:size]]
    return 0, ""


def _all(phrase: Phrase, count: int, language: str) -> ShortReply | None:
    two = {"both", "two", "beide", "beiden", "zwei"} & set(phrase)
    return None if two and count not in {0, 2} else ShortReply(ALL)


def _chosen(words: list[Word], t: Tokens, replies: _Replies, count: int, language: str) -> ShortReply | None:
    """2 · the second · 1 and 3 · the last two · all but the first · two · the middle one"""
    while words and replies.leads.get((words[-1][0],)) == "":
        words = words[:-1]
    if not words:
        return None
    phrase = tuple(word for word, _ in words)
    if phrase in replies.said and replies.said[phrase] == ALL:
        return _all(phrase, count, language)
    begin, end = words[0][1], words[-1][1] + 1
    if phrase[:1] in replies.said and replies.said[phrase[:1]] == ALL and len(words) > 1:
        number = cardinal(t, words[1][1])  # all three
        if number and number[1] == end:
            return ShortReply(ALL) if number[0] == count else None
    left_out = _left_out(words, t, replies, count)
    if left_out is not None:
        return left_out
    found = _ordinals(t, begin, end, count)
    return _within(found, count) if found else None


def _ordinals(t: Tokens, begin: int, end: int, count: int) -> tuple[int, ...]:
    found = referent(t, begin, end).ordinals
    if found:
        return found
    k = begin + 1 if t.masks[begin] & r.ARTICLE else begin
    number = cardinal(t, k)
    if number and number[1] == end and number[0] == int(number[0]) and number[0] >= 1:
        return (int(number[0]),)  # two
    if t.words[k] in {"middle", "mittlere", "mittleren"} and count % 2:
        return (count // 2 + 1,)
    numbers = [k for k in range(begin, end) if t.words[k] not in {"+", ","}]
    if len(numbers) > 1 and all(t.kinds[k] == NUMBER for k in numbers):
        return tuple(dict.fromkeys(t.numbers[k] for k in numbers))  # 1 3, 1+3
    return ()


def _left_out(words: list[Word], t: Tokens, replies: _Replies, count: int) -> ShortReply | None:
    """all but the first"""
    for cut in range(1, len(words) - 1):
        if replies.said.get(tuple(word for word, _ in words[:cut])) != ALL:
            continue
        for size in (2, 1):
            but, rest = words[cut : cut + size], words[cut + size :]
            if not rest or tuple(word for word, _ in but) not in replies.apart:
                continue
            without = _within(_ordinals(t, rest[0][1], rest[-1][1] + 1, count), count)
            if without.ordinals and not without.outside:
                return ShortReply(
                    ORDINALS, tuple(n for n in range(1, count + 1) if n not in without.ordinals)
                )
    return None


def _within(ordinals: tuple[int, ...], count: int) -> ShortReply:
    """-1 of 3 is the third; what was not shown is told apart."""
    shown = [n if n > 0 else count + 1 + n for n in ordinals]
    inside = tuple(n for n in shown if 1 <= n <= count)
    outside = tuple(said for said, n in zip(ordinals, shown, strict=True) if not 1 <= n <= count)
    return ShortReply(ORDINALS, tuple(dict.fromkeys(inside)), outside)
