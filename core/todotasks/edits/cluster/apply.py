"""Doing edits: planned requests sent to the API server with the client given, which is the caller's.

    edit ─ look at the object ─ is it still the one that was planned for? ─ send ─▶ EditResult

- A create takes the first free name (`rent`, `rent-2`, …). A name that is taken by an object with the same
  idempotency key is our own earlier try: "unchanged", never a second object.
- A patch that would change nothing is not sent. One whose object has another uid or another spec than the
  plan saw is refused as a Conflict; only a new status is no obstacle. So is the delete of such an object.
- What is sent carries uid and resourceVersion: a change between the look and the request is a 409 from the
  API server, and we look again.

A crash after any request leaves whole edits: those done are found done when the message is said again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from todotasks import tracing
from todotasks.api.stamps import ANNOTATION_LAST_ACTOR, ANNOTATION_TRACEPARENT
from todotasks.edits.model.edit import Document, Edit, EditResult, Problem
from todotasks.edits.model.merge import changes_nothing
from todotasks.edits.model.names import ANNOTATION_IDEMPOTENCY_KEY, next_name, renamed
from todotasks.edits.wording.api_errors import problem_of_edit
from todotasks.edits.wording.formatting import clean, quoted
from todotasks.kube import KubeClient, Resource
from todotasks.kube.errors import (
    AlreadyExists,
    Conflict,
    Forbidden,
    KubeError,
    NotFound,
    Unauthorized,
    Unreachable,
)
from todotasks.kube.resources import RECURRENCERULES, REMINDERS, TODOTASKS

FIELD_MANAGER = "todotasks-chat"

RESOURCES: dict[str, Resource] = {each.plural: each for each in (TODOTASKS, RECURRENCERULES, REMINDERS)}

AT_ONCE = 8  # requests of one message under way together
MOST_LOOKS = 3  # times an object is looked at when its status keeps changing under us
MOST_NAMES = 50  # names tried for a new object

Report = Callable[[int, int], Awaitable[None]]  # edits done, of how many


async def apply(
    client: KubeClient,
    edits: Sequence[Edit],
    *,
    dry_run: bool = False,
    field_manager: str = FIELD_MANAGER,
    report: Report | None = None,
) -> tuple[EditResult, ...]:
    """Do the edits, side by side where none has the name of another.

    After a refusal that will meet all the others too (no rights, no API server) the rest is left "planned".
    """
    return await _Application(client, dry_run, field_manager, report, len(edits)).run(edits)


class _Application:
    def __init__(
        self, client: KubeClient, dry_run: bool, field_manager: str, report: Report | None, total: int
    ) -> None:
        self._client = client
        self._dry_run = dry_run
        self._field_manager = field_manager
        self._report = report
        self._total = total
        self._finished = 0
        self._stopped: set[tuple[str, str, str]] = set()  # verb, resource, namespace: no use to go on
        self._down = False
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def run(self, edits: Sequence[Edit]) -> tuple[EditResult, ...]:
        if _share_a_name(edits):
            return tuple([await self._one(edit) for edit in edits])
        # The first of a sort by itself: what is forbidden is asked once and not five hundred times.
        sorts: dict[tuple[str, str, str], int] = {}
        for place, edit in enumerate(edits):
            sorts.setdefault(_sort(edit), place)
        done = {place: await self._one(edits[place]) for place in sorts.values()}
        rest = [place for place in range(len(edits)) if place not in done]
        results = await asyncio.gather(*(self._one(edits[place]) for place in rest))
        done.update(zip(rest, results, strict=True))
        return tuple(done[place] for place in range(len(edits)))

    async def _one(self, edit: Edit) -> EditResult:
        async with self._gate:
            if self._down or _sort(edit) in self._stopped:
                return EditResult(edit=edit, result="planned")
            try:
                done = await self._do(edit)
            except KubeError as error:
                self._note(error, edit)
                done = EditResult(edit=edit, result="refused", problem=problem_of_edit(error, edit))
        self._finished += 1
        if self._report is not None:
            await self._report(self._finished, self._total)
        return done

    def _note(self, error: KubeError, edit: Edit) -> None:
        if isinstance(error, Unreachable | Unauthorized):
            self._down = True
        elif isinstance(error, Forbidden):
            self._stopped.add(_sort(edit))

    async def _do(self, edit: Edit) -> EditResult:
        with tracing.span(f"edit {edit.verb} {edit.resource}", only_below=True):
            if edit.verb == "create":
                return await self._create(edit)
            return await self._change(edit)

    # ── new objects ──────────────────────────────────────────────────────────────────────────────────
    async def _create(self, edit: Edit) -> EditResult:
        resource = RESOURCES[edit.resource]
        manifest = edit.manifest or {}
        key = _annotation(manifest, ANNOTATION_IDEMPOTENCY_KEY)
        for _ in range(MOST_NAMES):
            try:
                after = await self._post(resource, edit)
            except AlreadyExists:
                there = await self._get(resource, edit)
                if there is not None and key and _annotation(there, ANNOTATION_IDEMPOTENCY_KEY) == key:
                    return EditResult(edit=edit, result="unchanged", after=there)
                edit = renamed(edit, next_name(edit.title or edit.name, edit.name))
                continue
            except Unreachable as error:
                # The answer was lost. With a key the object itself says whether it was made.
                there = await self._get(resource, edit) if error.sent and key else None
                if there is None or _annotation(there, ANNOTATION_IDEMPOTENCY_KEY) != key:
                    raise
                after = there
            return EditResult(edit=edit, result=self._did, after=after)
        text = f"{MOST_NAMES} objects have the name of {titled(edit)} already: say a more telling title."
        problem = Problem(reason="AlreadyExists", message=text, status=409)
        return EditResult(edit=edit, result="refused", problem=problem)

    async def _post(self, resource: Resource, edit: Edit) -> Document:
        return await self._client.create(
            resource,
            traced(edit.manifest or {}),
            edit.namespace,
            dry_run=self._dry_run,
            field_manager=self._field_manager,
        )

    # ── objects that are there ───────────────────────────────────────────────────────────────────────
    async def _change(self, edit: Edit) -> EditResult:
        resource = RESOURCES[edit.resource]
        sent: Document | None = None  # the object as it was when a request for it was last on its way
        for attempt in range(MOST_LOOKS):
            before = await self._get(resource, edit)
            if before is None or (edit.uid and before["metadata"]["uid"] != edit.uid):
                return self._without_object(edit, before, sent)
            if edit.verb == "patch" and changes_nothing(before, edit.patch or {}):
                # The answer to an earlier try was lost, and it had been done; or it was so already.
                result = "unchanged" if sent is None else self._did
                return EditResult(edit=edit, result=result, before=sent or before, after=before)
            if not _as_planned(edit, before):
                return EditResult(edit=edit, result="refused", problem=changed_meanwhile(edit, before))
            sent = before
            try:
                after = await self._send(resource, edit, before)
            except Conflict:
                if attempt == MOST_LOOKS - 1:
                    raise
                continue
            except NotFound:
                continue
            return EditResult(edit=edit, result=self._did, before=before, after=after)
        return self._without_object(edit, None, sent)

    @property
    def _did(self) -> Literal["done", "dry-run"]:
        return "dry-run" if self._dry_run else "done"

    def _without_object(self, edit: Edit, there: Document | None, sent: Document | None) -> EditResult:
        """The object is gone, or another one has its name."""
        if there is None and edit.verb == "delete":
            # Sent and gone: the request that had no answer has done it, and undo needs what was there.
            return EditResult(edit=edit, result="unchanged" if sent is None else self._did, before=sent)
        problem = gone(edit) if there is None else replaced(edit)
        return EditResult(edit=edit, result="refused", problem=problem)

    async def _send(self, resource: Resource, edit: Edit, before: Document) -> Document | None:
        identity = before["metadata"]
        if edit.verb == "delete":
            await self._client.delete(
                resource,
                edit.name,
                edit.namespace,
                uid=identity["uid"],
                resource_version=identity["resourceVersion"],
                dry_run=self._dry_run,
            )
            return None
        patch = dict(edit.patch or {})
        patch["metadata"] = {
            **(patch.get("metadata") or {}),
            "uid": identity["uid"],
            "resourceVersion": identity["resourceVersion"],
        }
        return await self._client.patch(
            resource,
            edit.name,
            traced(patch),
            edit.namespace,
            dry_run=self._dry_run,
            field_manager=self._field_manager,
        )

    async def _get(self, resource: Resource, edit: Edit) -> Document | None:
        try:
            found = await self._client.get(resource, edit.name, edit.namespace)
        except NotFound:
            return None
        return found


def traced(body: Document) -> Document:
    """With the trace of this edit, where there is one: what it brings about is drawn below it."""
    trace = tracing.current()
    if trace is None:
        return body
    metadata = body.get("metadata") or {}
    annotations = {**(metadata.get("annotations") or {}), ANNOTATION_TRACEPARENT: trace}
    return {**body, "metadata": {**metadata, "annotations": annotations}}


def _sort(edit: Edit) -> tuple[str, str, str]:
    """What a role allows or not."""
    return edit.verb, edit.resource, edit.namespace


def _share_a_name(edits: Sequence[Edit]) -> bool:
    """Whether one makes room for another, or takes its name: then only their own order is right."""
    return len({(edit.resource, edit.namespace, edit.name) for edit in edits}) < len(edits)


def _as_planned(edit: Edit, before: Document) -> bool:
    """Whether the object still has the spec that the plan saw."""
    metadata = before["metadata"]
    if edit.resource_version is None or metadata["resourceVersion"] == edit.resource_version:
        return True
    return edit.generation > 0 and metadata.get("generation") == edit.generation


def _annotation(document: Document, name: str) -> str | None:
    return ((document.get("metadata") or {}).get("annotations") or {}).get(name)


# ── what may stand in the way ────────────────────────────────────────────────────────────────────────
def gone(edit: Edit) -> Problem:
    return Problem(reason="NotFound", message=f"{titled(edit)} is not there any more.", status=404)


def replaced(edit: Edit) -> Problem:
    text = f"{titled(edit)} is another object now: it was deleted and made again. Say it again."
    return Problem(reason="Conflict", message=text, status=409)


def changed_meanwhile(edit: Edit, before: Document) -> Problem:
    text = f"{titled(edit)} was changed meanwhile{by(before)}. Look at it and say it again."
    return Problem(reason="Conflict", message=text, status=409)


def by(document: Document) -> str:
    """“ by alice”, where the API server has stamped who wrote last."""
    actor = _annotation(document, ANNOTATION_LAST_ACTOR)
    return f" by {clean(actor)}" if actor else ""


def titled(edit: Edit) -> str:
    return quoted(edit.title or edit.name)
