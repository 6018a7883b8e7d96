"""Lists of all namespaces (`-A`): each namespace's tasks in its own zone, with names instead of numbers.

It is no list that `done 2` counts in: a number would have to know its namespace.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click
from msgspec.structs import replace

from todo_cli.person import username
from todo_cli.pipes import write_document
from todo_cli.plugin.asking import ONLY_LISTS, Do, Local, Say
from todo_cli.plugin.printing.documents import DOCUMENTS, listed_text
from todo_cli.plugin.printing.formats import is_of_kubectl
from todo_cli.plugin.printing.kubectls import print_by_kubectl
from todo_cli.plugin.printing.paper import Paper, Piece
from todo_cli.plugin.printing.tables import print_lines, table_of
from todo_cli.plugin.talk import DONE, FAILED, MOST_FREE, Options, connected
from todotasks import language
from todotasks.api import RecurrenceRule, TodoTask
from todotasks.api.due import DEFAULT_ZONE
from todotasks.api.meta import LABEL_CANARY
from todotasks.edits.cluster.load import AT_ONCE, NamespaceZone, zone_of_namespace
from todotasks.edits.model.command import ListTasks, Summary
from todotasks.edits.model.plan import Row
from todotasks.edits.model.world import World
from todotasks.edits.plan.show import plan_list, plan_summary
from todotasks.edits.targets.rows import PRIORITIES, Place, place_of
from todotasks.edits.understand.from_reading import commands_of
from todotasks.edits.wording.api_errors import problem_of
from todotasks.edits.wording.formatting import clean
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import KubeError, NotFound, Unreachable
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS
from todotasks.language import Context


async def everywhere(what: Say | Do | Local, config: KubeConfig, options: Options) -> int:
    """Print the list. Raises click.UsageError for what is none."""
    command, only_free = _list_of(what, options)
    async with connected(config, options) as kube:
        try:
            rows, more = await _rows(command, kube, options, cut=not only_free)
        except KubeError as error:
            print(problem_of(error).message, file=sys.stderr)
            if isinstance(error, Unreachable):
                print(clean(f"The API server is {config.server}: {error}", 2_000), file=sys.stderr)
            return FAILED
        if only_free:
            # The most pressing of all, whatever its namespace is called.
            rows, more = sorted((row for row in rows if not row.blocked), key=_pressing)[:MOST_FREE], 0
        if is_of_kubectl(options.output):
            objects = [(row.resource, row.namespace, row.name) for row in rows]
            return await asyncio.to_thread(
                print_by_kubectl, objects, options.output, options.kubectl_flags, alone=False
            )
        if options.output in DOCUMENTS:
            text = await listed_text(rows, options.output, kube)
            if text:
                write_document(text)
            return DONE
    if not rows:
        print("Nothing is to be shown in any namespace.")
        return DONE
    paper = Paper.of(sys.stdout, options.look.color)
    lines = table_of(tuple(rows), options.look, paper, everywhere=True)
    if more:
        lines.append(paper.line(Piece(f"… and {more} more: --limit", "dim")))
    print_lines(lines, sys.stdout)
    return DONE


def _list_of(what: Say | Do | Local, options: Options) -> tuple[ListTasks | Summary, bool]:
    if isinstance(what, Do) and isinstance(what.command, (ListTasks, Summary)):
        return what.command, what.only_free
    if isinstance(what, Say):
        zone = options.look.zone
        match commands_of(language.parse(what.text, options.look.now, zone, Context()), zone=str(zone)):
            case (ListTasks() as command,):
                limit, sort = options.limit or command.limit, options.sort or command.sort
                return replace(command, limit=limit, sort=sort), False
            case (Summary() as command,):
                return command, False
            case _:
                pass
    raise click.UsageError(f"-A: {ONLY_LISTS}")


async def _rows(
    command: ListTasks | Summary, kube: KubeClient, options: Options, *, cut: bool
) -> tuple[list[Row], int]:
    """By namespace, and in each as `list` has them there; and how many more there are.

    Where it is `cut`, the limit counts over all: what stays are the first ones of the whole order, whatever
    their namespaces are called.
    """
    listed = await kube.list_(TODOTASKS, type=TodoTask)
    tasks = [task for task in listed if LABEL_CANARY not in (task.metadata.labels or {})]
    recurring = isinstance(command, ListTasks) and command.filter.recurring
    rules = await kube.list_(RECURRENCERULES, type=RecurrenceRule) if recurring else []
    me = await username(kube)
    rows: list[Row] = []
    places: dict[tuple[str, str], Place] = {}
    total = 0
    names = sorted({task.metadata.namespace for task in tasks} | {rule.metadata.namespace for rule in rules})
    zones = await _zones(kube, names)
    for namespace in names:
        zone = zones[namespace]
        world = World(
            namespace=namespace,
            now=options.look.now.astimezone(UTC),
            zone=options.time_zone or zone.name or str(options.look.zone) or DEFAULT_ZONE,
            default_zone=zone.name,
            zone_known=zone.known,
            tasks=tuple(task for task in tasks if task.metadata.namespace == namespace),
            rules=tuple(rule for rule in rules if rule.metadata.namespace == namespace),
            me=me,
        )
        plan = plan_summary(command, world) if isinstance(command, Summary) else plan_list(command, world)
        if plan.problem is not None:
            raise click.ClickException(plan.problem.message)
        if plan.listing is None:
            continue
        rows += plan.listing.rows
        total += plan.listing.total
        if isinstance(command, ListTasks) and cut:
            places |= {(namespace, row.name): _place(row, command, world) for row in plan.listing.rows}
    if isinstance(command, ListTasks) and cut and len(rows) > command.limit:
        kept = set(sorted(places, key=lambda each: (places[each], each))[: command.limit])
        rows = [row for row in rows if (row.namespace, row.name) in kept]
    return rows, total - len(rows)


def _place(row: Row, command: ListTasks, world: World) -> Place:
    if command.filter.recurring:
        return (row.title.casefold(),)
    return place_of(world.task_by_name[row.name], command.sort, world)


def _pressing(row: Row) -> tuple[float, int]:
    due = float("inf") if row.due_time is None else datetime.fromisoformat(row.due_time).timestamp()
    return due, -PRIORITIES.index(row.priority)


async def _zones(kube: KubeClient, namespaces: Sequence[str]) -> dict[str, NamespaceZone]:
    """In one list, where one may; else one after the other, at a few at a time."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(namespace: str) -> NamespaceZone:
        async with turn:
            return await _zone(kube, namespace)

    return dict(zip(namespaces, await asyncio.gather(*map(one, namespaces)), strict=True))


async def _zone(kube: KubeClient, namespace: str) -> NamespaceZone:
    try:
        return await zone_of_namespace(kube, namespace)
    except NotFound:
        return NamespaceZone()
