"""From a text to its lexemes: what an index has for it, and what a search compares with. Pure.

    text ─ fold ─▶ runs without spaces ─▶ pieces ─▶ lexemes

A lexeme is one of

- a **word**: letters and digits, without case, accents and apostrophes ("Café" → cafe, "O'Brien" → obrien).
  A German umlaut is found both ways (Müller → muller, mueller), ß as ss. Also its parts where the case or
  letters and digits change: updateAvatar → update, avatar; room12 → room, 12. The letters before the first
  digit are always one of them: all that begins a word of letters is in the vocabulary;
- its English **stem**, where that is another one (reviewing → review);
- the **tail of a compound**, from each of its words on, each word closed by "/": `user_profile.update()` →
  user/profile/update/, profile/update/. A search for a part of it is a beginning of one of these, whatever
  signs stand in between: so INV-2026/0042, an address, a path are found whole and in parts;
- a **window** of a script that writes no spaces (明天买牛奶 → 明天买牛, 天买牛奶, …): any part of the text is
  the beginning of one;
- a **symbol** that is no ASCII: an emoji (without skin colour; a flag is one), a currency, an arrow.

No lexeme has a ":", which the store uses for its own.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

ANALYSIS: Final = 2  # raised with every change of what a text comes to: stored texts are then read anew
LONGEST_WORD: Final = 64  # characters of a word that count
TAIL: Final = 8  # words of a compound in one lexeme
LONGEST_TAIL: Final = 160  # characters
WINDOW: Final = 4  # characters of a script without spaces
JOINED: Final = 3  # words with hyphens that may also be written as one: e-mail, email
MOST_PARTS: Final = 4  # of a word, where most of them are single characters
SHORTEST_VOCABULARY: Final = 3  # letters of a word that another may be a slip of

# What English and German put into every sentence. In a title they are found, in notes they are not kept, and
# of several words in a search they are the ones that need not be there.
FILLERS: Final = frozenset({
    "a", "about", "above", "after", "again", "against", "all", "am", "an", "and", "any", "are", "as", "at",
    "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "did", "do",
    "does", "doing", "down", "during", "each", "few", "for", "from", "further", "had", "has", "have",
    "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "just", "me", "more", "most", "my", "no", "nor", "not", "now", "of", "off", "on", "once", "only", "or",
    "other", "our", "ours", "out", "over", "own", "s", "same", "she", "should", "so", "some", "such", "t",
    "than", "that", "the", "their", "theirs", "them", "then", "there", "these", "they", "this", "those",
    "through", "to", "too", "under", "until", "up", "very", "was", "we", "were", "what", "when", "where",
    "which", "while", "who", "whom", "why", "will", "with", "you", "your", "yours", "aber", "als", "auch",
    "auf", "aus", "bei", "bin", "bis", "da", "das", "dass", "dem", "den", "der", "des", "die", "doch", "du",
    "durch", "ein", "eine", "einem", "einen", "einer", "eines", "er", "es", "fur", "hat", "hatte", "ich",
    "ihr", "im", "ist", "ja", "kann", "mit", "nach", "nicht", "noch", "nur", "ob", "oder", "schon", "sich",
    "sie", "sind", "uber", "um", "und", "uns", "vom", "von", "vor", "wenn", "wie", "wir", "wird", "zu", "zum",
    "zur",
})  # fmt: skip

_ASCII_RUN = re.compile(r"\S+")
_ASCII_PIECE = re.compile(r"[0-9A-Za-z]+")
# user|Profile, HTTP|Server, room|12, 12|kg
_PART = re.compile(r"[0-9]+|[^\W\d_]+", re.UNICODE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_HYPHENS = "-\u2010\u2011"
_AROUND = ".,;:!?()\"'"
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_UMLAUT = re.compile("[äöüÄÖÜ]")
_SPELT = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
# Letters that Unicode does not take apart, as people without them write them.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ŋ": "n", "ħ": "h"}
)
# Accents of Latin, Greek and Cyrillic; vowel points of Hebrew and Arabic. Marks of other scripts are letters.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]")
# Scripts that are written without spaces: Han, Kana, Thai, Lao, Myanmar, Khmer.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
# Of emoji: how it is to look, the skin, the joint between two.
_INVISIBLE = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\u200b-\u200f\u2060\ufeff\u00ad\u20e3]")


class Run(NamedTuple):
    """What stands between two spaces, in its kinds. `pieces` are the words of it, in their order."""

    pieces: tuple[str, ...]
    parts: tuple[str, ...]  # of pieces whose case or kind changes within
    ends: tuple[tuple[int, str], ...]  # which piece ends in which part
    unspaced: tuple[str, ...]  # stretches of a script without spaces
    symbols: tuple[str, ...]
    hyphened: bool  # nothing but hyphens stands between the pieces
    spelt: tuple[str, ...] = ()  # the pieces with umlauts written as ae, oe, ue, where that differs


def fold(text: str) -> str:
    """Without case and accents: "Café" and "CAFE" are found by "cafe"."""
    if text.isascii():
        return text.lower()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).translate(_PLAIN_LETTERS)
    # Folding may have made new capitals of compatibility characters (K of Kelvin).
    return unicodedata.normalize("NFC", plain).casefold()


def runs(text: str) -> Iterator[Run]:
    """The text in runs; a run of punctuation alone is left out."""
    if text.isascii():
        for found in _ASCII_RUN.findall(text):
            if (run := _ascii_run(found)).pieces:
                yield run
        return
    for found in _INVISIBLE.sub("", text).split():
        run = _ascii_run(found) if found.isascii() else _run(found)
        if run.pieces or run.unspaced or run.symbols:
            yield run


@lru_cache(maxsize=16_384)
def _ascii_run(text: str) -> Run:
    bare = text.replace("'", "").replace("`", "") if "'" in text or "`" in text else text
    raw = _ASCII_PIECE.findall(bare)
    pieces = tuple([piece.lower()[:LONGEST_WORD] for piece in raw])
    parts, ends = _parts(raw)
    if bare is not text:
        parts += [piece.lower()[:LONGEST_WORD] for piece in _ASCII_PIECE.findall(text)]
    return Run(pieces, tuple(parts), ends, (), (), _is_hyphened(bare, len(pieces)))


def _run(text: str) -> Run:
    bare = _APOSTROPHE.sub("", text)
    symbols: list[str] = []
    unspaced: list[str] = []
    raw = _pieces(bare, unspaced, symbols)
    pieces = tuple([fold(piece)[:LONGEST_WORD] for piece in raw])
    parts, ends = _parts(raw)
    if bare != text:
        parts += [fold(piece)[:LONGEST_WORD] for piece in _pieces(text, [], [])]
    spelt: tuple[str, ...] = ()
    if any(map(_UMLAUT.search, raw)):
        spelt = tuple([fold(_UMLAUT.sub(_spelt, piece))[:LONGEST_WORD] for piece in raw])
    hyphened = _is_hyphened(bare, len(pieces))
    return Run(pieces, tuple(parts), ends, tuple(unspaced), tuple(symbols), hyphened, spelt)


def _spelt(umlaut: re.Match[str]) -> str:
    return _SPELT[umlaut[0]]


def _is_hyphened(text: str, pieces: int) -> bool:
    return pieces > 1 and sum(map(text.strip(_AROUND).count, _HYPHENS)) == pieces - 1


def _pieces(text: str, unspaced: list[str], symbols: list[str]) -> list[str]:
    """Words as they are written; what is none of them goes into the two lists."""
    found: list[str] = []
    word: list[str] = []

    def close() -> None:
        if word:
            found.append("".join(word))
            word.clear()

    for stretch, is_unspaced in _stretches(unicodedata.normalize("NFKC", text)):
        if is_unspaced:
            close()
            unspaced.append(stretch.casefold())
            continue
        for place, char in enumerate(stretch):
            kind = unicodedata.category(char)[0]
            if kind in "LN" or (kind == "M" and word):
                word.append(char)
                continue
            close()
            if kind == "S" and not char.isascii():
                _add_symbol(char, (place > 0 and stretch[place - 1]) or "", symbols)
    close()
    return found


def _add_symbol(char: str, before: str, symbols: list[str]) -> None:
    """A flag is two letters of its own kind: together they are one symbol."""
    is_half = "\U0001f1e6" <= char <= "\U0001f1ff"
    if is_half and symbols and len(symbols[-1]) == 1 and before and symbols[-1] == before:
        symbols[-1] += char
    else:
        symbols.append(char)


def _stretches(text: str) -> Iterator[tuple[str, bool]]:
    end = 0
    for found in _UNSPACED_RUN.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], False
        yield found[0], True
        end = found.end()
    if end < len(text):
        yield text[end:], False


def _parts(raw: Sequence[str]) -> tuple[list[str], tuple[tuple[int, str], ...]]:
    """updateAvatar → update, avatar; room12 → room, 12. And the last part of each piece that has some."""
    found: list[str] = []
    ends: list[tuple[int, str]] = []
    for place, piece in enumerate(raw):
        stretches = _PART.findall(piece)
        split = [part for stretch in stretches for part in _CAMEL.split(stretch)]
        # A hash (9f86d081884c) is no word of words: its letters and digits would be found everywhere. But who
        # types its beginning has only the letters at first.
        if len(split) > MOST_PARTS and 2 * sum(len(part) == 1 for part in split) > len(split):
            if (begin := fold(stretches[0])).isalpha() and len(begin) > 1:
                found.append(begin[:LONGEST_WORD])
            continue
        if len(split) > 1:
            ends.append((place, fold(split[-1])[:LONGEST_WORD]))
            if 1 < len(stretches) < len(split):  # HTTPServer2: by "httpserver" as well
                split += stretches
            found += [fold(part)[:LONGEST_WORD] for part in split]
    return found, tuple(ends)


def stem(word: str) -> str:
    """The English stem of a folded word; of what is no ASCII word, itself."""
    return _stem(word) if word.isascii() and word.isalpha() else word


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]
    import Stemmer  # noqa: PLC0415 - a command line that searches nothing does not wait for it

    return Stemmer.Stemmer("english")


def tail(pieces: tuple[str, ...]) -> str:
    return "".join([f"{piece}/" for piece in pieces[:TAIL]])[:LONGEST_TAIL]


def tails(pieces: tuple[str, ...]) -> Iterator[str]:
    """The tails of a compound: from each of its words on, each word closed by "/"."""
    for start in range(len(pieces) - 1):
        yield tail(pieces[start:])


def windows(stretch: str) -> Iterator[str]:
    """The windows of a stretch without spaces, one from each of its characters on."""
    for start in range(len(stretch)):
        yield stretch[start : start + WINDOW]


def lexemes(text: str, *, fillers: bool = True) -> set[str]:
    """Of a text. Without `fillers`, the words that every sentence has are left out (see `FILLERS`)."""
    found: set[str] = set()
    for run in runs(text):
        for word in (*run.pieces, *run.parts, *run.spelt):
            if not fillers and word in FILLERS:
                continue
            found.add(word)
            found.add(stem(word))
        if len(run.pieces) > 1:
            found.update(tails(run.pieces))
            for place, part in run.ends:
                if place + 1 < len(run.pieces):
                    found.add(tail((part, *run.pieces[place + 1 :])))
            if run.spelt:
                found.update(tails(run.spelt))
            if run.hyphened and len(run.pieces) <= JOINED:
                found.add("".join(run.pieces)[:LONGEST_WORD])
        for stretch in run.unspaced:
            found.update(windows(stretch))
        found.update(run.symbols)
    return found


def document(title: str, notes: str | None = None, tags: Iterable[str] = ()) -> set[str]:
    """The lexemes that a task is found by."""
    found = lexemes(title)
    for tag in tags:
        found |= lexemes(tag)
    if notes:
        found |= lexemes(notes, fillers=False)
    return found


def vocabulary(lexemes: Iterable[str]) -> set[str]:
    """Of lexemes, those that a misspelt word may mean: of letters only, in scripts with spaces."""
    return {
        lexeme
        for lexeme in lexemes
        if len(lexeme) >= SHORTEST_VOCABULARY and lexeme.isalpha() and not _UNSPACED_RUN.match(lexeme)
    }


def words(title: str, notes: str | None = None, tags: Iterable[str] = ()) -> set[str]:
    """The words of a task as they stand there, without their stems."""
    return {word for text in (title, notes or "", *tags) for word in _words(text)}


def _words(text: str) -> Iterator[str]:
    for run in runs(text):
        for word in (*run.pieces, *run.parts, *run.spelt):
            if len(word) >= SHORTEST_VOCABULARY and word.isalpha():
                yield word
        if run.hyphened and len(run.pieces) <= JOINED and (joined := "".join(run.pieces)).isalpha():
            yield joined[:LONGEST_WORD]
