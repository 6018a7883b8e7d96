"""Whole conversations against a real API server, with the clock frozen: what went without a fault.

    python -m bench.talks --kubeconfig FILE              the table, and each turn that went wrong
    python -m bench.talks --kubeconfig FILE --quiet      only the table
    python -m bench.talks --kubeconfig FILE --only de-   those whose name has it

The conversations are those of TODO_CORPORA/conversations and our own in tests/unit/understanding/corpus. The
API server must have our CRDs; nothing else runs, so a task that comes back is looked up as its rule.
"""

import argparse
import asyncio
import copy
import json
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bench.understanding import CORPORA, OWN, plain
from todotasks.edits.model.message import Message
from todotasks.edits.model.reply import Reply
from todotasks.edits.session.chat import Chat
from todotasks.edits.session.stores import MemoryStore
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.errors import AlreadyExists
from todotasks.kube.resources import NAMESPACES, RECURRENCERULES, TODOTASKS

Talk = dict[str, Any]
ANSWERS = OWN / "answers.yaml"  # a question, and one answer to it


def talks(path: Path | None = None) -> list[Talk]:
    where = path or CORPORA / "conversations" / "conversations_dev.json"
    found: list[Talk] = json.loads(where.read_text())["conversations"] if where.exists() else []
    return found


def own_talks(path: Path | None = None) -> list[Talk]:
    """Our own, in the schema of the others: what is written as a change becomes the state after it."""
    return [_written_out(talk) for talk in yaml.safe_load((path or OWN / "talks.yaml").read_text())]


_TASK = re.compile(r"(?P<title>.*?)(?P<marks>(?:\s+[@#=!^>]\S.*)?)")
_MARK = re.compile(r"(?:^|\s)([@#=!^>])")


def _written_out(talk: Talk) -> Talk:
    state: list[Talk] = []
    for line in talk.get("tasks", []):
        _change(state, line if line.startswith("x ") else f"+ {line}", done_is_new=True)
    began = copy.deepcopy(state)
    turns = []
    for text, *wanted in talk["say"]:
        listed = None
        for line in wanted:
            if line == "l" or line.startswith("l "):
                listed = [title.strip() for title in line[1:].split("|") if title.strip()]
            elif line not in {"?", "~", ""}:
                _change(state, line)
        asks = True if "?" in wanted else None if "~" in wanted else False
        turns.append({"user": text, "asks": asks, "lists": listed, "state": copy.deepcopy(state)})
    return {
        "id": talk["id"], "reference_time": talk["now"], "tasks": began, "turns": turns
    }  # fmt: skip


def _change(state: list[Talk], line: str, *, done_is_new: bool = False) -> None:
    """One line of a turn, see the head of the file."""
    if " -> " in line:
        before, after = line.split(" -> ")
        next(one for one in state if one["title"] == before)["title"] = after
        return
    verb, rest = (line[0], line[2:]) if line[:2] in {"+ ", "x ", "o ", "- ", "* "} else ("", line)
    found = _TASK.fullmatch(rest)
    assert found is not None, "anything is a title"
    title, marks = found["title"], _MARK.split(found["marks"])[1:]
    if verb in {"+", "*"} or (verb == "x" and done_is_new):
        fresh: Talk = {"title": title, "due": None, "completed": False, "tags": [], "priority": "Medium"}
        state.append(fresh | {"assignee": None, "dependsOn": [], "recurring": verb == "*"})
    one = next(each for each in state if each["title"] == title)
    if verb == "-":
        state.remove(one)
    if verb in {"x", "o"}:
        one["completed"] = verb == "x"
    for sign, value in zip(marks[::2], marks[1::2], strict=True):
        match sign:
            case "@":
                one["due"] = None if value == "none" else value
            case "#":
                one["tags"] = [*one["tags"], value]
            case "=":
                one["tags"] = [value]
            case "!":
                one["priority"] = value
            case "^":
                one["assignee"] = None if value == "none" else value
            case ">":
                one["dependsOn"] = value.split(",")


async def hold(client: KubeClient, talk: Talk, namespace: str) -> list[str]:
    """What went wrong in each turn; empty where nothing did."""
    with suppress(AlreadyExists):
        await client.create(NAMESPACES, {"metadata": {"name": namespace}})
    now = datetime.fromisoformat(talk["reference_time"]).replace(tzinfo=UTC)
    chat, store = Chat(now=lambda: now), MemoryStore()
    for number, task in enumerate(talk.get("tasks", [])):
        body = {"metadata": {"name": f"there-{number}"}, "spec": _spec(task)}
        await client.create(TODOTASKS, body, namespace)

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
        if (listed := turn.get("lists")) is not None:
            got = [row.title for row in reply.listing.rows] if reply.listing is not None else []
            if sorted(map(plain, got)) != sorted(map(plain, listed)):
                wrong.append(f"listed {got}")
        if turn["asks"] is False and asked:
            wrong.append("asked needlessly")
        faults.append("" if not wrong else f"{turn['user']!r}: {'; '.join(wrong)} — {reply.reply}")
    return faults


def _asks_back(reply: Reply) -> bool:
    """A missing detail is asked for in the reply, with nothing done."""
    return not reply.edits and reply.reply.rstrip().endswith("?")


def _spec(task: Talk) -> dict[str, Any]:
    wanted = ("title", "due", "completed", "tags", "priority", "assignee")
    return {name: task[name] for name in wanted if task.get(name)}


async def _state(client: KubeClient, namespace: str) -> list[dict[str, Any]]:
    tasks = await client.list_(TODOTASKS, namespace)
    titles = {task["metadata"]["name"]: task["spec"]["title"] for task in tasks}
    found = [
        {
            "title": task["spec"]["title"],
            "due": task["spec"].get("due"),
            "completed": task["spec"].get("completed", False),
            "tags": task["spec"].get("tags", []),
            "priority": task["spec"].get("priority", "Medium"),
            "assignee": task["spec"].get("assignee"),
            "dependsOn": [titles.get(name, name) for name in task["spec"].get("dependsOn", [])],
            "reminders": [each.get("at", "")[:16] for each in task["spec"].get("reminders", [])],
        }
        for task in tasks
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
        for field in ("priority", "assignee"):
            if field in want and want[field] != found[field] and (want[field] or found[field]):
                out.append(f"{want['title']!r} {field} {found[field]}")
        if "dependsOn" in want and set(want["dependsOn"]) != set(found["dependsOn"]):
            out.append(f"{want['title']!r} depends on {found['dependsOn']}")
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


async def _main(kubeconfig: str, *, only: str, quiet: bool) -> int:
    async with KubeClient(KubeConfig.load(Path(kubeconfig))) as client:
        stamp = f"talk-{datetime.now(UTC):%H%M%S}"
        rows = ("development half", talks()), ("our own", own_talks()), ("answers", own_talks(ANSWERS))
        for name, every in rows:
            chosen = [talk for talk in every if only in talk["id"]]
            right, turns, whole, count = await measure(client, chosen, f"{stamp}-{name[0]}", quiet=quiet)
            share = right / max(turns, 1)
            print(f"{name}: turns {right}/{turns} ({share:.1%}), whole conversations {whole}/{count}")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--only", default="", help="conversations whose name has it")
    parser.add_argument("--quiet", action="store_true")
    args = parser.parse_args(argv)
    return asyncio.run(_main(args.kubeconfig, only=args.only, quiet=args.quiet))


if __name__ == "__main__":
    sys.exit(main())
