"""What a command is when no frame fits: a question about our data, another assistant's business, small talk,
or a new task.

Decided by what the words are about and how the sentence begins; the lists are the `topics` of each language.
A line that says nothing else is a task: that is what a todo list is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from todotasks.language.frames.pattern import (
    DURATION,
    OFFSET,
    RULE,
    WHEN,
)
from todotasks.language.words.command_schema import Domain
from todotasks.language.words.shared import (
    ASKS_BEHIND_TIME,
    BEGINS_LIST,
    CLAUSE_BEGINS,
    DETERMINERS,
    FELT,
    INVERTED_VERBS,
    SERVANT_VERBS,
    SHOWING,
    SUBJECTS,
    TOLD_OF,
)

_PLACEHOLDERS = frozenset({WHEN, OFFSET, DURATION, RULE})


class Topics:
    """The lists of a `Domain` as sets."""

    def __init__(self, domain: Domain) -> None:
        def words(text: str) -> frozenset[str]:
            return frozenset(text.split("|"))

        self.ours = words(domain.ours)
        self.foreign = words(domain.foreign) - self.ours
        self.foreign_verbs = words(domain.foreign_verbs)
        self.asking = words(domain.asking)
        self.showing = words(domain.showing)
        self.searching = words(domain.searching)
        self.chat = words(domain.chat)
        self.statements = words(domain.statements)
        self.longest_statement = max((len(text.split()) for text in self.statements), default=1)
        self.past = words(domain.past)
        self.past_helpers = words(domain.past_helpers)
        self.participles = self.past | words(domain.participles)
        self.possessive = words(domain.possessive)
        self.notions = words(domain.notions)
        self.task_verbs = words(domain.task_verbs)
        self.last_verbs = words(domain.last_verbs)
        self.content_verbs = words(domain.content_verbs)
        self.detail_words = words(domain.detail_words)
        self.own_verbs = words(domain.own_verbs)
        self.errands = words(domain.errands)
        self.strong = words(domain.strong)
        self.served = words(domain.served)
        self.listable = words(domain.listable)
        self.describing = words(domain.describing)
        # what a request for a list consists of, and what narrows nothing there
        self.of_lists = (
            self.ours | self.describing | self.listable | self.asking | self.notions | self.possessive
        )


@dataclass(frozen=True, slots=True)
class Traits:
    """What the reader has found out about the command besides its words."""

    when: bool = False
    rule: bool = False
    marked: bool = False  # a tag, a priority, a project, a person
    question: bool = False  # ends with a question mark
    raw: str = ""  # the words as they were said, without signs
    names: frozenset[str] = frozenset()  # first names
    addressed: bool = False  # the second word is written as a name: show Mei the plans


def starts_with(words: Sequence[str], phrases: frozenset[str], longest: int) -> bool:
    return any(" ".join(words[:size]) in phrases for size in range(min(longest, len(words)), 0, -1))


def main_clause(words: Sequence[str]) -> Sequence[str]:
    """sweep the chimney *before it gets cold*: without the clause that says why or when."""
    for k in range(2, len(words) - 1):
        if words[k] in CLAUSE_BEGINS and words[k + 1] in SUBJECTS | DETERMINERS:
            return words[:k]
    return words


def foreign_count(topics: Topics, words: Sequence[str]) -> int:
    return sum(
        1 for word in words if word in topics.foreign or (word[-2:] == "'s" and word[:-2] in topics.foreign)
    )


def ours_count(topics: Topics, words: Sequence[str]) -> int:
    found = sum(
        1 for word in words if word in topics.ours or (word[-2:] == "'s" and word[:-2] in topics.ours)
    )
    return found - sum(1 for one, two in pairwise(words) if one == "play" and two == "list")


def classify(topics: Topics, words: Sequence[str], full: Sequence[str], traits: Traits) -> str:
    """The action of a command that no frame fits. `words` are without fillers, `full` with them."""
    if not words:
        return "none"
    text = " ".join(word for word in words if word.isalpha() or "'" in word or word in _PLACEHOLDERS)
    spoken = " ".join(word for word in full if word not in {",", ".", "!", "?"})
    if spoken in topics.chat or text in topics.chat or traits.raw in topics.chat:
        return "none"
    if (
        len(words) > 1
        and words[0] in {"at", "on", "in", "for", "to", "by", "until", "with", "since"}
        and words[1] in {"what", "which", "whom"}
    ):
        words = words[1:]
    words = _behind_times(words)
    if not (traits.when or traits.rule or traits.marked) and _small_talk(topics, words):
        return "none"
    first = words[0]
    if items(words) and first not in topics.asking | topics.showing | topics.foreign_verbs:
        return "create"
    foreign = foreign_count(topics, words)
    ours = ours_count(topics, words[1:] if first in topics.showing else words)
    if _asks(topics, words, question=traits.question) and not (traits.rule and first not in {"what", "when"}):
        return _question(topics, words, ours, foreign, traits)
    if first in topics.showing:
        shown = _show(topics, words, ours, foreign, traits)
        if shown:
            return shown
    if traits.marked and first not in topics.listable:
        plainly = len(words) > 1 and first in BEGINS_LIST and names_list(topics, words)
        return "list" if plainly else "create"
    if names_list(topics, words) and not traits.rule:
        return "list"
    if traits.question and first not in topics.task_verbs:
        if ours and not foreign:
            return "list"
        if not traits.when:
            return "none"
    return _statement(topics, words, ours, foreign, traits)


def _behind_times(words: Sequence[str]) -> Sequence[str]:
    """*in the last year* how many hours · *on friday and saturday,* what do I have: what is asked then."""
    k = 0
    while k < len(words) - 2 and (words[k] == WHEN or (k and (words[k] in _JOINS or words[k][0].isdigit()))):
        k += 1
    return words[k:] if k and words[k] in ASKS_BEHIND_TIME else words


_JOINS = frozenset({"and", "or", ",", "&", "-", "to", "und", "oder"})


def items(words: Sequence[str]) -> bool:
    """kitchen roll + foil + cling film · oat milk, eggs, coffee filters: things, a few words each."""
    parts: list[list[str]] = [[]]
    for word in words:
        if word in _ITEM_SIGNS:
            parts.append([])
        else:
            parts[-1].append(word)
    short = all(0 < len(part) <= MOST_ITEM and part[0] not in _NO_ITEMS for part in parts)
    return len(parts) >= LEAST_ITEMS and short and words[0].isalpha()


MOST_ITEM, LEAST_ITEMS = 3, 3  # words of one, and how many they are
_ITEM_SIGNS = frozenset({",", "+", "&", "and", "und", ";"})
_NO_ITEMS = frozenset(
    [
        "i",
        "we",
        "you",
        "he",
        "she",
        "it",
        "they",
        "that",
        "this",
        "is",
        "no",
        "yes",
        "ok",
        "please",
        "the",
        "what",
    ]
)


def _small_talk(topics: Topics, words: Sequence[str]) -> bool:
    """thanks, you are great: every part between signs is small talk."""
    if _STOPS.isdisjoint(words):
        return False
    parts: list[list[str]] = [[]]
    for word in words:
        if word in _STOPS:
            parts.append([])
        else:
            parts[-1].append(word)
    return all(
        " ".join(part) in topics.chat or starts_with(part, topics.statements, topics.longest_statement)
        for part in parts
        if part
    )


MOST_ORDER = 3  # words of an order to an assistant: "find a taxi"
_STOPS = frozenset({",", ".", "!", ";"})
_BEGINS_OBJECT = frozenset({"a", "an", "the", "some", "all", "this", "that", "my", "our", "not"})


def _asks(topics: Topics, words: Sequence[str], *, question: bool) -> bool:
    """Does a question begin here? A verb asks only before its subject: "have a meeting" does not."""
    first = words[0]
    if first not in topics.asking:
        return False
    if first not in INVERTED_VERBS or len(words) < 2:
        return True
    second = words[1]
    if second in _BEGINS_OBJECT and first in {"have", "has", "had", "may", "can", "do"}:
        return question  # "do the dishes" is to be done, "do my friends come?" asks
    return (
        second in SUBJECTS or first in {"is", "are", "am", "was", "were", "does", "did"} or second[:1] == "§"
    )


def names_list(topics: Topics, words: Sequence[str]) -> bool:
    """my upcoming events · tasks for tomorrow · overdue tasks: a phrase around a list's name asks for the
    list.
    """
    if (
        len(words) > 7
        or words[0] not in topics.describing | topics.listable
        or (
            words[0] in {"a", "new", "to", "for", "in", "on", "up", "with", "and", "this", "the"}
            and words[-1] not in topics.listable
        )
    ):
        return False
    known = sum(
        1 for word in words if word in topics.describing or word in topics.listable or word in _PLACEHOLDERS
    )
    if known < len(words) and not (
        len(words) - known == 1
        and (words[0] == "my" or (words[0] in topics.listable and words[0][-1] == "s"))
    ):
        return False
    return any(word in topics.listable for word in words) and (
        len(words) > 1 or words[0][-1] == "s" or words[0] in {"schedule", "agenda", "calendar", "list"}
    )


def _question(topics: Topics, words: Sequence[str], ours: int, foreign: int, traits: Traits) -> str:
    names = traits.names
    if {"near", "nearby"} & set(words):
        return "none"
    first, second = words[0], words[1] if len(words) > 1 else ""
    mine = any(word in topics.possessive or word in names for word in words)
    if first in _ASKS_PAST and second in _SPOKEN_TO and not _DONE_FOR_US & set(words[2:4]):
        return "none"  # did you see the match on sunday?
    if foreign and not (
        ours
        and mine
        and words.index(next(w for w in words if w in topics.ours)) < _first_foreign(topics, words)
        if ours
        else False
    ):
        return "none"
    if not ours and asks_calendar(words):
        return "none"
    if ours:
        if first in {"when", "where", "who", "wann", "wo", "wer"} or (
            first == "what" and second in topics.detail_words
        ):
            return "show"
        return "list"
    if first in {"when", "wann"} or (first in {"what", "um"} and second in {"time"}):
        return (
            "show"
            if second in {"is", "are", "does", "do", "will", "did", "time", "ist", "sind"}
            and len(words) <= 8
            and not traits.when
            else "none"
        )
    notions = sum(1 for word in words if word in topics.notions)
    if mine and (notions >= 2 or (notions and traits.when)):
        return "list"
    if (
        traits.when
        and first in {"what", "anything", "any", "was", "welche"}
        and notions
        and not has_place(words)
    ):
        return "list"
    return "none"


_SPOKEN_TO = frozenset({"you", "u", "anyone", "anybody", "everyone", "everybody"})
_ASKS_PAST = frozenset({"did", "were"})
_DONE_FOR_US = frozenset(
    {
        "add",
        "save",
        "note",
        "put",
        "create",
        "delete",
        "remove",
        "remind",
        "set",
        "mark",
        "move",
        "change",
        "get",
    }
)


def _first_foreign(topics: Topics, words: Sequence[str]) -> int:
    return next((i for i, word in enumerate(words) if word in topics.foreign), len(words))


def _show(topics: Topics, words: Sequence[str], ours: int, foreign: int, traits: Traits) -> str:
    first = words[0]
    if words[:3] == ["let", "me", "know"]:
        return "list" if ours else "none"
    if traits.rule and first in topics.content_verbs:
        return ""
    if first == "find" and words[1:2] == ["out"]:
        return ""  # find out who has the key
    if first in topics.searching and traits.when and not ours and not foreign:
        return ""  # find a plumber today
    if first in topics.searching and _errand(topics, words, traits) and not ours:
        return ""
    if first in topics.searching:
        if (
            foreign
            or (not ours and {"me", "a", "an", "this", "some"} & set(words[1:3]))
            or first == "searching"
        ):
            return "none"
        if first == "look" and (len(words) < 2 or words[1] not in {"for", "up", "at"}):
            return ""
        return "search" if not traits.when or ours else ""
    inner = next(
        (
            k
            for k in range(1, min(4, len(words)))
            if words[k] in {"what", "which", "when", "who", "how", "was", "welche", "if", "whether"}
        ),
        0,
    )
    if inner and words[inner] not in {"if", "whether", "how"}:
        return _question(topics, words[inner:], ours, foreign, traits)
    named = traits.addressed or (words[1:2] and words[1] in traits.names)
    if named and len(words) > 2 and traits.when:
        return ""  # show Tom the plans on monday
    if {"everything", "all", "alles"} & set(words[1:3]) and not foreign:
        about = first in topics.content_verbs and {"about", "über"} & set(words[2:4])
        return "" if about else "list"  # read all about kubernetes
    if traits.marked and len(words) <= 3 and not foreign and (len(words) == 1 or first in SHOWING):
        return "list"
    rest = [
        word
        for word in words[1:]
        if word
        not in {
            "me",
            "us",
            "the",
            "my",
            "our",
            "a",
            "all",
            "please",
            "out",
            "up",
            "back",
            "to",
            "know",
            "about",
            "what",
            "is",
            "are",
        }
    ]
    if not {"me", "us", "my", "our"} & set(words) and _errand(topics, words, traits):
        return ""
    if foreign and (
        not ours or _first_foreign(topics, words) < next(i for i, w in enumerate(words) if w in topics.ours)
    ):
        return "" if first in topics.content_verbs and traits.when else "none"
    if ours:
        if first in topics.content_verbs and not rest:
            return ""
        if first in topics.content_verbs and not any(
            word in topics.possessive
            or word
            in {"list", "lists", "calendar", "schedule", "agenda", "the", "tasks", "reminders", "alarms"}
            for word in words
        ):
            return ""
        return (
            "list"
            if first not in {"tell", "open"} or not {"more", "details", "about"} & set(words)
            else "show"
        )
    if first in topics.content_verbs:
        return ""
    if first in {"show", "display", "view", "zeige", "zeig"} and rest and len(words) <= 6:
        return "show"
    return "none"


def _statement(topics: Topics, words: Sequence[str], ours: int, foreign: int, traits: Traits) -> str:
    first = words[0]
    foreign = foreign and foreign_count(topics, main_clause(words))
    if first in TOLD_OF and len(words) > 2 and _told(topics, words[1]) and not traits.rule:
        return "none"  # it rained all day yesterday
    if (
        first in {"turn", "switch", "shut"}
        and len(words) > 1
        and words[1] in {"on", "off", "up", "down"} | topics.foreign | {"the", "it"}
    ):
        return "none"
    if first == "if" and any(word in {"what", "how", "who", "when", "where", "which"} for word in words):
        return "none"
    if len(words) > 1 and words[0] == WHEN and words[1] in {"was", "is"}:
        return "none"
    if words[0] == WHEN and words[1:2] in (["i"], ["we"]) and set(words[2:3]) & FELT:
        return "none"  # today i got rewards
    if (ours and not foreign) or (traits.rule and first not in {"play", "shuffle", "start"}):
        return "create"
    if first in {"buy", "book", "get", "find", "order", "reserve", "call"} and words[1:2] == ["me"]:
        return "none"
    wish = _wish(words)
    if wish and not (traits.when or traits.rule) and words[wish] in topics.foreign_verbs:
        return "none"
    if "play" in words[1:3] and first not in topics.task_verbs and not traits.when:
        return "none"
    if first in topics.foreign_verbs and (foreign or not (traits.when or traits.rule)):
        return "create" if _errand(topics, words, traits) else "none"
    if starts_with(words, topics.statements, topics.longest_statement) and not ours:
        return "none"
    if foreign:
        own = (
            first in topics.task_verbs
            or words[-1] in topics.last_verbs
            or (wish and words[wish] in topics.task_verbs)
        )
        if own and words[1:2] != ["me"] and (traits.when or not topics.served & set(words)):
            return "create"
        if _errand(topics, words, traits):
            return "create"
        if (
            (traits.rule or traits.when)
            and not {"me", "i"} & set(words[:3])
            and first not in SERVANT_VERBS
            and not topics.strong & set(words)
        ):
            return "create"
        return "none"
    return "create"


def _told(topics: Topics, word: str) -> bool:
    """A verb in the past, behind its subject."""
    return word in topics.past or (word[-2:] == "ed" and word[-3:-2] != "e" and len(word) > 4)


def _errand(topics: Topics, words: Sequence[str], traits: Traits) -> bool:
    """order pizza for the team friday noon · reply to the bookings email: to be done, and not asked of us.

    What somebody asks of an assistant is for themselves and for now ("order me a pizza"); with a day, or with
    whose or which thing it is, it is something to do.
    """
    if words[0] not in topics.errands or {"me", "us"} & set(words) or words[-1] in {"please", "now"}:
        return False
    if words[0] in {"reply", "answer", "forward"}:
        return "the" in words[1:4] and len(words) > MOST_ORDER
    if topics.strong & set(words) - topics.served and not traits.when:
        return False
    if words[0] == "send" and topics.strong & set(words[1:4]):
        return False  # "send an email to mom" is asked of a mail program
    if topics.served & set(words) and not traits.when:
        return False
    nouns = set(words[1:]) & topics.foreign
    named = words[1:2] and words[1] in {"the", "our"} and not topics.strong & set(words)
    aimed = bool({"to", "for", "from", "with", "before", "about"} & set(words[2:]))
    return traits.when or (bool(named or aimed) and len(nouns) <= 1 and len(words) > MOST_ORDER)


def _wish(words: Sequence[str]) -> int:
    """Where what is wished for begins: i need to *hear*, i would like to *listen*; 0 where nothing is."""
    if words[0] not in {"i", "we"}:
        return 0
    for position in range(1, min(5, len(words) - 1)):
        if words[position] == "to":
            return position + 1
    return 0


# --- the business of others ---

_DATE_WORDS = frozenset({"day", "date", "week", "month", "year", "time", "weekday"})


def asks_calendar(words: Sequence[str]) -> bool:
    """what day is it · what is the date of next saturday · what time is it in tokyo: the calendar's
    business, not ours.
    """
    if words[0] in {"what", "which"} and len(words) > 1:
        if (
            words[1] in _DATE_WORDS
            and len(words) > 2
            and words[2] in {"is", "does", "of", "will", "was", "did"}
        ):
            return (
                len(words) < 4
                or words[3] in {"it", "the", "today", "tomorrow", WHEN, "in"} | _DATE_WORDS
                or WHEN in words[3:5]
            )
        if words[1] == "is" and len(words) > 2:
            rest = [
                word
                for word in words[2:]
                if word not in {"the", "current", "local", "today's", "exact", "it"}
            ]
            return bool(rest) and rest[0] in _DATE_WORDS
    return (
        words[0] == "how"
        and len(words) > 2
        and words[1] == "many"
        and words[2] in {"days", "weeks", "months", "hours", "years"}
    )


def has_place(words: Sequence[str]) -> bool:
    """in la · near me · at the theater: asked about somewhere, not about us"""
    return any(
        word in {"near", "around", "nearby", "downtown"} or (word in {"in", "at"} and i + 1 < len(words))
        for i, word in enumerate(words)
    )
