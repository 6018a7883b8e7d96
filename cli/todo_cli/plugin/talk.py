"""One call: connect as the user, say it, ask back where something is asked, print what came of it.

Exit codes: 0 done, 1 refused or failed (the reason stands on standard error), 2 wrong usage, or a question
that nobody is there to answer. The question waits in the user's state: `kubectl todo yes` answers it.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import TextIO

import msgspec

from todo_cli.person import state_folder, username, zone_of_machine
from todo_cli.pipes import write_document
from todo_cli.plugin.about import all_about, one_task
from todo_cli.plugin.asking import Do, Local, Say
from todo_cli.plugin.edit import edit
from todo_cli.plugin.printing.documents import DOCUMENTS, document_text, objects_of
from todo_cli.plugin.printing.formats import is_of_kubectl
from todo_cli.plugin.printing.kubectls import print_by_kubectl
from todo_cli.plugin.printing.tables import Look, print_answer
from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.cluster.load import zone_of_namespace
from todotasks.edits.model.command import ShowTask, Sort, Target
from todotasks.edits.model.message import Message
from todotasks.edits.model.plan import Row
from todotasks.edits.model.reply import Reply
from todotasks.edits.session.chat import Chat
from todotasks.edits.session.stores import FileStore
from todotasks.edits.wording.formatting import clean
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import KubeError, Unreachable
from todotasks.kube.resources import NAMESPACES

DONE, FAILED, USAGE = 0, 1, 2
CONVERSATION = "kubectl-todo"
MOST_FREE = 5  # tasks of `next`
RETRY_FOR = 5.0  # seconds; a person waits


@dataclass(frozen=True, slots=True)
class Options:
    """Of the command line."""

    namespace: str
    time_zone: str | None
    language: str
    dry_run: bool
    output: str  # "" is the table
    yes: bool
    look: Look
    kubectl_flags: tuple[str, ...] = ()  # the same cluster and person, for kubectl itself
    request_timeout: float = 0.0  # seconds; 0: none of the person's
    limit: int | None = None  # of lists, as the flags say
    sort: Sort | None = None


class Talk:
    """The user's conversation with the tasks of one namespace."""

    def __init__(self, kube: KubeClient, config: KubeConfig, options: Options, me: str) -> None:
        self._kube = kube
        self._options = options
        self._me = me
        self._server = config.server
        acting = f" as {config.impersonate}" if config.impersonate else ""
        self._owner = f"{config.server} {options.namespace}{acting}"
        self._store = FileStore(state_folder() / "kubectl-todo", or_in_memory=True)
        self._chat = Chat()

    async def ask(self, what: Say | Do) -> int:
        answer = await self._answer(what)
        while answer.question is not None:
            reply = self._reply_to(answer)
            if reply is None:
                print_answer(answer, None, sys.stderr, self._options.look)
                asked = answer.question
                choice = "its number" if asked.rows else "what is asked for"
                hint = "yes (or no)" if asked.kind == "confirm" else choice
                _complain(f"Nothing was done yet. Answer with: kubectl todo {hint}")
                return USAGE
            answer = await self._answer(Say(reply))
        code = await self._show(answer, what)
        if self._store.trouble is not None:
            _complain(f"Note: the next call knows nothing of this one (numbers, undo): {self._store.trouble}")
        return code

    async def name_of(self, words: str) -> str | None:
        """The one task or rule that the words mean, as `<kind>/<name>`; None: it was said why not."""
        numbers = words.isdecimal()
        target = Target(ordinals=(int(words),)) if numbers else Target(title=words)
        answer = await self._answer(Do(ShowTask(target)))
        rows = answer.listing.rows if answer.listing is not None else ()
        if len(rows) == 1:
            kind = "todotask" if rows[0].resource == "todotasks" else "recurrencerule"
            return f"{kind}/{rows[0].name}"
        print_answer(answer, None, sys.stderr, self._options.look)
        if answer.problem is not None:
            _complain(answer.problem.message)
        return None

    async def _answer(self, what: Say | Do) -> Reply:
        message = Message(
            text=what.text if isinstance(what, Say) else "",
            namespace=self._options.namespace,
            time_zone=self._options.time_zone,
            dry_run=self._options.dry_run,
            conversation=CONVERSATION,
            language=self._options.language,
            limit=self._options.limit,
            sort=self._options.sort,
        )
        if isinstance(what, Say):
            return await self._chat.say(
                message, client=self._kube, owner=self._owner, store=self._store, me=self._me
            )
        return await self._chat.run(
            (what.command,), message, client=self._kube, owner=self._owner, store=self._store, me=self._me
        )

    def _reply_to(self, answer: Reply) -> str | None:
        """What the person says to a question; None: nobody is there to be asked."""
        assert answer.question is not None
        if answer.question.kind == "confirm" and self._options.yes:
            return "yes"
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return None
        print_answer(answer, None, sys.stderr, self._options.look)
        choice = "[number, or no]" if answer.question.rows else ">"
        hint = "[y/N]" if answer.question.kind == "confirm" else choice
        print(f"{hint} ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip() or "no"

    async def _show(self, answer: Reply, what: Say | Do) -> int:
        options, out = self._options, sys.stdout
        rows: tuple[Row, ...] | None = None
        if isinstance(what, Do) and what.only_free and answer.listing is not None:
            rows = tuple(row for row in answer.listing.rows if not row.blocked)[:MOST_FREE]
            answer = msgspec.structs.replace(answer, reply=_next_in_words(rows, answer))
        numbers = [row.number for row in rows] if rows is not None else None
        if is_of_kubectl(options.output):
            code = await asyncio.to_thread(
                print_by_kubectl, objects_of(answer, numbers), options.output, options.kubectl_flags,
                alone=answer.listing is None or isinstance(getattr(what, "command", None), ShowTask),
            )  # fmt: skip
            if answer.problem is None:
                return code
        elif options.output in DOCUMENTS:
            text = await document_text(answer, options.output, self._kube, numbers)
            if text:
                write_document(text)
        elif (one := one_task(answer, what)) is not None:
            out.write(await all_about(one, self._kube, answer, options.look))
        else:
            print_answer(answer, rows, out, options.look)
        if answer.problem is not None:
            _complain(answer.reply or answer.problem.message)
            if answer.problem.reason == "Unavailable":
                _complain(await self._why_unreachable())
            return FAILED
        return DONE

    async def _why_unreachable(self) -> str:
        """In the words of the connection: a wrong address, a certificate that is not trusted."""
        try:
            await self._kube.retrying(0).get(NAMESPACES, self._options.namespace)
        except Unreachable as error:
            return f"The API server is {self._server}: {error}"
        except KubeError:
            pass
        return f"The API server is {self._server}"


def _next_in_words(rows: tuple[Row, ...], answer: Reply) -> str:
    total = answer.listing.total if answer.listing is not None else 0
    if not total:
        return "Nothing is open."
    if not rows:
        return f"All {total} open tasks wait for others."
    return "" if total == len(rows) else f"The next {len(rows)} of {total} open tasks."


def _complain(text: str, file: TextIO | None = None) -> None:
    lines = [clean(line, 2_000) for line in text.splitlines()]
    print("\n".join(lines), file=file or sys.stderr)


@asynccontextmanager
async def connected(config: KubeConfig, options: Options, *, brief: bool = True) -> AsyncIterator[KubeClient]:
    """A client as patient as the person is; only one that is not `brief` can watch."""
    limit = options.request_timeout
    async with KubeClient(config, retry_for=min(RETRY_FOR, limit or RETRY_FOR), brief=brief) as kube:
        yield kube.patient(limit) if limit else kube


async def in_zone(kube: KubeClient, options: Options) -> Options:
    """The zone that the person has named, else the namespace's, as in the chat; else this machine's."""
    if options.time_zone is not None:
        return options
    with suppress(KubeError):  # what is asked next will say why
        named = (await zone_of_namespace(kube, options.namespace)).name
        if named is not None:
            with suppress(ZoneError):
                zone = load_zone(named)
                look = replace(options.look, zone=zone, now=options.look.now.astimezone(zone))
                return replace(options, time_zone=named, look=look)
    return replace(options, time_zone=zone_of_machine())


async def talk(what: Say | Do | Local, config: KubeConfig, options: Options) -> int:
    """Do what was asked; `edit` ends in kubectl's place."""
    async with connected(config, options) as kube:
        me, options = await asyncio.gather(username(kube), in_zone(kube, options))
        session = Talk(kube, config, options, me)
        if not isinstance(what, Local):
            return await session.ask(what)
        name = await session.name_of(" ".join(what.words))
    if name is None:
        return FAILED
    printable = options.output in DOCUMENTS - {"kubectl"} or is_of_kubectl(options.output)
    output = options.output if printable else ""
    return await asyncio.to_thread(
        edit, name, options.namespace, dry_run=options.dry_run, output=output, flags=options.kubectl_flags
    )
