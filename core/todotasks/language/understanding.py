"""`understand`: a message and what is in sight in, one decision out: do this, ask this, or say what was not
understood.

    text ─ parse ─ grammar ─┐
    text ─ hear ─ match ─ groups ─ propose ─ facts ─ weights ─ decide ─ Understanding

Pure: no I/O, no clock. Every door (chat, `kubectl todo`, MCP's `say`, the page's preview) calls this one
function.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from todotasks.language.candidates.clauses import clauses
from todotasks.language.candidates.fill import fill
from todotasks.language.candidates.groups import groups
from todotasks.language.candidates.kinds import grammar_of
from todotasks.language.candidates.model import UPDATES, Candidate, Group
from todotasks.language.candidates.propose import propose
from todotasks.language.corrections import read_correction
from todotasks.language.grounding.heard import Heard, hear
from todotasks.language.grounding.match import match
from todotasks.language.grounding.sight import Sight
from todotasks.language.ranking.decide import Verdict, decide
from todotasks.language.ranking.facts import Facts, facts
from todotasks.language.ranking.model import Weights, chances, score, stored
from todotasks.language.ranking.wording import wording
from todotasks.language.reader import parse
from todotasks.language.reading.model import Context, Reading
from todotasks.language.words.de import cues as de
from todotasks.language.words.en import cues as en


@dataclass(frozen=True, slots=True)
class Considered:
    """A message with all that it may mean, before anything is decided."""

    heard: Heard
    sight: Sight
    grammar: Reading
    candidates: tuple[Candidate, ...]
    facts: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a message. `reading` is what is done where nothing is asked; `choices` are what is
    asked."""

    reading: Reading
    candidate: Candidate
    asks: bool = False
    choices: tuple[tuple[Candidate, Reading], ...] = ()
    unused: tuple[str, ...] = ()  # words that no part of the reading explains
    text: str = ""  # its part of the message, in which its spans count
    ranked: tuple[Candidate, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message comes to, command by command."""

    steps: tuple[Step, ...]

    @property
    def asks(self) -> bool:
        return any(step.asks for step in self.steps)

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(step.reading for step in self.steps)

    @property
    def reading(self) -> Reading:
        """All of it as one reading with what follows it."""
        first, *more = self.readings
        return replace(first, more=tuple(more))


def consider(
    text: str, now: datetime, context: Context, sight: Sight, grammar: Reading | None = None
) -> Considered:
    """All candidates of one command, with their facts. `now` is naive, in the person's zone."""
    if grammar is None:
        grammar = parse(text, now, context=context)
    heard = hear(text, now, grammar.language, context)
    found = groups(heard, sight, match(heard, sight), grammar)
    candidates = propose(heard, sight, found, grammar)
    made: dict[int, Facts] = {}
    nearest = found[0] if found else None
    alone = facts(heard, nearest, sight, grammar) + wording(heard, nearest, grammar)

    def of(group: Group | None) -> Facts:
        if group is None:
            return alone
        if id(group) not in made:
            made[id(group)] = facts(heard, group, sight, grammar)
        return made[id(group)]

    return Considered(heard, sight, grammar, tuple(candidates), tuple(of(each.group) for each in candidates))


NO_CONTEXT = Context()
MOST_TOLD = 5  # candidates that are told with what spoke for them
OVERRULES = 0.5  # chance from which the grammar is overruled where nothing in sight is named
OVERRULES_FRAME = 0.7  # the same where a pattern says so
SURE = 0.55  # chance from which the parts of a message are taken for commands of their own


def understand(
    text: str,
    now: datetime,
    zone: tzinfo = UTC,
    context: Context = NO_CONTEXT,
    sight: Sight = Sight(),  # noqa: B008 - frozen, and empty
    weights: Weights | None = None,
) -> Understanding:
    """Decide what a message means to somebody who sees `sight`.

    A naive `now` is wall-clock time in `zone`.
    """
    known = weights if weights is not None else stored()[0]
    local = now.astimezone(zone).replace(tzinfo=None) if now.tzinfo else now
    whole = parse(text, now, zone, context)
    one = _step(text, now, local, zone, context, sight, known)
    if (mended := _instead(text, now, local, zone, context, sight, known)) is not None:
        return mended
    for parts in clauses(text, whole):
        own = _own_readings(text, whole, parts)
        steps = [
            _step(part, now, local, zone, context, sight, known, reading)
            for part, reading in zip(parts, own, strict=True)
        ]
        if _better_apart(one, steps, cut_by_grammar=bool(whole.more)):
            return Understanding(_pointing_back(steps))
    return Understanding((one,))


def _pointing_back(steps: list[Step]) -> tuple[Step, ...]:
    """Assign the bug to Kim and *make it high*: "it" is the thing in sight that was named before."""
    out: list[Step] = []
    for step in steps:
        before = out[-1] if out else None
        points = step.candidate.group is None and step.reading.reference == "it" and not step.asks
        if points and before is not None and len(before.reading.names) == 1 and not before.asks:
            named = before.reading
            reading = replace(step.reading, names=named.names, target=named.target, reference=None)
            candidate = replace(step.candidate, group=before.candidate.group)
            step = replace(step, reading=reading, candidate=candidate)  # noqa: PLW2901
        out.append(step)
    return tuple(out)


def _own_readings(text: str, whole: Reading, parts: list[str]) -> list[Reading | None]:
    """What the grammar read each part as, where it has cut so: "add eggs and flour" adds both."""
    if len(whole.commands) != len(parts):
        return [None] * len(parts)
    out: list[Reading | None] = []
    at = 0
    for part, reading in zip(parts, whole.commands, strict=True):
        at = max(text.find(part, at), at)
        spans = tuple(
            replace(span, start=span.start - at, end=span.end - at)
            for span in reading.spans
            if span.start >= at
        )
        out.append(replace(reading, spans=spans, more=()))
    return out


def _instead(
    text: str, now: datetime, local: datetime, zone: tzinfo, context: Context, sight: Sight, weights: Weights
) -> Understanding | None:
    """not the plumber, the electrician: what was completed is open again, and the other one is done."""
    found = read_correction(text, now, zone, context)
    if found is None or found.was is None or found.meant is None:
        return None
    before = _step(f"{found.was} is not done", now, local, zone, context, sight, weights)
    after = _step(f"{found.meant} is done", now, local, zone, context, sight, weights)
    if before.candidate.group is None or after.candidate.group is None:
        return None
    if before.candidate.action != "reopen" or after.candidate.action != "complete":
        return None
    return Understanding((before, after)) if not (before.asks or after.asks) else None


def _better_apart(one: Step, steps: list[Step], *, cut_by_grammar: bool) -> bool:
    """Are the parts commands of their own? Each must be sure, and name another thing or make one."""
    named = [frozenset(step.candidate.group.things) for step in steps if step.candidate.group is not None]
    if len(set(named)) < len(named):
        return False
    actions = {step.candidate.action for step in steps}
    changes = not actions & {"list", "none"}
    if cut_by_grammar:
        return True
    if not changes or len(named) != len(steps):
        return False
    own = one.candidate.group
    if own is not None and len(own.things) > 1 and one.candidate.chance > SURE:
        return len(actions) > 1 or len(own.things) < len(named)
    return all(step.candidate.chance > SURE for step in steps)


def _step(
    text: str,
    now: datetime,
    local: datetime,
    zone: tzinfo,
    context: Context,
    sight: Sight,
    weights: Weights,
    grammar: Reading | None = None,
) -> Step:
    whole = grammar is None or bool(grammar.more)  # of a part that the grammar has cut its reading stands
    if grammar is None:
        grammar = parse(text, now, zone, context)
    considered = consider(text, local, context, sight, grammar)
    ranked = rank(considered, weights)
    filled: dict[int, Reading | None] = {}

    def reading(candidate: Candidate) -> Reading | None:
        if id(candidate) not in filled:
            filled[id(candidate)] = fill(
                candidate, considered.heard, sight, considered.grammar, now, zone, context
            )
        return filled[id(candidate)]

    while len(ranked) > 1 and reading(ranked[0]) is None:
        ranked = _shared(ranked[1:])
    overrules = OVERRULES_FRAME if considered.grammar.framed else OVERRULES
    ranked = _with_grammar_first(ranked, considered.grammar, overrules if whole else 1.1)
    ranked = _pointing_first(ranked, considered.grammar, sight)
    ranked = _asking_changes_nothing(ranked, considered.heard)
    ordered = grammar_of(considered.grammar) == "delete" and _orders(considered.heard)
    true = frozenset(name for name, value in _facts_of(considered, ranked[0]) if value)
    verdict = decide(ranked, true, ordered=ordered, unused=len(_unused(considered, ranked[0])))
    best = reading(verdict.chosen)
    if best is None:
        best = considered.grammar
    choices = _choices(verdict, reading)
    if not verdict.asks and _may_mean_reminders(best, considered, verdict.chosen):
        verdict = replace(verdict, asks=True)
        choices = ((verdict.chosen, best), (verdict.chosen, replace(best, clear_reminders=True)))
    return Step(
        reading=best,
        candidate=verdict.chosen,
        asks=verdict.asks,
        choices=choices,
        unused=_unused(considered, verdict.chosen),
        text=text,
        ranked=tuple(replace(each, why=why(considered, each, weights)) for each in ranked[:MOST_TOLD]),
    )


def _shared(ranked: list[Candidate]) -> list[Candidate]:
    """What is left when one cannot be after all: its chance is theirs."""
    total = sum(each.chance for each in ranked) or 1.0
    return [replace(each, chance=each.chance / total) for each in ranked]


def _with_grammar_first(ranked: list[Candidate], grammar: Reading, overrules: float) -> list[Candidate]:
    """Where nothing in sight is named, the grammar's verdict stands unless another is all but sure."""
    own = grammar_of(grammar)
    if ranked[0].chance >= overrules:
        return ranked
    if any(each.group is not None for each in ranked):
        # A pattern that says what is changed of something in sight.
        said = grammar.framed and grammar.target and own in UPDATES
        return sorted(ranked, key=lambda each: each.action != own) if said else ranked
    return sorted(ranked, key=lambda each: each.action != own)


_ASKING = frozenset(
    {"which", "what", "when", "who", "where", "whose", "welche", "was", "wann", "wer", "wo", "wessen"}
)


def _asking_changes_nothing(ranked: list[Candidate], heard: Heard) -> list[Candidate]:
    """Which doctor is *first* on Monday? is no order."""
    asks = heard.text.rstrip().endswith("?") and heard.words[:1] and heard.words[0] in _ASKING
    kept = [each for each in ranked if each.action in {"list", "none", "help", "create"}]
    return kept if asks and kept else ranked


def _pointing_first(ranked: list[Candidate], grammar: Reading, sight: Sight) -> list[Candidate]:
    """assign *it* to Lena: what the talk is about, also where there is a "review with Lena"."""
    points = grammar.framed and grammar.reference is not None and not grammar.target and bool(sight.recent)
    best = ranked[0]
    if not points or best.group is None or best.action != grammar_of(grammar):
        return ranked
    if sight.recent[0] in best.group.things or not any(each.grammar for each in ranked):
        return ranked
    return sorted(ranked, key=lambda each: not each.grammar)


MOST_POLITE = 3  # words before an order: "could you please delete …"


def _orders(heard: Heard) -> bool:
    """Does it begin with the order to delete? That something is off, or not needed, is only told."""
    orders = {word for table in (en, de) for word in table.ORDERS.split("|")}
    return any(word in orders for word in heard.words[: MOST_POLITE + 1])


def _may_mean_reminders(best: Reading, considered: Considered, chosen: Candidate) -> bool:
    """Delete the report *reminder*, where that is no word of its title: a task that reminds is called so, and
    what reminds of it, too."""
    if best.action != "delete" or not best.names or best.clear_reminders:
        return False
    words = {word for table in (en, de) for word in table.REMINDERS.split("|")}
    explains = chosen.group.explains if chosen.group is not None else frozenset()
    return any(word in words and k not in explains for k, word in enumerate(considered.heard.words))


def _choices(
    verdict: Verdict, reading: Callable[[Candidate], Reading | None]
) -> tuple[tuple[Candidate, Reading], ...]:
    return tuple((each, found) for each in verdict.choices if (found := reading(each)) is not None)


def rank(considered: Considered, weights: Weights) -> list[Candidate]:
    """Best first, each with its score, its chance and the facts that weighed most."""
    scores = [
        score(weights, each.weighed_as, made)
        for each, made in zip(considered.candidates, considered.facts, strict=True)
    ]
    shares = chances(scores)
    ranked = [
        replace(each, score=s, chance=p)
        for each, s, p in zip(considered.candidates, scores, shares, strict=True)
    ]
    order = sorted(range(len(ranked)), key=lambda k: -scores[k])
    return [ranked[k] for k in order]


def _facts_of(considered: Considered, candidate: Candidate) -> Facts:
    of = (candidate.action, candidate.group)
    return next(
        made
        for each, made in zip(considered.candidates, considered.facts, strict=True)
        if (each.action, each.group) == of
    )


def why(considered: Considered, candidate: Candidate, weights: Weights, most: int = 4) -> tuple[str, ...]:
    """The facts that spoke most for a candidate."""
    own = weights.get(candidate.weighed_as, {})
    weighed = sorted(
        ((own.get(name, 0.0) * value, name) for name, value in _facts_of(considered, candidate)), reverse=True
    )
    return tuple(name for value, name in weighed[:most] if value > 0)


def _unused(considered: Considered, chosen: Candidate) -> tuple[str, ...]:
    """Words that nothing explains: neither a title, nor a time, nor a word that tells what is wanted."""
    if chosen.group is None or chosen.action in {
        "add-note",
        "rename",
        "assign",
        "add-tag",
        "remove-tag",
        "list",
    }:
        return ()
    heard, explains = considered.heard, chosen.group.explains
    cued = {k for _, i, j in heard.cues for k in range(i, j)}
    return tuple(
        heard.text[heard.starts[k] : heard.ends[k]]
        for k in range(heard.count)
        if not heard.small[k]
        and k not in explains
        and k not in cued
        and k not in heard.timed
        and not heard.past[k]
    )
