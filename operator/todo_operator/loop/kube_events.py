"""Kubernetes Events: what `kubectl describe` shows of a task, a rule, a reminder, under `Events`.

They are for a person who looks at an object and asks why; the record is what programs read. So they may be
lost and cost little: they are made of a plan once it was applied, wait in a short line, leave it at a low
rate, and are dropped where the line is full. Ten thousand reminders at nine o'clock make some Events.

The same of the same object again counts up the one that is there. More than a few of one reason become one
("and others like it"), as client-go's correlator has it.
"""

import asyncio
import hashlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

import structlog

from todo_operator.index.protocol import Decision, WorkKey
from todo_operator.loop import metrics
from todo_operator.reconcile.conditions import STALLED
from todo_operator.reconcile.plan import Emission, ReminderEmission, RuleEmission
from todo_operator.reconcile.reasons import ReminderCondition, ReminderReason
from todotasks.api import GROUP_VERSION, ObjectKey, find_condition
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import AlreadyExists, KubeError, NotFound
from todotasks.kube.resources import RECURRENCERULES, REMINDERS, TODOTASKS, Resource
from todotasks.rate_limit import RateLimiter

EVENTS: Final = Resource("", "v1", "events", "Event")
COMPONENT: Final = "todotasks-operator"
RATE: Final = 10.0  # Events a second
BURST: Final = 100.0
WAITING: Final = 1_000  # in the line
WAITING_OF_ONE: Final = 50  # of one namespace, so that nobody fills the line for the others
ALIKE: Final = 10  # of one reason for one object, beyond which they become one
ALIKE_WITHIN: Final = timedelta(minutes=10)
REMEMBERED: Final = 4_096  # Events that may be counted up
MESSAGE_LENGTH: Final = 1_024
NAME_LENGTH: Final = 236  # and a dot and 16 characters

log = structlog.get_logger(__name__)


class KubeEvent(NamedTuple):
    """What happened to an object, for people."""

    kind: str
    key: ObjectKey
    uid: str
    type: Literal["Normal", "Warning"]
    reason: str
    message: str


def kube_events(key: WorkKey, decision: Decision) -> list[KubeEvent]:
    """What of an applied plan is worth an Event. Pure."""
    found: list[KubeEvent] = []
    plan = decision.plan
    for emission in (*plan.emits, *(each for create in plan.creates for each in create.emits)):
        found += _of_emission(key, decision.uid, emission)
    if plan.status is None:
        return found
    before = getattr(decision.status, "conditions", None)
    after = getattr(plan.status, "conditions", None)
    stalled, was_stalled = find_condition(after, STALLED), find_condition(before, STALLED)
    if stalled is not None and (was_stalled is None or was_stalled.message != stalled.message):
        found.append(
            KubeEvent(key.kind, key.object, decision.uid, "Warning", stalled.reason, stalled.message)
        )
    delivered = find_condition(after, ReminderCondition.DELIVERED)
    said = find_condition(before, ReminderCondition.DELIVERED)
    if (
        delivered is not None
        and delivered.reason == ReminderReason.DELIVERY_FAILED
        and (said is None or (said.reason, said.message) != (delivered.reason, delivered.message))
    ):
        reason = str(ReminderReason.DELIVERY_FAILED)
        found.append(KubeEvent(key.kind, key.object, decision.uid, "Warning", reason, delivered.message))
    return found


def _of_emission(key: WorkKey, uid: str, emission: Emission) -> Iterator[KubeEvent]:
    if isinstance(emission, ReminderEmission):
        late = ", late: nothing could fire it in time" if emission.late else ""
        through = ", ".join(emission.channels) or "no channel: the namespace has no default one"
        told = f"Fired for {_when(emission.instant)}{late}; goes through {through}."
        yield KubeEvent(REMINDERS.kind, emission.key, emission.uid, "Normal", "Fired", told)
        about = f'The reminder "{emission.key.name}" has fired for {_when(emission.instant)}.'
        yield KubeEvent(TODOTASKS.kind, emission.task, emission.task_uid, "Normal", "ReminderFired", about)
    elif isinstance(emission, RuleEmission):
        yield KubeEvent(RECURRENCERULES.kind, emission.key, uid, *_of_rule(emission))
    else:
        message = f"It is overdue since {_when(emission.instant)}."
        yield KubeEvent(TODOTASKS.kind, emission.key, uid, "Normal", "Overdue", message)


def _of_rule(emission: RuleEmission) -> tuple[Literal["Normal", "Warning"], str, str]:
    at = "" if emission.instant is None else f" of {_when(emission.instant)}"
    match emission.happening:
        case "recurrence.scheduled":
            return "Normal", "OccurrenceMade", f'Made the task "{emission.task}", the occurrence{at}.'
        case "recurrence.skipped":
            return "Normal", "OccurrenceSkipped", f"Left out the occurrence{at}: {emission.message}"
        case "recurrence.missed":
            return "Warning", "OccurrencesMissed", f"Missed occurrences, the last{at}: {emission.message}"
    return "Normal", "Exhausted", f"No occurrence is left; it has made {emission.count}."


def _when(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


class _Written(NamedTuple):
    name: str
    times: int


class KubeEvents:
    """`tell` takes an Event and never waits; `run` writes them."""

    def __init__(
        self,
        kube: KubeClient,
        clock: Callable[[], datetime],
        *,
        instance: str = "",
        limiter: RateLimiter | None = None,
    ) -> None:
        self._kube = kube
        self._clock = clock
        self._instance = instance or COMPONENT
        self._limiter = limiter or RateLimiter(RATE, BURST)
        self._line: deque[KubeEvent] = deque()
        self._waiting: dict[str, int] = {}  # by namespace
        self._some = asyncio.Event()
        self._written: OrderedDict[str, _Written] = OrderedDict()
        self._alike: OrderedDict[tuple[str, str], deque[datetime]] = OrderedDict()
        metrics.KUBE_EVENTS_WAITING.set_function(lambda: len(self._line))

    def tell(self, event: KubeEvent) -> None:
        namespace = event.key.namespace
        if len(self._line) >= WAITING or self._waiting.get(namespace, 0) >= WAITING_OF_ONE:
            metrics.KUBE_EVENTS_DROPPED.inc()
            return
        self._waiting[namespace] = self._waiting.get(namespace, 0) + 1
        self._line.append(event)
        self._some.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._some.wait()
            event = self._line.popleft()
            if not self._line:
                self._some.clear()
            left = self._waiting[event.key.namespace] - 1
            if left:
                self._waiting[event.key.namespace] = left
            else:
                del self._waiting[event.key.namespace]
            await self._limiter.take()
            try:
                await self._write(self._aggregated(event))
            except KubeError as error:
                # They are a courtesy: a quota, a namespace that goes, a right that is missing harm nobody.
                metrics.KUBE_EVENTS_DROPPED.inc()
                log.info("kube_event_not_written", object=str(event.key), error=str(error))

    def _aggregated(self, event: KubeEvent) -> tuple[str, KubeEvent]:
        """The event, and the name under which it is counted."""
        now, alike = self._clock(), (event.uid, event.reason)
        times = self._alike.setdefault(alike, deque(maxlen=ALIKE + 1))
        self._alike.move_to_end(alike)
        if len(self._alike) > REMEMBERED:
            self._alike.popitem(last=False)
        times.append(now)
        said = event.message[:MESSAGE_LENGTH]
        what = said
        if len(times) > ALIKE and now - times[0] < ALIKE_WITHIN:
            said, what = f"{said} (and others like it)"[:MESSAGE_LENGTH], "alike"
        digest = hashlib.sha256(f"{event.uid}/{event.reason}/{what}".encode()).hexdigest()[:16]
        return f"{event.key.name[:NAME_LENGTH].rstrip('-.')}.{digest}", event._replace(message=said)

    async def _write(self, named: tuple[str, KubeEvent]) -> None:
        name, event = named
        now = self._clock()
        id_ = f"{event.key.namespace}/{name}"
        before = self._written.get(id_)
        if before is None:
            try:
                await self._kube.create(EVENTS, self._body(name, event, now), event.key.namespace)
            except AlreadyExists:  # of a leader before us
                found = await self._kube.get(EVENTS, name, event.key.namespace)
                before = _Written(name, int(found.get("count") or 1))
        if before is not None:
            count = {"count": before.times + 1, "lastTimestamp": _when(now), "message": event.message}
            try:
                await self._kube.patch(EVENTS, name, count, event.key.namespace)
            except NotFound:  # an hour has passed: the API server forgets them
                before = None
                await self._kube.create(EVENTS, self._body(name, event, now), event.key.namespace)
        self._written[id_] = _Written(name, 1 if before is None else before.times + 1)
        self._written.move_to_end(id_)
        if len(self._written) > REMEMBERED:
            self._written.popitem(last=False)

    def _body(self, name: str, event: KubeEvent, now: datetime) -> dict[str, Any]:
        return {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": event.key.namespace},
            "involvedObject": {
                "apiVersion": GROUP_VERSION,
                "kind": event.kind,
                "namespace": event.key.namespace,
                "name": event.key.name,
                "uid": event.uid,
            },
            "type": event.type,
            "reason": event.reason,
            "message": event.message,
            "action": event.reason,
            "count": 1,
            "firstTimestamp": _when(now),
            "lastTimestamp": _when(now),
            "source": {"component": COMPONENT},
            "reportingComponent": COMPONENT,
            "reportingInstance": self._instance[:128],
        }
