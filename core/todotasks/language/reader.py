"""`parse`: a message in, a `Reading` out. No network, no clock, no state: the same words always mean the
same.

text ─ tokens ─ commands ─┬─ markers, reminders, recurrence, time expressions   (found and used up)
                          ├─ words ─ frame, or classify ─ action
                          └─ slots ─ Reading
"""

from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from todotasks.language import beside
from todotasks.language.frames import markers
from todotasks.language.frames import topics as classify
from todotasks.language.frames.pattern import (
    LITERAL,
    OFFSET,
    RULE,
    WHEN,
    Frame,
    Match,
    Matcher,
)
from todotasks.language.frames.utterance import plain_imperative, speak, strip
from todotasks.language.languages import borrowed
from todotasks.language.languages.borrowed import in_own_words
from todotasks.language.languages.compiled import Language, get
from todotasks.language.languages.detect import guess_language
from todotasks.language.languages.mixed import language_of
from todotasks.language.lexer import dictated, identifiers, itemised, segment, tokens
from todotasks.language.lexer.tokens import Tokens
from todotasks.language.reading.model import Context, Reading
from todotasks.language.recurrence import surroundings
from todotasks.language.slots import conditions, existing, reminders, reports
from todotasks.language.slots.build import reading
from todotasks.language.slots.draft import Draft
from todotasks.language.slots.fill import CREATES, Assembly
from todotasks.language.slots.references import POINTERS
from todotasks.language.time import find
from todotasks.language.time.expression import Scan
from todotasks.language.words import roles
from todotasks.language.words.shared import (
    ADDS_THAT,
    ALL_OF_THEM,
    COURTEOUS_BEHIND,
    FINITE,
    ONLY_THIS,
    POINTS_BACK,
    SAID_OF,
    SAYS_ADD,
    SLASH_COMMANDS,
    SPEAKERS,
    TELLING,
)

# Characters that are read. What follows is text: it belongs to notes that reach so far, else the reading says
# that it was not read. A title has at most 512 characters.
LONGEST = 2_000
MOST_WORDS = 500  # words and signs
MOST_CHAT = 8  # words of small talk
MOST_GREETING = 4  # words before a command that need no remark: "good morning, …"
MOST_DENIED = 4  # words behind "no": a thing and its day
SAME_TIMES = frozenset({"time", "hour", "zeit", "uhrzeit", "slot", "place"})
SAME_TIME_LINKS = frozenset({",", "at", "the", "and", "um", "die", "zur", "but", "keep"})
MOST_REFERENCE = 6  # words that only point: "the first and the last one"
NO_CONTEXT = Context()


def parse(text: str, now: datetime, zone: tzinfo = UTC, context: Context = NO_CONTEXT) -> Reading:
    """Read a message as of `now` in `zone`. A naive `now` is wall-clock time there."""
    beyond, text = text[LONGEST:], text[:LONGEST]
    local = now.astimezone(zone).replace(tzinfo=None) if now.tzinfo else now
    name = context.language if context.language != "auto" else guess_language(text)
    language = language_of(name, text)
    t = read_tokens(text, language)
    if t.count > MOST_WORDS:
        beyond = text[t.ends[MOST_WORDS - 1] :] + beyond
        t = segment.part(t, 0, MOST_WORDS)
    if not t.count:
        return Reading(action="none", language=name, remarks=("nothing was said",))
    identifiers.keep(t)
    listed, ranges = cut(t, language)
    pieces = [t] if len(ranges) == 1 else [segment.part(t, a, b) for a, b in ranges]
    readings: list[Reading] = []
    for piece, (begin, _) in zip(pieces, ranges, strict=True):
        found = _told(language, piece, local, zone, context, new=bool(listed))
        if found.action == "none" and _goes_on(t, begin) and readings and readings[-1].intent == "create":
            found = _read(language, piece, local, zone, context, new=True)
        readings.append(found)
    if not listed and len(readings) > 1:
        readings = _sharing(readings, t, ranges)
    if len(readings) > 1:
        readings, pieces = beside.merged(readings, pieces)
    readings = _ours(readings, pieces)
    if any(reading.parts for reading in readings):
        readings = [part for reading in readings for part in _parts_of(reading, language)]
    if beyond:
        readings[-1] = _continued(readings[-1], beyond)
    return replace(readings[0], more=tuple(readings[1:])) if len(readings) > 1 else readings[0]


def _told(
    language: Language, t: Tokens, now: datetime, zone: tzinfo, context: Context, *, new: bool
) -> Reading:
    """A command, or the command behind what was told before it: "it rains anyway, so scrap the picnic"."""
    if not new and (end := beside.greeting(language, t)):
        t = segment.part(t, end, t.count)
    if not new and (end := _adds_it(t)):
        said = _read(language, segment.part(t, 0, end), now, zone, context)
        if said.intent in {"create", "none", "list"}:
            return _read(language, segment.part(t, 0, end), now, zone, context, new=True)
    if not new:
        both = beside.read(language, t, context, lambda part: _read(language, part, now, zone, context))
        if both is not None:
            return both
    places = [] if new else _behind_preambles(language, t)
    whole = segment.part(t, 0, t.count) if places else t
    found = _read(language, whole, now, zone, context, new=new)
    if found.framed or found.intent not in {"create", "none", "complete"}:
        return found
    for k in places:
        rest = _read(language, segment.part(t, k, t.count), now, zone, context)
        if (
            rest.framed
            and rest.intent not in {"none", "help", "undo"}
            and (rest.reference is None or POINTS_BACK.isdisjoint(t.words[k : t.count]))
        ):
            left = f'"{t.slice_text(0, k).strip(" ,.!-")}" was left out'
            return replace(rest, remarks=(*rest.remarks, left)) if k > MOST_GREETING else rest
    return found


def _adds_it(t: Tokens) -> int:
    """my bike needs fixing, *can you put that on the list*: where the words end that "that" stands for."""
    for k in range(t.count - 2, 1, -1):
        if t.words[k] in {",", ".", "!", ";", "-"}:
            rest = [word for word in t.words[k + 1 : t.count] if word.isalpha()]
            short = 1 < len(rest) <= MOST_ADDING and all(word in ADDS_THAT for word in rest)
            return k if short and not POINTS_BACK.isdisjoint(rest) and not SAYS_ADD.isdisjoint(rest) else 0
    return 0


MOST_ADDING = 12  # words


def _fills(language: Language, t: Tokens, k: int) -> bool:
    """Is it a word between clauses: ok, so, and?"""
    word = t.words[k]
    return word in language.separators or (word,) in language.opening.get(word, ())


def _parts_of(found: Reading, language: Language) -> list[Reading]:
    """split the move into *pack boxes, hire van and clean flat*: a task each, below the same."""
    if not found.parts or not found.title:
        return [found]
    t = read_tokens(found.title, language)
    out: list[str] = []
    begin = 0
    for k in range(t.count + 1):
        if k == t.count or t.words[k] in {",", ";", "&"} or t.words[k] in language.separators:
            if k > begin:
                out.append(t.slice_text(begin, k))
            begin = k + 1
    return [replace(found, title=title, parts=False) for title in out]


def _behind_preambles(language: Language, t: Tokens) -> list[int]:
    """Where a command may begin behind a clause that only tells: behind a comma, "so", "but"."""
    begin = 0
    while begin < t.count and _fills(language, t, begin):
        begin += 1
    told = t.words[begin] in language.tells or any(
        t.words[k] in SAID_OF for k in range(begin + 1, min(begin + MOST_SUBJECT, t.count))
    )
    if not told:
        return []
    out = []
    for parting in range(begin + LEAST_PREAMBLE, t.count - 1):
        if t.words[parting] not in _PARTS or (t.words[parting] in _PARTS_SIGNS and not t.gaps[parting + 1]):
            continue
        k = parting + 1
        while k < t.count and (t.words[k] in _PARTS or _fills(language, t, k)):
            k += 1
        if k < t.count - 1:
            out.append(k)
    return out[:MOST_PREAMBLES]


_PARTS_SIGNS = frozenset({",", "-", ".", "!", ":"})
_PARTS = _PARTS_SIGNS | {"so", "but", "also", "aber", "deshalb", "darum"}
MOST_SUBJECT = 4  # words before the verb of such a clause: "die Lieferung aus Kiel *kommt* …"
LEAST_PREAMBLE = 2  # words of a clause that only tells
MOST_PREAMBLES = 3


def read_tokens(text: str, language: Language) -> Tokens:
    """The words of a message, without what dictation put between them."""
    t = tokens.read(text, language.lexicon)
    dictated.clear(t, language.hesitations, language.spoken_signs)
    return t


def cut(t: Tokens, language: Language) -> tuple[bool, list[tuple[int, int]]]:
    """Its commands as ranges of tokens, and whether they are the items of a list."""
    listed = itemised.items(t)
    topics = language.topics
    return bool(listed), listed or segment.cuts(t, topics.task_verbs, topics.last_verbs)


def _sharing(readings: list[Reading], t: Tokens, ranges: list[tuple[int, int]]) -> list[Reading]:
    """email Tom and print the tickets *tomorrow*: a time at the end of tasks in one breath is said of all."""
    last = readings[-1]
    if last.due is None or any(
        r.action != "create" or r.framed or (k < len(readings) - 1 and (r.due or r.recurrence))
        for k, r in enumerate(readings)
    ):
        return readings
    spans = [span for span in last.spans if span.slot == "due"]
    breath = not any(t.words[end] in {".", "!", ";"} or "\n" in t.text for _, end in ranges[:-1])
    if not breath or not spans or spans[-1].end < t.ends[t.count - 1]:
        return readings
    remark = f'"{spans[-1].text}" was read for all of them'
    earlier = [replace(reading, due=last.due) for reading in readings[:-1]]
    return [*earlier, replace(last, remarks=(*last.remarks, remark))]


def _goes_on(t: Tokens, begin: int) -> bool:
    """wash car; vacuum car; polish car: what follows a semicolon or a new line goes on as it began."""
    line = begin > 0 and "\n" in t.text[t.ends[begin - 1] : t.starts[begin]]
    parted = begin > 0 and (line or t.words[begin - 1] in {";", "-", "*"})
    return parted and "?" not in t.words


def _ours(readings: list[Reading], pieces: list[Tokens]) -> list[Reading]:
    """hey, add milk: what is none of our business gives way to the commands beside it, and is remarked."""
    commands = any(reading.framed and reading.action != "none" for reading in readings)
    told = [
        commands
        and not reading.framed
        and reading.action == "create"
        and piece.words[0] in get(reading.language).tells
        and not (reading.due or reading.recurrence or reading.tags)
        for reading, piece in zip(readings, pieces, strict=True)
    ]  # "we are not going after all, so remove …"
    readings = [
        replace(reading, action="none") if only else reading
        for reading, only in zip(readings, told, strict=True)
    ]
    kept = [reading for reading in readings if reading.action != "none"]
    if not kept or len(kept) == len(readings):
        return readings
    unread = [
        f'"{piece.slice_text(0, piece.count)}" was left out'
        for reading, piece in zip(readings, pieces, strict=True)
        if reading.action == "none" and piece.count > MOST_GREETING
    ]
    return [replace(kept[0], remarks=(*kept[0].remarks, *unread)), *kept[1:]] if unread else kept


def _continued(last: Reading, beyond: str) -> Reading:
    """Text beyond what is read: the end of notes that reach so far, else said to be unread."""
    if last.notes is not None:
        return replace(last, notes=last.notes + beyond)
    return replace(last, remarks=(*last.remarks, "only the beginning of the message was read"))


def _read(
    language: Language, t: Tokens, now: datetime, zone: tzinfo, context: Context, *, new: bool = False
) -> Reading:
    """One command. `new`: it is known to be a new task."""
    box = _check_box(t) if not _named_command(t) else ("", 2 if t.words[1] in {"todo", "task"} else 1)
    found = markers.find(t, language.lists)
    lead = reminders.lead_time(t)
    nag = reminders.nag(t)
    offsets = reminders.find(t)
    used = {k for marker in found if not _spoken_marker(t, marker) for k in range(marker.i, marker.j)}
    used.update(range(lead.i, lead.j) if lead else ())
    used.update(k for i, j in (nag.tokens if nag else ()) for k in range(i, j))
    used.update(k for offset in offsets for k in range(offset.i, offset.j))
    used.update(range(box[1]))
    if not language.hesitations.isdisjoint(t.words):
        used.update(k for k in range(t.count) if t.words[k] in language.hesitations and t.count > 1)
    used.update(k for k in range(1, min(t.count, MOST_COURTEOUS)) if _courteous(t, k, language))
    used.update(_same_time(t))
    which, said = _occurrences(t)
    used.update(said)
    while t.begin in used or (t.words[t.begin] == "p" and t.numbers[t.begin + 1] > 0):
        t.begin += 1 if t.begin in used else 2
    order = context.day_order or language.lexicon.tables.day_order
    s = Scan(t, now, order == "DMY", context.day_parts)
    rule = surroundings.find_rule(s)
    nagged = reminders.nag_of(rule, t) if nag is None else None
    if rule is not None and not rule.weak:
        used.update(k for begin, end in rule.extra for k in range(begin, end))
    whens = find.find(s)
    if nagged is not None:
        rule, nag = None, nagged[0]
        used.update(k for i, j in nag.tokens for k in range(i, j))
        whens = [nagged[1], *whens]
    told = reminders.tail(t)
    tail_whens = [when for when in whens if when.i >= told and when.mode != "bare"]
    if (
        tail_whens
        and len(tail_whens) < len(whens)
        and all(
            t.words[k] in TELLING for k in range(told, t.count) if not any(w.i <= k < w.j for w in tail_whens)
        )
    ):
        whens = [when for when in whens if when.i < told]
        used.update(range(told, t.count))
    else:
        tail_whens = []
    again = reminders.again(t, whens) if rule is None else []
    for each in again:
        used.update(range(whens[whens.index(each) - 1].j, each.j))
    whens = [when for when in whens if when not in again]
    spoken = speak(t, whens, rule, used, language)
    strip(spoken, language.opening, language.closing)
    plain_imperative(spoken, *language.polite, language.frames.by_first)
    spoken.words = in_own_words(language.name, spoken.words)
    command = Draft(language, s, context, found, offsets, rule, whens, spoken, used)
    command.occurrences = which
    command.told, command.again, command.lead, command.nag = tail_whens, again, lead, nag
    action, match = box[0], None
    if action == "complete":
        match = Match(_unwritten(action), {"target": (0, len(command.words))})
    elif not action:
        command, action, match = _action(command, t)
        if new and action not in CREATES:
            action, match = "create", None
    framed = match is not None and bool(match.frame.elements)
    parts = match is not None and "+parts" in match.frame.effects
    return replace(reading(Assembly(command, action, match, zone)), framed=framed, parts=parts)


MOST_COURTEOUS = 5  # words from the beginning that may be courtesy


def _courteous(t: Tokens, k: int, language: Language) -> bool:
    """lösch *bitte* die Aufgabe, remind me *please* to …: behind the verb or its object."""
    small = t.words[k] in language.courtesy and k < t.count - 1 and t.kinds[k] == tokens.WORD
    return small and (k == 1 or t.words[k - 1] in COURTEOUS_BEHIND or t.words[k - 1] in language.courtesy)


def _same_time(t: Tokens) -> range:
    """move it to monday, *same time*: said of what a new day keeps anyway."""
    for k in range(1, t.count):
        if t.words[k] in {"same", "selben", "gleichen", "selbe", "gleiche"} and t.words[k + 1] in SAME_TIMES:
            begin = k
            while begin > 1 and t.words[begin - 1] in {
                ",",
                "at",
                "the",
                "and",
                "um",
                "die",
                "zur",
                "same",
                "but",
            }:
                begin -= 1
            t.blank(begin, k + 2)
            return range(begin, k + 2)
    return range(0)


def _occurrences(t: Tokens) -> tuple[str | None, range]:
    """just this once · all future ones: one occurrence or all of them, and the tokens that say so."""
    for phrases, which in ((ONLY_THIS, "this"), (ALL_OF_THEM, "all")):
        for phrase in phrases:
            size = len(phrase)
            for k in range(t.count - size + 1):
                if tuple(t.words[k : k + size]) == phrase and t.count > size + 1:
                    begin = k - 1 if k and t.words[k - 1] == "," else k
                    end = k + size + (t.words[k + size] == ",")
                    t.blank(begin, end)
                    return which, range(begin, end)
    return None, range(0)


def _spoken_marker(t: Tokens, marker: markers.Marker) -> bool:
    """p1 stays among the words: "set the report to p1" needs it."""
    return marker.slot == "priority" and t.words[marker.i] == "p" and marker.j - marker.i == 2


def _named_command(t: Tokens) -> bool:
    """/remind me … · task add …: a command by its name, as Slack and Taskwarrior have it."""
    glued = t.words[0] == "/" and not t.gaps[1]
    return t.words[1] in SLASH_COMMANDS and (
        glued or (t.words[0] == "task" and t.words[1] in {"add", "done", "list"})
    )


def _check_box(t: Tokens) -> tuple[str, int]:
    """- [x] done, - [ ] to do: the action, and how many tokens say so."""
    k = 1 if t.words[0] in {"-", "*"} else 0
    if t.words[k] == "[" and t.words[k + 1] in {"x", "✓", "✔"} and t.words[k + 2] == "]":
        return "complete", k + 3
    if t.words[k] == "[" and t.words[k + 1] == "]":
        return "create", k + 2
    if t.words[0] == "x" and t.gaps[1] and t.count > 2 and t.kinds[1] == tokens.WORD:
        return "complete", 1  # as todo.txt has it
    if t.words[0] == "x" and t.gaps[1] and t.count == 2 and t.kinds[1] == tokens.NUMBER:
        return "complete", 1  # x 3
    if (
        t.numbers[0] >= 0
        and t.words[1] in {".", ")"}
        and t.gaps[2]
        and not t.gaps[1]
        and t.count > 3
        and not t.masks[2] & roles.MONTH
    ):
        return "", 2  # 1. buy stamps
    return "", (1 if k and t.gaps[1] else 0)


OF_A_NOUN = frozenset({"recurrence-skip", "snooze", "reschedule", "delete", "update"})


def _action(command: Draft, t: Tokens) -> tuple[Draft, str, Match | None]:
    """What a command does, and the draft that says so: that of an order in another language is its own."""
    words = command.words
    if "?" in t.words and all(kind == tokens.SIGN for kind in t.kinds[: t.count]):
        return command, "help", None
    if not words:
        return command, ("create" if command.markers else "none"), None
    language = command.language
    if len(words) < MOST_GREETING and any(
        tuple(words) == each for each in language.closing.get(words[-1], ())
    ):
        return command, "none", None  # yes please
    if match := _framed(command):
        return command, match.frame.action, match
    small = command.text_of((0, 1)).islower()
    for other, said in borrowed.orders(language, words, written_small=small):
        order = command.said_as(other, said)
        if match := _framed(order):
            return order, match.frame.action, match
    return command, *_unmatched(command, t)


def _framed(command: Draft) -> Match | None:
    """The first frame that fits."""
    words, language = command.words, command.language
    matcher = Matcher(words)
    about = (
        len(words) > 2 and words[1] in FINITE and words[0].isalpha() and words[0] not in SPEAKERS
    )  # skip needs emptying: a verb of a command that is a noun
    for frame in language.frames.candidates(words):
        slots = matcher.fit(frame)
        if slots is None:
            continue
        if about and frame.elements[0][0] == LITERAL and frame.action in OF_A_NOUN:
            continue
        match = Match(frame, slots)
        if conditions.fits(command, match) and _is_ours(command, match):
            return match
    return None


def _unmatched(command: Draft, t: Tokens) -> tuple[str, Match | None]:
    """What a command does that no frame fits."""
    words, language = command.words, command.language
    traits = classify.Traits(
        when=command.has("when"),
        rule=RULE in words,
        marked=any(marker.slot for marker in command.markers),
        question=_asks(t),
        raw=" ".join(word for word in t.words if word.isalpha()) if t.count < MOST_CHAT else "",
        names=language.lists.names,
        addressed=existing.addressed(command),
    )
    full = command.spoken.words
    action, target = _unframed(command)
    if action:
        return action, Match(_unwritten(action), {"target": target})
    return classify.classify(language.topics, words, full, traits), None


def _unwritten(action: str) -> Frame:
    """The frame of an action that no pattern says."""
    return Frame(action, (), (), frozenset(), 0, ())


def _unframed(command: Draft) -> tuple[str, tuple[int, int]]:
    """What no frame says: a bare reference, a "no" before a thing, a report. The action and its target."""
    words = command.words
    count = len(words)
    if count <= MOST_REFERENCE and not command.markers and _refers(command):
        return "show", (0, count)
    if words[0] == "more" and _denied(command):
        return "recurrence-stop", (1, count - (words[-1] == RULE))
    if words[-1] in {WHEN, OFFSET} and _denied(command):
        return "recurrence-skip", (0, count - 1)
    if (end := _denied_why(command)) > 0:
        return "recurrence-skip", (0, end)
    if tuple(words[:2]) in _THAT_IS and reports.that_is_done(command):
        return "complete", (2, count)
    if reports.ends_done(command):
        return "complete", (0, reports.name_ends(command))
    begin = reports.reported_at(command)
    return ("", (0, 0)) if begin is None else ("complete", (begin, count))


_THAT_IS = frozenset({("that", "is"), ("there", "goes"), ("das", "ist")})


def _denied(command: Draft) -> bool:
    """no standup this friday: the "no" stands before as a filler, and what follows names a thing."""
    return _denies(command, command.words)


def _denies(command: Draft, words: list[str]) -> bool:
    spoken, topics = command.spoken, command.language.topics
    return (
        spoken.begin > 0
        and spoken.words[spoken.begin - 1] == "no"
        and 1 < len(words) <= MOST_DENIED
        and words[0] not in topics.task_verbs
        and words[0] not in topics.asking
        and all(when.mode not in {"until", "before", "after", "since"} for when in command.whens)
    )


def _denied_why(command: Draft) -> int:
    """no football this sunday *pitch is flooded*: where the name ends before a day and what tells why."""
    words = command.words
    end = next((k for k, word in enumerate(words[:MOST_DENIED]) if word in {WHEN, OFFSET}), 0)
    behind = words[end + 1 :]
    told = (
        end > 0 and len(behind) > 1 and not FINITE.isdisjoint(behind[1:] if behind[0] != "," else behind[2:])
    )
    return end if told and _denies(command, words[: end + 1]) else 0


def _refers(command: Draft) -> bool:
    """the second one · 2 · both: nothing but a reference to what was shown."""
    t, i = command.t, command.tokens_of((0, 1))[0]
    points = t.kinds[i] in {tokens.NUMBER, tokens.ORDINAL} or t.masks[i] & _POINTS
    if not points and t.words[i] not in POINTERS:
        return False
    found = command.referent_of((0, len(command.words)))
    return bool(found.ordinals or found.reference)


_POINTS = roles.ORD | roles.ARTICLE | roles.LAST_OF


def _asks(t: Tokens) -> bool:
    return "?" in t.words[max(t.count - 2, 0) : t.count]


_GATED = frozenset(
    {"update", "reschedule", "recurrence-change", "recurrence-skip", "recurrence-stop", "snooze"}
)


_SWITCHES = frozenset({"turn", "switch", "shut"})
_MOVING = frozenset({"make", "start", "move", "push", "bring", "have"})


def _is_ours(command: Draft, match: Match) -> bool:
    """A change to the lights or the volume fits a frame too, and is none of our business."""
    topics = command.language.topics
    if match.frame.action not in _GATED or command.markers:
        return True
    words = command.words
    if words[0] in topics.own_verbs or {"due", "deadline"} & set(words):
        return True
    if words[1:2] in (["off"], ["back"]) and words[0] not in topics.foreign_verbs | _SWITCHES:
        return True  # put off the call
    if (
        match.frame.action == "reschedule"
        and words[0] in _MOVING
        and words[1:2] in (["the"], ["my"], ["our"])
    ):
        return True
    if classify.ours_count(topics, words) or not classify.foreign_count(topics, words):
        return True
    return bool({"priority", "prio", "due", "deadline"} & set(words)) or not (
        topics.foreign & set(command.words_of(match.slots["target"])) if "target" in match.slots else True
    )
