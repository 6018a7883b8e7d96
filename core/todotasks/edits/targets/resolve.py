"""Which objects a target means: names, a title, numbers of what was shown, "it", a filter.

    exact name ▶ exact title ▶ all its words ▶ alike     the nearest kind of match wins; of one kind, open
                                                          tasks before rules before completed ones
Several equally good ones are asked for, never guessed. Titles are only compared, nothing in them is obeyed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from todotasks.api import TodoTask
from todotasks.edits.model.command import Filter, Target
from todotasks.edits.model.conversation import Shown
from todotasks.edits.model.edit import Problem
from todotasks.edits.model.plan import Plan, Question
from todotasks.edits.model.world import Thing, World, is_occurrence
from todotasks.edits.targets import matching
from todotasks.edits.targets.matching import How
from todotasks.edits.targets.rows import (
    matches,
    rows_of,
    sorted_tasks,
    title_of,
    titles_of,
)
from todotasks.edits.wording.formatting import quoted, quoted_list
from todotasks.edits.wording.phrases import phrase

MOST_CHOICES = 9
FEW = 3  # as many numbers said one by one are meant; more of them are asked for

State = Literal["open", "completed", "any"]
_LIST = re.compile(r"\s*(?:[,;&]|\band\b|\bund\b)\s*", re.IGNORECASE)
_TIERS: tuple[How, ...] = ("name", "title", "words", "alike")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command looks for first. `rules`: "also" where no task fits better, "only" rules."""

    state: State = "open"
    rules: Literal["no", "also", "only"] = "no"


@dataclass(frozen=True, slots=True)
class Found:
    """At least one object, unless a filter fits none. `bulk`: more were meant at once than one by one.

    `sure`: named by its name, number or title, not by likeness.
    """

    things: tuple[Thing, ...]
    bulk: bool = False
    sure: bool = True
    remarks: tuple[str, ...] = ()


def resolve(target: Target, world: World, wanted: Wanted) -> Found | Plan:
    """The objects, or the plan that asks which, or says that there is none."""
    said = [name for name in ("names", "title", "ordinals", "reference", "filter") if getattr(target, name)]
    if target.filter is not None and "filter" not in said:
        said.append("filter")
    if len(said) != 1:
        return unclear(world, "say-which")
    match said[0]:
        case "names":
            return _named(target.names, world, wanted)
        case "title":
            return _titled(target.title or "", world, wanted)
        case "ordinals":
            return _numbered(target.ordinals, world)
        case "reference":
            return _referred(target.reference == "them", world, wanted)
        case _:
            return _filtered(target.filter or Filter(), world, wanted)


def target_of(chosen: Sequence[Shown]) -> Target:
    """The objects that were chosen from a question's rows, by name; a rule's says that it is one."""
    return Target(
        names=tuple(
            one.name if one.resource == "todotasks" else f"{one.resource}/{one.name}" for one in chosen
        )
    )


def problem(reason: str, message: str, field: str | None = None) -> Plan:
    return Plan(reply=message, problem=Problem(reason, message, field))


def unclear(world: World, key: str, **values: object) -> Plan:
    return problem("Unclear", phrase(world.language, key, **values))


# --- by name and title ---------------------------------------------------------------------------------


def _named(names: Sequence[str], world: World, wanted: Wanted) -> Found | Plan:
    found: list[Thing] = []
    missing = []
    for name in dict.fromkeys(names):
        kind, _, rest = name.rpartition("/")  # recurrencerules/pay-rent, where a task has the name too
        task, rule = world.task_by_name.get(rest), world.rule_by_name.get(rest)
        prefers_rule = wanted.rules == "only" or kind == "recurrencerules"
        thing: Thing | None = (rule or task) if prefers_rule else (task or rule)
        if thing is None:
            missing.append(name)
        else:
            found.append(thing)
    if missing:
        return _nothing(missing[0], (), world, wanted)
    return Found(tuple(found), bulk=len(found) > FEW)


def _titled(said: str, world: World, wanted: Wanted) -> Found | Plan:
    groups = _groups(world, wanted)
    found = _search(said, groups)
    if found is None and wanted.rules != "no" and (bare := matching.without_schedule(said)):
        found = _search(bare, [g for g in groups if g and not isinstance(g[0], TodoTask)])
    if found is None and (several := _listed(said, groups)) is not None:
        return several
    if found is None and wanted.rules == "only" and (other := _search(said, [world.tasks])) is not None:
        what = quoted(title_of(other[1][0]))
        return problem("NotFound", phrase(world.language, "not-recurring", what=what))
    if found is None:
        return _nothing(said, [thing for group in groups for thing in group], world, wanted)
    how, things = found
    if how == "alike" and not world.whole:  # one that was not listed may be called just so: look there first
        return _nothing(said, things, world, wanted)
    if len(things) > MOST_CHOICES:
        titles = quoted_list(titles_of(things))
        text = phrase(world.language, "too-vague", count=len(things), said=quoted(said), titles=titles)
        return problem("Ambiguous", text)
    if len(things) > 1:
        text = phrase(world.language, "ask-which", said=quoted(said))
        return Plan(reply=text, question=Question("choice", text, rows_of(things, world)))
    remarks: tuple[str, ...] = ()
    if how == "alike":
        what = quoted(title_of(things[0]))
        remarks = (phrase(world.language, "taken-for", said=quoted(said), what=what),)
    return Found(tuple(things), sure=how in {"name", "title"}, remarks=remarks)


def _listed(said: str, groups: Sequence[Sequence[Thing]]) -> Found | None:
    """ "the report and the dentist": each part names one, else it was a title after all."""
    parts = [part for part in _LIST.split(said) if part.strip()]
    if not 2 <= len(parts) <= MOST_CHOICES:
        return None
    found: dict[str, Thing] = {}
    for part in parts:
        match = _search(part, groups)
        if match is None or match[0] == "alike" or len(match[1]) != 1:
            return None
        found[match[1][0].metadata.uid] = match[1][0]
    return Found(tuple(found.values()), bulk=len(found) > FEW)


def _groups(world: World, wanted: Wanted) -> list[list[Thing]]:
    """What is looked through, the likelier first."""
    rules: list[Thing] = list(world.rules)
    if wanted.rules == "only":
        return [rules, [task for task in world.tasks if is_occurrence(task)]]
    open_ones: list[Thing] = [task for task in world.tasks if not task.spec.completed]
    completed: list[Thing] = [task for task in world.tasks if task.spec.completed]
    if wanted.state == "completed":
        return [completed, open_ones]
    return [open_ones, *([rules] if wanted.rules == "also" else []), completed]


def _search(said: str, groups: Sequence[Sequence[Thing]]) -> tuple[How, list[Thing]] | None:
    """The nearest kind of match of all groups; of one kind, the first group's."""
    best: tuple[int, list[Thing]] | None = None
    for group in groups:
        found = matching.find(said, [t.metadata.name for t in group], titles_of(group)).best
        if found and (best is None or _TIERS.index(found[0].how) < best[0]):
            best = (_TIERS.index(found[0].how), [group[match.index] for match in found])
    if best is None:
        return None
    return _TIERS[best[0]], best[1]


def _nothing(said: str, things: Sequence[Thing], world: World, wanted: Wanted) -> Plan:
    near = matching.find(said, [], titles_of(things)).near
    titles = quoted_list(list(dict.fromkeys(title_of(things[k]) for k in near)), world.language)
    key = "rule-not-found" if wanted.rules == "only" else "not-found"
    nearest = phrase(world.language, "nearest", titles=titles) if titles else ""
    return problem("NotFound", phrase(world.language, key, said=quoted(said), near=nearest))


# --- by what was shown ---------------------------------------------------------------------------------


def _numbered(ordinals: Sequence[int], world: World) -> Found | Plan:
    shown = world.shown
    if not shown:
        return unclear(world, "nothing-shown")
    picked = []
    for number in dict.fromkeys(ordinals):
        place = number - 1 if number > 0 else len(shown) + number
        if number == 0 or not 0 <= place < len(shown):
            return problem("NotFound", phrase(world.language, "no-number", number=number, count=len(shown)))
        picked.append(shown[place])
    return _those(list(dict.fromkeys(picked)), world, bulk=len(picked) > FEW)


def _referred(many: bool, world: World, wanted: Wanted) -> Found | Plan:
    """ "It" is what was touched last, else what was shown; of several, the person says which."""
    meant = world.touched or world.shown
    if many and len(meant) < 2:
        meant = world.shown or meant
    if not meant and wanted.rules == "only" and len(world.rules) == 1:
        return Found((world.rules[0],))  # "skip the next one", where only one comes back
    if not meant:
        return unclear(world, "nothing-shown")
    if many:
        return _those(meant, world, bulk=len(meant) > 1)
    there = [thing for thing in (_thing(one, world) for one in meant) if thing is not None]
    if wanted.rules == "only":  # of a list the one that comes back
        there = [t for t in there if not isinstance(t, TodoTask) or is_occurrence(t)] or there
    if len(there) > MOST_CHOICES:
        return unclear(world, "say-which")
    if len(there) > 1:
        text = phrase(world.language, "ask-which-of")
        return Plan(reply=text, question=Question("choice", text, rows_of(there, world)))
    return Found((there[0],)) if there else _those(meant, world, bulk=False)


def _those(shown: Sequence[Shown], world: World, *, bulk: bool) -> Found | Plan:
    found = []
    for one in shown:
        thing = _thing(one, world)
        if thing is None:
            return problem("NotFound", phrase(world.language, "gone", what=quoted(one.title)))
        found.append(thing)
    return Found(tuple(found), bulk=bulk)


def _thing(shown: Shown, world: World) -> Thing | None:
    """The object that was shown; another one that has its name by now is not it."""
    thing: Thing | None = None
    if shown.resource == "todotasks":
        thing = world.task_by_name.get(shown.name)
    elif shown.resource == "recurrencerules":
        thing = world.rule_by_name.get(shown.name)
    return thing if thing is not None and shown.uid in {"", thing.metadata.uid} else None


# --- by filter -----------------------------------------------------------------------------------------


def _filtered(wanted: Filter, world: World, looks_for: Wanted) -> Found | Plan:
    if looks_for.rules == "only" or (looks_for.rules == "also" and wanted.recurring):
        rules = sorted(world.rules, key=lambda rule: title_of(rule).casefold())
        return Found(tuple(rules), bulk=True)
    completed = {"open": False, "completed": True, "any": False}[looks_for.state]
    tasks = [task for task in world.tasks if matches(task, wanted, world, completed=completed)]
    return Found(tuple(sorted_tasks(tasks, "due", world)), bulk=True)
