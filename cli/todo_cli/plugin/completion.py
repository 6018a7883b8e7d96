"""Shell completion. kubectl asks `kubectl_complete-todo` (plugin completion, since 1.26) for candidates:
one a line, a tab and a description behind it, and last `:<directive>`, as cobra has them.

Whatever goes wrong (no cluster, no rights, too slow) gives no candidates and no noise.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import click
import msgspec

from todo_cli.plugin.asking import ALIASES, VERBS
from todotasks.api import RecurrenceRule, TodoTask
from todotasks.edits.wording.formatting import clean
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import KubeConfigError, KubeError
from todotasks.kube.resources import NAMESPACES, RECURRENCERULES, TODOTASKS

NO_FILES = ":4"  # cobra's ShellCompDirectiveNoFileComp
PATIENCE = 2.0  # seconds
MOST = 500  # objects looked at

_NAMES = frozenset({"done", "reopen", "rm", "show", "edit", "move", "snooze"})
_RULES = frozenset({"stop", "resume", "skip"})

SCRIPTS = {
    "bash": """\
# kubectl-todo completion for bash: source <(kubectl-todo completion bash)
_kubectl_todo() {
    local IFS=$'\\n'
    local found=$(kubectl_complete-todo "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    COMPREPLY=($(sed -e '/^:/d' -e 's/\\t.*//' <<< "$found"))
}
complete -F _kubectl_todo kubectl-todo
""",
    "zsh": """\
# kubectl-todo completion for zsh: source <(kubectl-todo completion zsh)
_kubectl_todo() {
    local answer=$(kubectl_complete-todo "${(@)words[2,CURRENT]}" 2>/dev/null)
    local -a found=("${(@f)$(sed -e '/^:/d' -e 's/\\t.*//' <<< "$answer")}")
    compadd -a found
}
compdef _kubectl_todo kubectl-todo
""",
    "fish": """\
# kubectl-todo completion for fish: kubectl-todo completion fish | source
function __kubectl_todo
    kubectl_complete-todo (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null | string match -v ":*"
end
complete -c kubectl-todo -f -a '(__kubectl_todo)'
""",
}


class Offer:
    """What the command line accepts, read from the command: nothing is offered that it would refuse."""

    def __init__(self, command: click.Command) -> None:
        options = {
            name: option
            for option in command.params
            if isinstance(option, click.Option) and not option.hidden
            for name in (*option.opts, *option.secondary_opts)
        }
        self.flags = (*(name for name in options if name.startswith("--")), "--help")
        self.values = {
            name: tuple(option.type.choices)
            for name, option in options.items()
            if isinstance(option.type, click.Choice)
        }
        # --dry-run takes its value only behind "=" (see `main.arguments`).
        self.take_value = frozenset(
            name for name, option in options.items() if not option.is_flag and name != "--dry-run"
        )


@dataclass
class Line:
    """What stands on the command line so far."""

    words: list[str] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)
    waiting: str = ""  # the flag whose value is being typed
    current: str = ""


def read_line(given: Sequence[str], offer: Offer) -> Line:
    line = Line(current=given[-1] if given else "")
    for word in given[:-1]:
        if line.waiting:
            line.flags[line.waiting] = word
            line.waiting = ""
        elif word.startswith("-") and len(word) > 1:
            name, equals, value = word.partition("=")
            if equals:
                line.flags[name] = value
            elif name in offer.take_value:
                line.waiting = name
        else:
            line.words.append(word)
    return line


def completions(given: Sequence[str], command: click.Command) -> list[str]:
    """The lines of the answer for `command`, the directive last."""
    offer = Offer(command)
    line = read_line(given, offer)
    found = _of_flags(line, offer)
    if found is None and not line.words:
        found = [f"{verb}\t{text}" if text else verb for verb, (_, text) in VERBS.items()]
    elif found is None and line.words == ["completion"]:
        found = list(SCRIPTS)
    elif found is None:
        found = asyncio.run(_of_cluster(line))
    prefix = line.current
    return [*dict.fromkeys(each for each in found if each.startswith(prefix)), NO_FILES]


def _of_flags(line: Line, offer: Offer) -> list[str] | None:
    name, equals, _ = line.current.partition("=")
    if equals and name in offer.values:
        return [f"{name}={value}" for value in offer.values[name]]
    if line.waiting:
        known = offer.values.get(line.waiting)
        if known is not None:
            return list(known)
        return asyncio.run(_of_cluster(line)) if line.waiting in {"-n", "--namespace"} else []
    return list(offer.flags) if line.current.startswith("-") else None


async def _of_cluster(line: Line) -> list[str]:
    try:
        config = KubeConfig.load(line.flags.get("--kubeconfig"), line.flags.get("--context"))
        async with asyncio.timeout(PATIENCE), KubeClient(config, retry_for=0, brief=True) as kube:
            if line.waiting:
                return [str(each["metadata"]["name"]) for each in await kube.list_(NAMESPACES)]
            namespace = line.flags.get("-n") or line.flags.get("--namespace") or config.namespace
            return await _of_namespace(kube, namespace, line)
    except (KubeError, KubeConfigError, TimeoutError, OSError):
        return []


async def _of_namespace(kube: KubeClient, namespace: str, line: Line) -> list[str]:
    verb = ALIASES.get(line.words[0], line.words[0])
    if verb in _RULES:
        page = await kube.list_page(RECURRENCERULES, namespace, limit=MOST)
        rules = [msgspec.json.decode(raw, type=RecurrenceRule) for raw in page.items_raw]
        return [f"{rule.metadata.name}\t{clean(rule.spec.template.spec.title, 60)}" for rule in rules]
    wanted = "spec.completed=true" if verb == "reopen" else "spec.completed=false"
    page = await kube.list_page(TODOTASKS, namespace, limit=MOST, field_selector=wanted)
    tasks = [msgspec.json.decode(raw, type=TodoTask) for raw in page.items_raw]
    if line.current.startswith("#"):
        return sorted({f"#{clean(tag)}" for task in tasks for tag in task.spec.tags or ()})
    if verb not in _NAMES:
        return []
    return [f"{task.metadata.name}\t{clean(task.spec.title, 60)}" for task in tasks]
