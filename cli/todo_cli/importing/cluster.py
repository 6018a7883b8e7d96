"""The objects, brought to the API server: in a dry run, or for good. Never twice, never over another's."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from todo_cli.importing.model import Document
from todo_cli.importing.objects import Made
from todotasks.api.meta import ANNOTATION_IMPORTED_FROM
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import AlreadyExists, ApiError, NotFound
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS, Resource

FIELD_MANAGER = "todotasks-import"
AT_ONCE = 8  # requests under way
KINDS: dict[str, Resource] = {"TodoTask": TODOTASKS, "RecurrenceRule": RECURRENCERULES}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one object: `made` (or would be), `there` from an earlier import, or `refused`."""

    object: Made
    result: str
    message: str = ""


async def marks(kube: KubeClient, namespace: str) -> dict[str, str]:
    """What earlier imports made, and is still there: the mark and the object's name."""
    found = {}
    for resource in KINDS.values():
        objects: list[Document] = await kube.list_(resource, namespace)
        for each in objects:
            metadata = each["metadata"]
            if mark := (metadata.get("annotations") or {}).get(ANNOTATION_IMPORTED_FROM):
                found[mark] = metadata["name"]
    return found


async def carry(kube: KubeClient, namespace: str, objects: Iterable[Made], *, dry_run: bool) -> list[Outcome]:
    """Create them, parents before their parts. A refusal of one keeps no other from being made."""
    known = await marks(kube, namespace)
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(made: Made) -> Outcome:
        if made.mark in known:
            return Outcome(made, "there", known[made.mark])
        async with slots:
            return await _create(kube, namespace, made, dry_run)

    levels: defaultdict[int, list[Made]] = defaultdict(list)
    for made in objects:
        levels[made.depth].append(made)
    outcomes: list[Outcome] = []
    for _, level in sorted(levels.items()):
        outcomes += await asyncio.gather(*(one(made) for made in level))
    return outcomes


async def _create(kube: KubeClient, namespace: str, made: Made, dry_run: bool) -> Outcome:
    resource = KINDS[made.kind]
    try:
        await kube.create(resource, made.body, namespace, dry_run=dry_run, field_manager=FIELD_MANAGER)
    except AlreadyExists:
        try:
            other: Document = await kube.get(resource, made.name, namespace)
        except NotFound:
            return Outcome(made, "refused", "its name was taken a moment ago; import once more")
        annotations = other["metadata"].get("annotations") or {}
        if annotations.get(ANNOTATION_IMPORTED_FROM) == made.mark:  # our own try whose answer was lost
            return Outcome(made, "made")
        return Outcome(made, "refused", f"another object is called {made.name}")
    except ApiError as error:
        return Outcome(made, "refused", str(error))
    return Outcome(made, "made")
