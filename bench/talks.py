"""Whole conversations against a real API server, with the clock frozen: what went without a fault.

    python -m bench.talks --kubeconfig FILE              the table, and each turn that went wrong
    python -m bench.talks --kubeconfig FILE --quiet      only the table

The conversations are those of TODO_CORPORA/conversations. The API server must have our CRDs; nothing else
runs, so a task that comes back is looked up as its rule.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.understanding import CORPORA, plain
from todotasks.edits.model.message import Message
from todotasks.edits.model.reply import Reply
from todotasks.edits.session.chat import Chat
from todotasks.edits.session.stores import MemoryStore
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.errors import AlreadyExists
from todotasks.kube.resources import NAMESPACES, RECURRENCERULES, TODOTASKS

Talk = dict[str, Any]


def talks(path: Path | None = None) -> list[Talk]:
    where = path or CORPORA / "conversations" / "conversations_dev.json"
    found: list[Talk] = json.loads(where.read_text())["conversations"] if where.exists() else []
    return found


async def hold(client: KubeClient, talk: Talk, namespace: str) -> list[str]:
    """What went wrong in each turn; empty where nothing did."""
    with suppress(AlreadyExists):
        await client.create(NAMESPACES, {"metadata": {"name": namespace}})
    now = datetime.fromisoformat(talk["reference_time"]).replace(tzinfo=UTC)
    chat, store = Chat(now=lambda: now), MemoryStore()

    async def say(text: str) -> Reply:
        message = Message(text=text, namespace=namespace, time_zone="UTC", conversation="c")
        return await chat.say(message, client=client, owner="bench", store=store)

    faults = []
    for turn in talk["turns"]:
        reply = await say(turn["user"])
        asked = reply.question is not None
        waits = asked and turn["asks"] is None
        if waits and reply.needs_confirmation:
            reply = await say("yes")
            waits = reply.question is not None
        state = await _state(client, namespace)
        wrong = [] if waits else _differences(turn["state"], state)
        if turn["asks"] is True and not (asked or _asks_back(reply)):
            wrong.append("did not ask")
        if turn["asks"] is False and asked:
            wrong.append("asked needlessly")
        faults.append("" if not wrong else f"{turn['user']!r}: {'; '.join(wrong)} — {reply.reply}")
    return faults


def _asks_back(reply: Reply) -> bool:
    """A missing detail is asked for in the reply, with nothing done."""
    return not reply.edits and reply.reply.rstrip().endswith("?")


async def _state(client: KubeClient, namespace: str) -> list[dict[str, Any]]:
    found = [
        {
            "title": task["spec"]["title"],
            "due": task["spec"].get("due"),
            "completed": task["spec"].get("completed", False),
            "tags": task["spec"].get("tags", []),
            "priority": task["spec"].get("priority"),
            "reminders": [each.get("at", "")[:16] for each in task["spec"].get("reminders", [])],
        }
        for task in await client.list_(TODOTASKS, namespace)
    ]
    for rule in await client.list_(RECURRENCERULES, namespace):
        spec = rule["spec"]["template"]["spec"]
        found.append(
            {"title": spec["title"], "due": None, "completed": False, "recurring": True, "reminders": []}
        )
    return found


def _differences(wanted: Sequence[Talk], there: list[dict[str, Any]]) -> list[str]:
    out = []
    left = list(there)
    for want in wanted:
        titles = {plain(want["title"]), *map(plain, want.get("accept_title", []))}
        found = next((one for one in left if plain(one["title"]) in titles), None)
        if found is None:
            out.append(f"no task {want['title']!r}")
            continue
        left.remove(found)
        if bool(want.get("recurring")) != bool(found.get("recurring")):
            out.append(f"{want['title']!r} recurring: {found.get('recurring')}")
        if found.get("recurring"):
            continue
        dues = [want.get("due"), *want.get("accept_due", [])]
        if "due" in want and not any(_same(due, found) for due in dues):
            out.append(f"{want['title']!r} due {found['due']}, not {want['due']}")
        if "completed" in want and bool(want["completed"]) != found["completed"]:
            out.append(f"{want['title']!r} completed: {found['completed']}")
        if "tags" in want and {t.lower() for t in want["tags"]} != {t.lower() for t in found["tags"]}:
            out.append(f"{want['title']!r} tags {found['tags']}")
    return out + [f"a task {one['title']!r} too many" for one in left]


def _same(due: str | None, found: dict[str, Any]) -> bool:
    there = (found["due"] or "")[:16] or None
    return there == due or (due is not None and due in found["reminders"])


async def measure(
    client: KubeClient, chosen: Sequence[Talk], prefix: str, *, quiet: bool = False
) -> tuple[int, int, int, int]:
    """Turns right, turns, conversations without a fault, conversations."""
    right = turns = whole = 0
    for number, talk in enumerate(chosen):
        faults = await hold(client, talk, f"{prefix}-{number}")
        turns += len(faults)
        right += sum(not fault for fault in faults)
        whole += not any(faults)
        if not quiet:
            for fault in filter(None, faults):
                print(f"{talk['id']}: {fault}")
    return right, turns, whole, len(chosen)


async def _main(kubeconfig: str, *, quiet: bool) -> int:
    async with KubeClient(KubeConfig.load(Path(kubeconfig))) as client:
        stamp = f"talk-{datetime.now(UTC):%H%M%S}"
        right, turns, whole, count = await measure(client, talks(), stamp, quiet=quiet)
    print(f"turns {right}/{turns} ({right / max(turns, 1):.1%}), whole conversations {whole}/{count}")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--quiet", action="store_true")
    args = parser.parse_args(argv)
    return asyncio.run(_main(args.kubeconfig, quiet=args.quiet))


if __name__ == "__main__":
    sys.exit(main())
