"""The linear model: weights by action and fact, read from `weights.json` beside this module."""

import ast
import hashlib
import json
import math
from functools import cache
from importlib.resources import files

from todotasks.language.ranking.facts import Facts

Weights = dict[str, dict[str, float]]  # action → fact → weight

# The modules whose change may change a fact: their text is what the weights belong to.
BELONG = (
    "ranking/facts.py", "ranking/wording.py",
    "candidates/groups.py", "candidates/propose.py", "candidates/kinds.py", "candidates/persons.py",
    "grounding/match.py", "grounding/heard.py", "grounding/sight.py", "grounding/index.py",
    "grounding/titles.py", "grounding/stems.py", "grounding/verb_forms.py",
    "words/en/cues.py", "words/de/cues.py",
)  # fmt: skip
FILE = "weights.json"


def fingerprint() -> str:
    """Of the code and tables that make the facts."""
    root = files("todotasks.language")
    digest = hashlib.sha256()
    for name in BELONG:
        tree = ast.parse(root.joinpath(name).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                node.value = ast.Constant("")  # what is only said about the code changes no fact
        digest.update(ast.dump(tree).encode())
    return digest.hexdigest()[:16]


@cache
def stored() -> tuple[Weights, str]:
    """The weights and the fingerprint that they were trained with."""
    text = files("todotasks.language").joinpath("ranking").joinpath(FILE).read_text(encoding="utf-8")
    document = json.loads(text)
    return document["weights"], document["fingerprint"]


def score(weights: Weights, action: str, facts: Facts) -> float:
    own = weights.get(action)
    return sum(own.get(name, 0.0) * value for name, value in facts) if own else 0.0


def chances(scores: list[float]) -> list[float]:
    """As shares of one."""
    top = max(scores, default=0.0)
    powers = [math.exp(value - top) for value in scores]
    total = sum(powers) or 1.0
    return [power / total for power in powers]
