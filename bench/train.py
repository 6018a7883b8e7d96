"""Learn the weights of the ranking from the corpora and our own sentences: `make train`.

    python -m bench.train             cross-validated figures by corpus and voice, then the weights are
    written python -m bench.train --dry       only the figures

A conditional logit: of all candidates of a message those that are right shall have the greatest share.
Trained by plain Python in a fixed order, so that the same sentences give the same file. What is held out is
not read.
"""

import argparse
import json
import math
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import understanding as bench
from todotasks.language import Context
from todotasks.language.candidates.model import TIE, Candidate
from todotasks.language.grounding.sight import NOTHING_SEEN, Sight
from todotasks.language.ranking.model import FILE, Weights, fingerprint
from todotasks.language.understanding import consider

EPOCHS = 10
RATE = 0.25
LEAST_WEIGHT = 0.02  # what is less is left out of the file
DECAY = 1e-3  # of each weight, a step: little-used facts stay small
FOLDS = 5
LISTS_BESIDE = 2  # a command without a list in sight is also learned beside so many lists of others
MOST_INTENTS = 1500  # of each corpus that only knows intents
# How much a sentence counts: there are few with a list in sight, and many of which only the intent is known.
GROUNDED, COMMAND, ONLY_INTENT = 2.0, 0.6, 0.15
LEAST_SEEN = 3  # sentences that a word must occur in to be given a weight
OUT = Path(__file__).resolve().parent.parent / "core" / "todotasks" / "language" / "ranking" / FILE

KINDS = {
    "recur": "create", "remind": "create", "set-project": "update", "add-subtask": "create",
    "pause": "recurrence-stop",    "skip-occurrence": "recurrence-skip",
    "stop-recurrence": "recurrence-stop", "resume": "recurrence-stop",
    "search": "list", "show": "list", "summary": "list",
}  # fmt: skip
NAMES_THINGS = frozenset({"complete", "delete", "reopen", "update"})
PLAIN_INTENTS = frozenset({"create", "list", "complete", "reopen", "delete", "undo", "help", "none"})


@dataclass
class Example:
    """A message with its candidates as lists of (feature, value), and which of them are right."""

    corpus: str
    voice: str
    name: str
    candidates: list[list[tuple[str, float]]]
    right: list[int]
    actions: list[str]
    weight: float = 1.0


def sight_of(tasks: Sequence[dict[str, object]], done: Sequence[str]) -> Sight:
    return bench.sight_of(tasks, done)


def example(case: bench.Case, sight: Sight, weight: float) -> Example | None:
    considered = consider(case.text, case.now, Context(), sight)
    right = [k for k, each in enumerate(considered.candidates) if is_right(case, each, sight)]
    if not right and not case.command:
        # Where nothing is right, a question about the thing is the best there is.
        right = [k for k, each in enumerate(considered.candidates) if is_right(case, each, sight, ties=True)]
    if not right:
        return None
    rows = [
        [(f"{each.weighed_as}:{name}", value) for name, value in facts]
        for each, facts in zip(considered.candidates, considered.facts, strict=True)
    ]
    actions = [each.weighed_as for each in considered.candidates]
    return Example(case.corpus, case.voice, case.name, rows, right, actions, weight)


def is_right(case: bench.Case, candidate: Candidate, sight: Sight, *, ties: bool = False) -> bool:
    if case.command:
        wanted = {case.command["intent"], *case.command.get("accept_intent", [])}
        action = case.command.get("action", "")
        if candidate.group is not None:
            return False
        kind = KINDS.get(candidate.action, candidate.action)
        if case.command.get("only"):
            return (kind if kind in PLAIN_INTENTS else "update") in wanted
        actions = {action, *case.command.get("accept_action", [])} if "update" in wanted else set()
        actions = {"recurrence-change" if each == "recur" else each for each in actions}
        return kind in (wanted - {"update"}) | {KINDS.get(a, a) for a in actions}
    titles = {sight.things[k].title for k in candidate.group.things} if candidate.group else set()
    tied = candidate.group is not None and candidate.group.kind == TIE
    for accepted in case.accepted:
        if len(accepted) != 1:
            continue
        want = accepted[0]
        kind = want.get("action", want["intent"])
        targets = set(want["targets"]) if want.get("targets") is not None else None
        if kind == "ask":
            if tied:
                return True
            continue
        if kind in {"create", "none", "undo", "help"}:
            if candidate.action == kind and not want.get("asks"):
                return True
            continue
        same = candidate.action == kind or {candidate.action, kind} == {"reschedule", "snooze"}
        if not same:
            continue
        if targets is None or (not targets and candidate.group is None):
            if not tied and (candidate.group is None or targets is None):
                return True
        elif (titles == targets and (not tied or want.get("asks") or ties)) or (
            ties and tied and targets and targets <= titles
        ):
            return True
    return False


def examples() -> list[Example]:
    rng = random.Random(7)
    cases = [case for case in bench.cases() if case.corpus not in bench.MEASURED_ONLY]
    lists = [(c.tasks, c.done) for c in cases if c.tasks]
    intents: dict[str, int] = defaultdict(int)
    order = list(range(len(cases)))
    rng.shuffle(order)
    out = []
    for k in order:
        case = cases[k]
        if not case.command:
            found = example(case, sight_of(case.tasks, case.done), GROUNDED)
            if found:
                out.append(found)
            continue
        if case.command.get("only"):
            intents[case.corpus] += 1
            if intents[case.corpus] > MOST_INTENTS:
                continue
        weight = ONLY_INTENT if case.command.get("only") else COMMAND
        beside = (
            []
            if case.command["intent"] in NAMES_THINGS or case.corpus == "alone"
            else rng.sample(lists, LISTS_BESIDE)
        )
        for sight in [NOTHING_SEEN, *(sight_of(*one) for one in beside)]:
            found = example(case, sight, weight)
            if found:
                out.append(found)
    return _frequent(out)


WORDINGS = ("word ", "two ", "begins ", "ends ")


def _frequent(data: list[Example]) -> list[Example]:
    """Without the words that too few different sentences have."""
    seen: dict[str, set[str]] = defaultdict(set)
    for one in data:
        for row in one.candidates:
            for name, _ in row:
                if name.split(":", 1)[1].startswith(WORDINGS):
                    seen[name].add(one.name)
    rare = {name for name, sentences in seen.items() if len(sentences) < LEAST_SEEN}
    for one in data:
        one.candidates = [[each for each in row if each[0] not in rare] for row in one.candidates]
    return data


def train(data: list[Example], seed: int = 1) -> dict[str, float]:
    """AdaGrad on the log share of what is right."""
    number: dict[str, int] = {}
    rows_of = [
        [[(number.setdefault(f, len(number)), v) for f, v in row] for row in one.candidates] for one in data
    ]
    weights, squares = [0.0] * len(number), [1e-6] * len(number)
    decay = DECAY * len(data) / 200
    order = list(range(len(data)))
    rng = random.Random(seed)
    for _ in range(EPOCHS):
        rng.shuffle(order)
        for k in order:
            one, rows = data[k], rows_of[k]
            scores = [sum([weights[f] * v for f, v in row]) for row in rows]
            top = max(scores)
            powers = [math.exp(s - top) for s in scores]
            total = sum(powers)
            good = sum(powers[r] for r in one.right)
            gradient: dict[int, float] = defaultdict(float)
            for index, row in enumerate(rows):
                pull = powers[index] / total - (powers[index] / good if index in one.right else 0.0)
                if abs(pull) < 1e-4:
                    continue
                pull *= one.weight
                for f, v in row:
                    gradient[f] += pull * v
            for f, pulled in gradient.items():
                g = pulled + decay * weights[f]
                squares[f] += g * g
                weights[f] -= RATE * g / math.sqrt(squares[f])
    return {name: weights[f] for name, f in number.items()}


def nested(flat: dict[str, float]) -> Weights:
    out: Weights = {}
    for name in sorted(flat):
        action, fact = name.split(":", 1)
        if abs(flat[name]) >= LEAST_WEIGHT:
            out.setdefault(action, {})[fact] = round(flat[name], 3)
    return out


def best(weights: dict[str, float], one: Example) -> int:
    scores = [sum(weights.get(f, 0.0) * v for f, v in row) for row in one.candidates]
    return max(range(len(scores)), key=scores.__getitem__)


def fold_of(name: str, folds: int) -> int:
    """The same case is always in the same fold, beside whichever list it is learned."""
    return sum(ord(c) * (k + 1) for k, c in enumerate(name)) % folds


def folds_of_weights(data: list[Example], folds: int = FOLDS) -> list[dict[str, float]]:
    return [train([e for e in data if fold_of(e.name, folds) != f]) for f in range(folds)]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dry", action="store_true", help="only the figures")
    parser.add_argument("--quick", action="store_true", help="no cross-validation")
    args = parser.parse_args(argv)
    data = examples()
    print(f"{len(data)} examples")
    if not args.quick:
        tally: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        parts = folds_of_weights(data)
        for one in data:
            right = best(parts[fold_of(one.name, FOLDS)], one) in one.right
            for key in ((one.corpus, ""), (one.corpus, one.voice)):
                tally[key][0] += right
                tally[key][1] += 1
        print("cross-validated: share of messages whose best candidate is right (where one is)")
        for (corpus, voice), (right, count) in sorted(tally.items()):
            print(f"  {corpus:14} {voice or 'all':14} {right / count:6.1%}  of {count}")
    if not args.dry:
        document = {"fingerprint": fingerprint(), "examples": len(data), "weights": nested(train(data))}
        OUT.write_text(json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
        print(f"written: {OUT.name}, {sum(map(len, document['weights'].values()))} weights")
    return 0


if __name__ == "__main__":
    sys.exit(main())
