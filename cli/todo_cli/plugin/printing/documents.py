"""An answer for a program, as `kubectl -o` prints: resources as JSON or YAML, names, `kubectl` commands."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from todo_cli.plugin.printing.kubectls import RESOURCES, Named
from todotasks.edits.model.edit import Document, Plural
from todotasks.edits.model.kubectl import manifest_text
from todotasks.edits.model.plan import Row
from todotasks.edits.model.reply import Reply
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import NotFound

DOCUMENTS = frozenset({"json", "yaml", "name", "kubectl"})

_AT_ONCE = 16  # requests


async def document_text(answer: Reply, output: str, kube: KubeClient, numbers: Sequence[int] | None) -> str:
    """What `-o` asks for; empty where the answer is about nothing. `numbers`: which rows of its listing."""
    if output == "kubectl":
        return "\n".join(done.edit.kubectl for done in answer.edits)
    listing = answer.listing
    rows = [row for row in listing.rows if numbers is None or row.number in numbers] if listing else []
    if output == "name":
        return "\n".join(_name(each) for each in objects_of(answer, numbers))
    documents = [done.after for done in answer.edits if done.after is not None]
    if not documents:
        documents = await _read(rows, kube)
    return written([_bare(document) for document in documents], output, alone=listing is None)


def objects_of(answer: Reply, numbers: Sequence[int] | None) -> list[Named]:
    """Those that were touched, else those that are listed."""
    touched = [each.edit for each in answer.edits if each.problem is None]
    if touched:
        return [(edit.resource, edit.namespace, edit.name) for edit in touched]
    rows = answer.listing.rows if answer.listing is not None else ()
    return [(r.resource, r.namespace, r.name) for r in rows if numbers is None or r.number in numbers]


def _name(of: Named) -> str:
    resource, _, name = of
    return f"{RESOURCES[resource].kind.lower()}.todotasks.dev/{name}"


async def listed_text(rows: Sequence[Row], output: str, kube: KubeClient) -> str:
    """The rows of a list as `-o` asks for them."""
    if output == "kubectl":
        return ""
    if output == "name":
        return "\n".join(_name((row.resource, row.namespace, row.name)) for row in rows)
    return written([_bare(document) for document in await _read(rows, kube)], output, alone=False)


async def _read(rows: Sequence[Row], kube: KubeClient) -> list[Document]:
    limit = asyncio.Semaphore(_AT_ONCE)

    async def one(resource: Plural, name: str, namespace: str) -> Document | None:
        async with limit:
            try:
                return await kube.get(RESOURCES[resource], name, namespace)
            except NotFound:
                return None  # deleted since it was listed

    found = await asyncio.gather(*(one(row.resource, row.name, row.namespace) for row in rows))
    return [document for document in found if document is not None]


def written(documents: Sequence[Document], output: str, *, alone: bool) -> str:
    """One object as itself where `alone`, else a List, as kubectl has it."""
    whole: Any = {"apiVersion": "v1", "items": list(documents), "kind": "List"}
    if alone and len(documents) == 1:
        whole = documents[0]
    elif alone and not documents:
        return ""
    if output == "json":
        return json.dumps(whole, indent=4, ensure_ascii=True)
    return manifest_text(whole).rstrip("\n")


def _bare(document: Document) -> Document:
    """Without managedFields, as `kubectl get` shows it."""
    metadata = {key: value for key, value in document.get("metadata", {}).items() if key != "managedFields"}
    return {**document, "metadata": metadata}
