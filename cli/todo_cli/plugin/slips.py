"""Words that look like a verb and are none: kubectl's own verbs, and slips of ours. Pure.

They are asked about. Everything else that is no verb is a sentence, and most sentences are tasks: a slip
would become one, or, read as what it was meant to be, do something that nobody has said.
"""

from collections.abc import Iterable, Sequence

_LOOKS = "Tasks are shown by `list` and `show`, or by `kubectl get todotasks`."
_WRITES = "Resources are written by `kubectl` itself."
_OTHERS = "It is a verb of `kubectl` or `todotasks`, called without `todo`."
# What people type who have kubectl in their fingers → what they may want.
_KUBECTL = {
    **dict.fromkeys(("get", "describe"), _LOOKS),
    **dict.fromkeys(("apply", "patch", "replace", "label", "annotate"), _WRITES),
    **dict.fromkeys(
        (
            *("version", "config", "logs", "log", "explain", "exec", "attach", "top", "auth", "scale"),
            *("rollout", "diff", "wait", "proxy", "debug", "cp", "drain", "cordon", "uncordon", "taint"),
            *("run", "expose", "options", "plugin", "certificate", "events", "api-resources"),
            *("api-versions", "cluster-info", "port-forward", "kustomize", "autoscale"),
            *("status", "up", "down", "verify", "audit", "mcp"),
        ),
        _OTHERS,
    ),
}
_RESOURCES = frozenset(
    (
        *("tt", "todotask", "todotasks", "rr", "recurrencerule", "recurrencerules", "reminder", "reminders"),
        *("nc", "notificationchannel", "notificationchannels", "pod", "pods", "po", "node", "nodes", "ns"),
        *("namespace", "namespaces", "crd", "crds", "svc", "secret", "secrets", "deployment", "deployments"),
        *("deploy", "cm", "configmap", "configmaps", "events", "all"),
    )
)
_SUBCOMMANDS = frozenset(
    (
        "view",
        "current-context",
        "get-contexts",
        "use-context",
        "set-context",
        "get-clusters",
        "can-i",
        "whoami",
    )
)
_LONGEST_KUBECTL = 3  # words behind a verb of kubectl's
_SHORTEST = 3  # letters of a slip
# One slip from a verb, and words of their own.
_OWN_WORDS = frozenset(
    (
        *(
            "dine",
            "lone",
            "dome",
            "bone",
            "gone",
            "none",
            "tone",
            "one",
            "don",
            "lift",
            "lost",
            "last",
            "mist",
        ),
        *(
            "fist",
            "shop",
            "ship",
            "slip",
            "skin",
            "ski",
            "text",
            "nest",
            "neat",
            "best",
            "love",
            "more",
            "mode",
        ),
        *(
            "most",
            "snow",
            "shoe",
            "shot",
            "slow",
            "step",
            "stow",
            "top",
            "how",
            "spot",
            "match",
            "catch",
            "watt",
        ),
        *(
            "batch",
            "hatch",
            "latch",
            "roles",
            "rule",
            "ruler",
            "ads",
            "aid",
            "and",
            "odd",
            "old",
            "see",
            "sew",
        ),
        *("now", "net", "pass", "cause", "pulse", "purse", "exit", "edict", "held", "helm", "heap", "kelp"),
        *("hello", "news", "newt", "knew"),
    )
)


def instead_of(word: str, rest: Sequence[str]) -> str | None:
    """What to call instead of a verb of kubectl's; None where the words are no such call ("get milk")."""
    found = _KUBECTL.get(word)
    return found if found is not None and (not rest or _is_call(rest)) else None


def _is_call(rest: Sequence[str]) -> bool:
    first = rest[0].lower()
    return len(rest) <= _LONGEST_KUBECTL and (
        first.startswith("-")
        or "/" in first
        or first.partition(".")[0] in _RESOURCES
        or first in _SUBCOMMANDS
        or (len(rest) == 1 and first.isdecimal())
    )


def misspelt(word: str, verbs: Iterable[str]) -> str | None:
    """The verb that a word is one slip away from; None for words of their own."""
    if len(word) < _SHORTEST or word in _OWN_WORDS or not word.isalpha():
        return None
    return next((verb for verb in verbs if len(verb) >= _SHORTEST and _one_slip(word, verb)), None)


def _one_slip(word: str, verb: str) -> bool:
    """One letter more, less or other, or two neighbours swapped."""
    if abs(len(word) - len(verb)) > 1 or word == verb:
        return False
    same = 0
    while same < min(len(word), len(verb)) and word[same] == verb[same]:
        same += 1
    left, right = word[same:], verb[same:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )
