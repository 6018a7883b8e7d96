"""Act, ask, or say so: what is done with the chances of the candidates.

    clear                            ▶ do it
    near, or a risk that was guessed ▶ ask, with the two or three readings as choices
    nothing                          ▶ say what was not understood

A wrong edit costs more than a question, and a lost task more than a wrong list: what only shows needs
little, what deletes needs an order that names the thing.
"""

from dataclasses import dataclass

from todotasks.language.candidates.model import EVERY, SEVERAL, TIE, Candidate

# Chances from which an action is done without a question. Found on the development sentences,
# cross-validated.
CLEAR = {"complete": 0.6, "delete": 0.75, "create": 0.6, "reopen": 0.6, "list": 0.3, "none": 0.4}
CLEAR_ELSE = 0.55
WORTH_NAMING = 0.12  # chance from which a reading is offered as a choice
MOST_CHOICES = 3


# What must be true of a candidate, one of these, for it to be done without a question; how often it was
# right in training tells nothing of the one sentence that has none of them.
EVIDENCE = {
    "complete": frozenset(
        [
            "cue=done",
            "grammar=complete",
            "verb=past",
            "past unexplained",
            "last is past",
            "ends done",
            "begins past&all said",
        ]
    ),
    "reschedule": frozenset(
        [
            "cue=move",
            "cue=later",
            "cue=snooze",
            "grammar=reschedule",
            "grammar=snooze",
            "time is all",
            "left=0",
        ]
    ),
    "reopen": frozenset(["cue=back", "cue=not", "grammar=reopen"]),
    "set-priority": frozenset(["cue=high", "cue=low", "grammar=set-priority"]),
    "assign": frozenset(["cue=assign", "grammar=assign"]),
    "recurrence-change": frozenset(["cue=move"]),
    "add-note": frozenset(["cue=note", "grammar=add-note", "colon"]),
}


# What makes a candidate doubtful, whatever its chance: a person is asked.
DOUBT = {
    "complete": frozenset(["cue=not", "cue=partly", "cue=except", "time=ahead", "cue=fault"]),
    "delete": frozenset(["cue=except", "cue=question"]),
    "create": frozenset(),
}
ORDERED_TASK = frozenset(["framed create", "begins new"])
"""Who begins with "add" wants a new task: nobody is asked whether another one is meant."""
DOUBTFUL_TASK = 0.4
"""Chance below which what no pattern says to be a task and tells of something, is added only when the
person says so: "the oil's been changed" is none."""
# "Bar membership renewed till 2027", "no choir tomorrow": a time, and none to which it is moved.
MOVES, NOT_MOVED = frozenset(["cue=move", "cue=later", "cue=snooze"]), frozenset(["verb=past", "cue=not"])
DOUBTED_ALWAYS = frozenset(["another number"])
SURE_OF_ALL = 0.7  # chance from which all that a word fits are completed unasked


GUESSED = frozenset({"complete", "delete", "reopen"})
"""What is asked for first where more of the message is left over than the title explains: "complete the
fiscal paperwork tax stuff" of "Submit tax return"."""
MOST_LEFT = 1  # words that may be left over: an aside


def told(evidence: str, facts: frozenset[str]) -> bool:
    """A fact, or several joined by `&` that are all true."""
    return evidence in facts or ("&" in evidence and all(each in facts for each in evidence.split("&")))


@dataclass(frozen=True, slots=True)
class Verdict:
    """`asks`: the person is asked first; `choices` are then what may be meant, the likeliest first."""

    chosen: Candidate
    asks: bool = False
    choices: tuple[Candidate, ...] = ()


def decide(ranked: list[Candidate], facts: frozenset[str], *, ordered: bool, unused: int = 0) -> Verdict:
    """`ranked`: best first; `facts`: what is true of the best. `ordered`: the grammar read an order to
    delete. `unused`: words that nothing explains."""
    best = ranked[0]
    harmless = best.action in {"list", "none", "undo", "help"}
    near = tuple(each for each in ranked[:MOST_CHOICES] if each is best or each.chance >= WORTH_NAMING)
    if best.group is None:
        if best.action == "create" and best.chance < DOUBTFUL_TASK and _unsaid(facts):
            return Verdict(best, asks=True, choices=(best,))
        wide = best.chance < CLEAR.get(best.action, 0.0) and any(each.group is not None for each in near[1:])
        wide = wide and not facts >= ORDERED_TASK
        return Verdict(best, asks=wide, choices=near if wide else ())
    if harmless:
        return Verdict(best)
    if "asks whether" in facts and (shown := _shown(best, ranked)) is not None:
        return Verdict(shown)
    if best.group.kind == TIE:
        return Verdict(best, asks=True)
    if best.action == "delete" and not ordered:
        told_so = "grammar=delete" in facts  # the old sofa can go: it is only asked whether
        return Verdict(best, asks=True, choices=(best,) if told_so else near)
    if best.group.kind == EVERY and (best.action == "delete" or best.chance < SURE_OF_ALL):
        return Verdict(best, asks=True)
    explained = len(best.group.found.named) if best.group.found is not None else unused
    if best.action in GUESSED and unused > max(MOST_LEFT, explained):
        return Verdict(best, asks=True, choices=near)
    doubt = (DOUBT.get(best.action, frozenset()) | DOUBTED_ALWAYS) & facts
    if best.action == "reschedule" and not facts & MOVES:
        doubt |= facts & NOT_MOVED
    if "verb=past" in facts and best.group.kind != SEVERAL:
        doubt -= {"time=ahead"}  # "booked for friday" is done; "ready on friday" is not yet
    if doubt:
        return Verdict(best, asks=True, choices=near)
    if not any(told(each, facts) for each in EVIDENCE.get(best.action, facts)):
        return Verdict(best, asks=True, choices=near)
    if best.chance + _parts(best, ranked) < CLEAR.get(best.action, CLEAR_ELSE):
        return Verdict(best, asks=True, choices=near)
    return Verdict(best)


def _unsaid(facts: frozenset[str]) -> bool:
    """Something is told, and neither a pattern nor a time or tag makes a task of it: a noun alone is one."""
    said = {"left over with a time", "left over with a marker"}
    return "left over create" in facts and bool(facts & TOLD) and not facts & said


TOLD = frozenset({"cue=done", "cue=past", "cue=not", "cue=off"})


def _shown(best: Candidate, ranked: list[Candidate]) -> Candidate | None:
    """What is asked about is shown, and nothing done to it."""
    return next((each for each in ranked if each.action == "list" and each.group == best.group), None)


def _parts(best: Candidate, ranked: list[Candidate]) -> float:
    """The chances of doing the same to some of several things that were each named: they speak for it too."""
    if best.group is None or best.group.kind != SEVERAL:
        return 0.0
    things = set(best.group.things)
    return sum(
        each.chance
        for each in ranked[1:]
        if each.action == best.action and each.group is not None and set(each.group.things) < things
    )
