"""`kubectl todo watch`: the list of `kubectl todo list`, which follows.

On a terminal one table, drawn anew when something changes, and each half a minute, for time alone makes
things overdue. In a pipe a line for each change of what is listed, for `grep` and scripts. It is a watch of
one's own on the API server, with one's own kubeconfig; no gateway is needed.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TextIO

import structlog
from rich.console import Console
from rich.live import Live
from rich.text import Text

from todo_cli.person import username
from todo_cli.plugin.asking import Watch
from todo_cli.plugin.printing.paper import Paper, Piece
from todo_cli.plugin.printing.tables import Look, table_of
from todo_cli.plugin.talk import DONE, FAILED, Options, connected, in_zone
from todotasks.api import TodoTask
from todotasks.api.due import DEFAULT_ZONE
from todotasks.edits.cluster.load import zone_of_namespace
from todotasks.edits.model.plan import Row
from todotasks.edits.model.world import World
from todotasks.edits.plan.show import plan_list
from todotasks.edits.wording.formatting import clean
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import KubeError
from todotasks.kube.resources import TODOTASKS
from todotasks.kube.watch.observed import Listed, Watched
from todotasks.kube.watch.reflector import Reflector

DRAW_EVERY = 30.0  # seconds without a change
LOOK_FOR_TROUBLE = 2.0  # seconds
DRAWINGS = 10  # a second, at most


class Following:
    """The tasks of a namespace, and what of them is listed now. Pure, but for nothing."""

    def __init__(self, watch: Watch, world: World) -> None:
        self._command = watch.command
        self._world = world
        self._tasks: dict[str, TodoTask] = {}
        self._listing: dict[str, TodoTask] = {}
        self.complete = False

    def take(self, batch: Listed[TodoTask] | Watched[TodoTask]) -> None:
        if isinstance(batch, Watched):
            for change in batch.changes:
                uid = change.object.metadata.uid
                if change.type == "DELETED":
                    self._tasks.pop(uid, None)
                else:
                    self._tasks[uid] = change.object
            return
        if batch.first:
            self._listing = {}
        self._listing.update({each.object.metadata.uid: each.object for each in batch.objects})
        if batch.complete:
            self._tasks, self._listing, self.complete = self._listing, {}, True

    def listing(self, now: datetime) -> tuple[str, tuple[Row, ...]]:
        """What it is, in words, and the rows."""
        world = replace(self._world, now=now, tasks=tuple(self._tasks.values()))
        plan = plan_list(self._command, world)
        assert plan.listing is not None
        return plan.reply, plan.listing.rows


async def watch(what: Watch, config: KubeConfig, options: Options) -> int:
    """Until it is interrupted; FAILED where one may not look."""
    # The reflector logs what an operator of a process wants to know; here the table says what a person does.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    async with connected(config, options, brief=False) as kube:
        try:
            options = await in_zone(kube, options)
            zone = await zone_of_namespace(kube, options.namespace)
            # A watch goes on trying whatever is answered; a person wants to know.
            await kube.list_page(TODOTASKS, options.namespace, limit=1)
            me = await username(kube)
        except KubeError as error:
            print(clean(str(error), 2_000), file=sys.stderr)
            return FAILED
        world = World(
            namespace=options.namespace,
            now=options.look.now,
            zone=options.time_zone or DEFAULT_ZONE,
            default_zone=zone.name,
            zone_known=zone.known,
            me=me,
        )
        following = Following(what, world)
        reflector = Reflector(kube, TODOTASKS, TodoTask, namespace=options.namespace)
        if sys.stdout.isatty():
            return await _on_a_terminal(following, reflector, options.look)
        return await _in_a_pipe(following, reflector, options.look, sys.stdout)


async def _on_a_terminal(following: Following, reflector: Reflector[TodoTask], look: Look) -> int:
    console = _Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    with Live(console=console, auto_refresh=False, screen=False, transient=False) as screen:

        def draw() -> None:
            screen.update(_drawn(following, reflector.trouble, _now(look)), refresh=True)

        async for _ in _moments(following, reflector):
            if following.complete or reflector.trouble is not None:
                draw()
    return DONE


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """rich would end the process with 1: whoever called decides (`todo_cli.pipes`)."""
        raise BrokenPipeError


def _drawn(following: Following, trouble: str | None, look: Look) -> Text:
    reply, rows = following.listing(look.now)
    paper = Paper.of(sys.stdout, look.color)
    lines = [paper.line(Piece(reply, "dim"))]
    if rows:
        lines += table_of(rows, look, paper)
    if trouble is not None:
        lines.append(paper.line(Piece(f"Not connected: {clean(trouble, 200)}", "yellow")))
    return Text.from_ansi("\n".join(lines))


async def _in_a_pipe(following: Following, reflector: Reflector[TodoTask], look: Look, out: TextIO) -> int:
    """`+` is listed now, `-` is not any more, `~` is otherwise than before; then due, title, and name."""
    before: dict[str, Row] = {}
    async for _ in _moments(following, reflector):
        if not following.complete:
            continue
        _, rows = following.listing(_now(look).now)
        listed = {row.uid: row for row in rows}
        for uid, row in before.items():
            if uid not in listed:
                print(_line("-", row), file=out)
        for uid, row in listed.items():
            known = before.get(uid)
            if known is None:
                print(_line("+", row), file=out)
            elif _line("", known) != _line("", row):
                print(_line("~", row), file=out)
        before = listed
        out.flush()
    return DONE


def _line(mark: str, row: Row) -> str:
    state = "done" if row.completed else "overdue" if row.overdue else "blocked" if row.blocked else ""
    cells = [mark, row.due or "-", row.priority, clean(row.title), state or "-", row.name]
    return "\t".join(cells)


async def _moments(following: Following, reflector: Reflector[TodoTask]) -> AsyncIterator[None]:
    """When to look again: something came, the connection has trouble or none any more, or time has passed."""
    async with AsyncExitStack() as stack:
        changed = asyncio.Event()

        async def read() -> None:
            async for batch in reflector:
                following.take(batch)
                changed.set()

        reading = asyncio.create_task(read())
        stack.callback(reading.cancel)
        loop = asyncio.get_running_loop()
        trouble, drawn = reflector.trouble, loop.time()
        while True:
            try:
                async with asyncio.timeout(LOOK_FOR_TROUBLE):
                    await changed.wait()
            except TimeoutError:
                if reading.done():
                    reading.result()
                if trouble == reflector.trouble and loop.time() - drawn < DRAW_EVERY:
                    continue
            trouble, drawn = reflector.trouble, loop.time()
            changed.clear()
            yield
            await asyncio.sleep(1 / DRAWINGS)


def _now(look: Look) -> Look:
    return replace(look, now=datetime.now(UTC).astimezone(look.zone))
