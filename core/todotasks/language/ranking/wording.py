"""Facts of the words themselves, for what names nothing in sight: a task, a list, or none of our business.

    "can you take carrots off my list"  ─▶  word take · word off · two off my · begins take · grammar create

Like a text classifier's, but one among the other facts. What a title explains says nothing, a time is one
word, and a number another; only words that many sentences share are given a weight.
"""

import re
from itertools import pairwise

from todotasks.language.candidates.model import Group
from todotasks.language.frames.topics import Topics, foreign_count, ours_count
from todotasks.language.grounding.heard import Heard
from todotasks.language.grounding.stems import stem
from todotasks.language.languages.compiled import get
from todotasks.language.reading.model import Reading
from todotasks.language.words.shared import DETERMINERS, SPEAKERS

Facts = list[tuple[str, float]]

TIME, NUMBER, TITLE = "§time", "§number", "§title"
MOST_WORDS = 40  # of a message; what comes later says nothing of what is wanted
_ENDS = frozenset({"?", ":"})


def wording(heard: Heard, group: Group | None, grammar: Reading) -> Facts:
    """Each fact weighs less in a long message, so that length alone decides nothing."""
    explains = group.explains if group else frozenset()
    words = _words(heard, explains)
    if not words:
        return []
    topics = get(heard.language).topics
    said = {f"word {word}" for word in words}
    said |= {f"two {one} {two}" for one, two in pairwise(words)}
    weight = min(1.0, 2.5 / len(words) ** 0.5)
    out: Facts = [(name, weight) for name in sorted(said)]
    out.append((f"begins {words[0]}", 1.0))
    out.append((f"begins {' '.join(words[:2])}", 1.0))
    out.append((f"ends {words[-1]}", 0.5))
    out += _opening(heard, topics)
    if _things(heard.text):
        out.append(("a list of things", 1.0))
    foreign, ours = foreign_count(topics, heard.words), ours_count(topics, heard.words)
    out.append((f"foreign={min(foreign, 2)}", 1.0))
    out.append((f"ours={min(ours, 2)}", 1.0))
    if heard.words[0] in topics.foreign_verbs:
        out.append(("begins as others do", 1.0))
    framed = "framed" if grammar.framed else "left over"
    out.append((f"{framed} {grammar.action}", 1.0))
    if not grammar.framed and grammar.intent == "create":
        out += _plain(grammar, len(words))
    return out


def _opening(heard: Heard, topics: Topics) -> Facts:
    """What kinds of words it begins with: *errand me* ("get me a taxi") is another thing than *errand thing*
    ("get new tyres"), whichever words they are.
    """
    told = [k for k in range(min(heard.count, MOST_SKIPPED)) if heard.words[k][0].isalnum()][:OPENING]
    if not told:
        return []
    kinds = [_kind(heard, k, topics, first=k == told[0]) for k in told]
    return [(f"opens {' '.join(kinds[:n])}", 1.0) for n in range(1, len(kinds) + 1)]


OPENING = 3  # words that tell how a message begins
MOST_SKIPPED = 6  # words and signs among which they are


def _kind(heard: Heard, k: int, topics: Topics, *, first: bool) -> str:
    word = heard.words[k]
    if k in heard.timed:
        return "time"
    if word.isdigit():
        return "number"
    for words, kind in _KINDS:
        if word in words:
            return kind
    if first:
        for verbs, kind in (
            (topics.asking, "question"),
            (topics.errands, "errand"),
            (topics.task_verbs, "task verb"),
            (topics.foreign_verbs, "foreign verb"),
            (topics.showing, "showing"),
        ):
            if word in verbs:
                return kind
    if heard.past[k] or word in topics.past:
        return "past"
    if heard.small[k]:
        return "small"
    if not first and heard.text[heard.starts[k]].isupper():
        return "name"
    return "foreign" if word in topics.foreign else "ours" if word in topics.ours else "thing"


_KINDS = (
    (frozenset({"me", "us", "mir", "uns", "mich"}), "me"),
    (frozenset({"i", "we", "ich", "wir"}), "i"),
    (frozenset({"you", "u", "du", "ihr"}), "you"),
    (DETERMINERS, "the"),
    (SPEAKERS, "somebody"),
)


def _things(text: str) -> bool:
    """oat milk, eggs, coffee filters: at least three, a few words each."""
    parts = [part.split() for part in _JOINTS.split(text.strip(" .!"))]
    return len(parts) >= LEAST_THINGS and all(0 < len(part) <= MOST_THING for part in parts)


_JOINTS = re.compile(r"\s*[,;+&\n]\s*(?:(?:and|und)\s+)?|\s+(?:and|und)\s+", re.IGNORECASE)
LEAST_THINGS, MOST_THING = 3, 3  # how many they are, and words of one


def _plain(grammar: Reading, count: int) -> Facts:
    """What speaks for a task where no pattern says that it is one."""
    out: Facts = []
    if grammar.due is not None or grammar.recurrence is not None:
        out.append(("left over with a time", 1.0))
    if grammar.tags or grammar.priority or grammar.project or grammar.assignee or grammar.reminders:
        out.append(("left over with a marker", 1.0))
    if not out:
        out.append((f"left over, {min(count, 6)} words", 1.0))
    return out


def _words(heard: Heard, explains: frozenset[int]) -> list[str]:
    out: list[str] = []
    for k in range(min(heard.count, MOST_WORDS)):
        word = heard.words[k]
        if k in explains:
            name = TITLE
        elif k in heard.timed:
            name = TIME
        elif word.isdigit():
            name = NUMBER
        elif word[0].isalnum() or word in _ENDS or word[0] == "'" or word == "n't":
            name = word if heard.small[k] else stem(word)
        else:
            continue
        if not (out and out[-1] == name and name[0] == "§"):
            out.append(name)
    return out
