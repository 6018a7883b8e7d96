"""Text → tokens: one pass, one regular expression without backtracking, every token with its span.

What the rest of the grammar relies on: `words` are lower case with plain apostrophes and hyphens
(typographic ones are read as these, one character for one, so spans stay true); a phrase of several words
that a language knows ("day after tomorrow") is one token; what must not be read (quoted words, addresses,
URLs, markers once they are taken) has no role at all. Two empty tokens follow the last one, so that
looking ahead needs no bounds.
"""

import re

from todotasks.language.lexer.lexicon import NOTHING, Entry, Lexicon
from todotasks.language.words.roles import NUM, UNIT, A

WORD, NUMBER, SIGN, OPAQUE, ORDINAL = range(5)

# One character for one, so that spans keep their meaning.
_PLAIN = str.maketrans(
    "’‘ʼ´`“”„«»–—−‐‑\u00a0\u2009\u202f\u2007\u3000\t…×∙•·\ufe0f‼❗❕",
    "'''''\"\"\"\"\"-----      .x,,, !!!",
)
_TOKEN = re.compile(r"([^\W\d_]+(?:'[^\W\d_]+)*|[½¼¾])|(\d+)|(\S)")
_ADDRESS = re.compile(
    r"[^\s@<>()\"]{1,128}@[^\s@<>()\"]{1,128}\.\w{2,24}|(?:https?://|www\.)\S+", re.IGNORECASE
)
_CHUNK = re.compile(r"\S+")
# A quotation that protects: its opening stands after a space, its closing before one or a sign.
_QUOTE = re.compile(r"(?<![\w\"])\"([^\"]{1,512})\"(?!\w)")
_SINGLE_QUOTE = re.compile(r"(?<!\S)'([^']{1,512})'(?=[\s.,;:!?)]|$)")
_LONGEST_NUMBER = 9  # digits; a longer one is an identifier


class Tokens:
    """A message as parallel lists; position `i` of each is the same token."""

    __slots__ = (
        "begin", "count", "ends", "entries", "gaps", "kinds", "lexicon", "masks", "numbers", "plain",
        "read_to", "starts", "text", "words",
    )  # fmt: skip

    def __init__(self, text: str, plain: str, lexicon: Lexicon) -> None:
        self.text = text
        self.plain = plain
        self.lexicon = lexicon
        self.words: list[str] = []
        self.masks: list[int] = []
        self.entries: list[Entry] = []
        self.kinds: list[int] = []
        self.numbers: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.gaps: list[bool] = []  # is there a space before it?
        self.begin = 0  # what stands before it marks the message: a check box, tags
        self.count = 0
        self.read_to = -1  # where the last time expression ended: "5/1-5/7" goes on behind the hyphen

    def add(self, word: str, kind: int, entry: Entry, start: int, end: int, number: int = -1) -> None:
        ends = self.ends
        self.gaps.append(not ends or ends[-1] != start)
        self.words.append(word)
        self.masks.append(entry.mask)
        self.entries.append(entry)
        self.kinds.append(kind)
        self.numbers.append(number)
        self.starts.append(start)
        ends.append(end)

    def blank(self, i: int, j: int) -> None:
        """Take the roles of tokens i to j away: they are used, or protected."""
        for k in range(i, j):
            self.masks[k] = 0
            self.entries[k] = NOTHING
            self.kinds[k] = OPAQUE

    def join(self, i: int, j: int) -> None:
        """Make one protected token of tokens i to j."""
        self.words[i] = self.plain[self.starts[i] : self.ends[j - 1]].lower()
        self.ends[i] = self.ends[j - 1]
        self.blank(i, i + 1)
        self.numbers[i] = -1
        for column in (
            self.words, self.masks, self.entries, self.kinds, self.numbers, self.starts, self.ends, self.gaps
        ):  # fmt: skip
            del column[i + 1 : j]
        self.count -= j - i - 1

    def slice_text(self, i: int, j: int) -> str:
        return self.text[self.starts[i] : self.ends[j - 1]] if j > i else ""


def opaque_spans(plain: str) -> list[tuple[int, int]]:
    """Where the text must be left alone: quotations, mail addresses, URLs. In order, not overlapping."""
    spans: list[tuple[int, int]] = []
    if '"' in plain:
        spans += [match.span() for match in _QUOTE.finditer(plain)]
    if "'" in plain:
        spans += [match.span() for match in _SINGLE_QUOTE.finditer(plain)]
    if "@" in plain or "://" in plain or "www." in plain:
        for chunk in _CHUNK.finditer(plain):
            word = chunk[0]
            if ("@" in word[1:-1] or "://" in word or "www." in word) and (match := _ADDRESS.search(word)):
                spans.append((chunk.start() + match.start(), chunk.start() + match.end()))
    if len(spans) > 1:
        spans.sort()
        kept = spans[:1]
        for span in spans[1:]:
            if span[0] >= kept[-1][1]:
                kept.append(span)
        return kept
    return spans


def read(text: str, lexicon: Lexicon) -> Tokens:
    """Tokenize; phrases that the lexicon knows become one token each."""
    plain = text.translate(_PLAIN)
    tokens = Tokens(text, plain, lexicon)
    opaque = opaque_spans(plain)
    position = 0
    for start, end in opaque:
        _read_stretch(tokens, plain, position, start)
        tokens.add(plain[start:end].lower(), OPAQUE, NOTHING, start, end)
        position = end
    _read_stretch(tokens, plain, position, len(plain))
    tokens.count = len(tokens.words)
    for _ in range(3):  # look-ahead needs no bounds
        tokens.add("", SIGN, NOTHING, len(text), len(text))
    return tokens


def _read_stretch(tokens: Tokens, plain: str, begin: int, stop: int) -> None:
    if begin >= stop:
        return
    lexicon = tokens.lexicon
    get, respelt = lexicon.words.get, lexicon.respelt
    raw: list[tuple[str, int, int, int]] = []
    for match in _TOKEN.finditer(plain, begin, stop):
        kind = match.lastindex or 3
        start, end = match.span()
        word = match[0]
        if kind == 1:
            word = word.lower()
            raw.append((respelt.get(word, word) if respelt else word, WORD, start, end))
        elif kind == 2:
            raw.append((word, NUMBER, start, end))
        else:
            raw.append((word, SIGN, start, end))
    i, count = 0, len(raw)
    while i < count:
        word, kind, start, end = raw[i]
        if kind == NUMBER:
            number = int(word) if end - start <= _LONGEST_NUMBER else -1
            following = raw[i + 1] if i + 1 < count else None
            if following and following[1] == WORD and following[2] == end and following[0] in _SUFFIXES:
                tokens.add(word + following[0], ORDINAL, NOTHING, start, following[3], number)
                i += 2
                continue
            # "2day", "2moro": digits that begin a known word
            if following and following[1] == WORD and following[2] == end and end - start == 1:
                digit = get(word)
                known = digit and next(
                    (entry for rest, entry in digit.phrases if rest == following[:1]), None
                )
                if known:
                    tokens.add(word + following[0], WORD, known, start, following[3])
                    i += 2
                    continue
            if following and following[0] == "." and (digit := get(word)):
                behind = tuple(each[0] for each in raw[i + 1 : i + 3])  # 1. Advent
                named = next((entry for rest, entry in digit.phrases if rest == behind), None)
                if named:
                    tokens.add(plain[start : raw[i + 2][3]].lower(), WORD, named, start, raw[i + 2][3])
                    i += 3
                    continue
            tokens.add(word, NUMBER, NOTHING, start, end, number)
            i += 1
            continue
        entry = get(word)
        if entry is None:
            entry = lexicon.find(word) if kind == WORD else NOTHING
        elif entry.phrases:
            counted = (
                entry.mask & UNIT
                and tokens.kinds
                and (tokens.kinds[-1] == NUMBER or tokens.masks[-1] & (NUM | A))
            )
            second = raw[i + 1][0] if i + 1 < count else ""
            for rest, phrase_entry in () if counted else entry.phrases:
                if rest[0] != second:
                    continue
                size = len(rest)
                if i + size >= count:
                    continue
                if size == 1 or all(raw[i + 1 + k][0] == rest[k] for k in range(1, size)):
                    last = raw[i + size]
                    tokens.add(plain[start : last[3]].lower(), WORD, phrase_entry, start, last[3])
                    i += size + 1
                    break
            else:
                tokens.add(word, kind, entry, start, end)
                i += 1
            continue
        tokens.add(word, kind, entry, start, end)
        i += 1


_SUFFIXES = frozenset({"st", "nd", "rd", "th"})


# --- what marks a task wherever it stands ---

_PRIORITY_NOUNS = frozenset({"priority", "prio", "importance", "priorität"})


def marks_priority(t: Tokens, j: int) -> bool:
    """Do the words from token `j` on only mark a priority: p1 · high priority?"""
    if t.words[j] == "p" and t.numbers[j + 1] >= 0 and not t.gaps[j + 1]:
        return True
    return t.words[j + 1] in _PRIORITY_NOUNS
