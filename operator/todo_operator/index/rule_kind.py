"""RecurrenceRule for the loop. It follows the tasks: their cache knows which of them are occurrences."""

import dataclasses
from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any, NamedTuple

import structlog

from todo_operator.index.objects import AllDayTimes, KnownObjects, NamespaceZones
from todo_operator.index.protocol import NOBODY, Decision
from todo_operator.index.refusals import Refusals
from todo_operator.index.tasks import TaskCache
from todo_operator.reconcile.plan import Plan
from todo_operator.reconcile.rule.checks import ObservedRule
from todo_operator.reconcile.rule.decide import reconcile as reconcile_rule
from todo_operator.reconcile.rule.facts import Occurrence, RuleFacts, read_rule_facts, rule_facts_of
from todotasks.api import ObjectKey, RecurrenceRule
from todotasks.api.due import DEFAULT_ZONE
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS
from todotasks.recurrence import FieldError, Rule, rule_from_spec

log = structlog.get_logger(__name__)

RuleOrErrors = Rule | tuple[FieldError, ...]


class RuleId(NamedTuple):
    namespace: str
    uid: str


class ScheduleKey(NamedTuple):
    """Of what a rule's schedule was read."""

    uid: str
    generation: int
    zone: str


class RuleKind:
    """RecurrenceRule."""

    resource = RECURRENCERULES
    type = RecurrenceRule

    def __init__(self, cache: TaskCache) -> None:
        self._cache = cache
        self._known: KnownObjects[RuleFacts] = KnownObjects()
        self._of_namespace = self._known.index(lambda rule: rule.namespace)
        self._of_id = self._known.index(lambda rule: RuleId(rule.namespace, rule.uid))
        # By namespace and uid of the rule: an owner counts in its own namespace only, whatever a task says.
        self._occurrences: dict[RuleId, dict[ObjectKey, Occurrence]] = {}
        self._rule_of: dict[ObjectKey, RuleId] = {}
        self._blocked: dict[ObjectKey, ObjectKey] = {}  # a name that is taken: the rule that needs it
        self._zones = NamespaceZones()
        self._all_day_times = AllDayTimes()
        self._schedules: dict[ObjectKey, tuple[ScheduleKey, RuleOrErrors]] = {}
        self._refusals = Refusals()

    def __len__(self) -> int:
        return len(self._known)

    def facts(self, object: RecurrenceRule) -> RuleFacts:
        return rule_facts_of(object)

    def read(self, body: Mapping[str, Any]) -> RuleFacts:
        return read_rule_facts(body)

    def version(self, key: ObjectKey) -> tuple[str, int] | None:
        return self._known.version(key)

    def decide(self, key: ObjectKey, now: datetime) -> Decision | None:
        rule = self._known.get(key)
        if rule is None:
            return None
        if rule.spec.time_zone is None and key.namespace not in self._zones:
            # As for tasks: the zone of its namespace is on its way and brings the key back.
            return Decision(rule.uid, rule.generation, rule.status, Plan())
        occurrences = tuple(self._occurrences.get(RuleId(rule.namespace, rule.uid), {}).values())
        refusal = self._refusals.current(rule, now)
        observed = ObservedRule(
            rule,
            self._schedule(rule),
            occurrences,
            refused=refusal.message if refusal else None,
            all_day_time=self._all_day_times[rule.namespace],
        )
        plan = reconcile_rule(observed, now)
        if refusal is not None:
            plan = dataclasses.replace(plan, requeue_at=refusal.until)
        elif not plan.creates:
            self._refusals.forget(key)
        taken = self._taken(rule, plan)
        if taken:
            self._blocked.update({ObjectKey(key.namespace, name): key for name in taken})
            plan = reconcile_rule(dataclasses.replace(observed, taken=taken), now)
        return Decision(rule.uid, rule.generation, rule.status, plan)

    def _schedule(self, rule: RuleFacts) -> RuleOrErrors:
        """Parsed once for each generation and zone: it costs more than the decision."""
        zone = self._zones[rule.namespace] or DEFAULT_ZONE
        wanted = ScheduleKey(rule.uid, rule.generation, zone)
        known = self._schedules.get(rule.key)
        if known is None or known[0] != wanted:
            read = rule_from_spec(rule.spec, zone, rule.created)
            known = wanted, tuple(read) if isinstance(read, list) else read
            self._schedules[rule.key] = known
        return known[1]

    def _taken(self, rule: RuleFacts, plan: Plan[Any]) -> frozenset[str]:
        """Names that the plan needs, and under which somebody else's task is."""
        found = set()
        for create in plan.creates:
            if self._cache.version(create.key) is not None:
                occurrence = self._cache.occurrence(create.key)
                if occurrence is None or occurrence.rule != rule.uid:
                    found.add(create.key.name)
            for part in create.parts:
                task = self._cache.get(create.key._replace(name=part["metadata"]["name"]))
                if task is not None and task.parent != create.key.name:
                    found.add(task.name)
        return frozenset(found)

    def put(self, facts: RuleFacts) -> Set[ObjectKey]:
        return {facts.key} if self._known.put(facts) else NOBODY

    def remove(self, key: ObjectKey, uid: str) -> Set[ObjectKey]:
        if self._known.remove(key, uid) is None:
            return NOBODY
        self._schedules.pop(key, None)
        self._refusals.forget(key)
        return {key}

    def sweep(self, listed: Set[str], up_to: int) -> Set[ObjectKey]:
        gone = self._known.unlisted(listed, up_to)
        return {key for rule in gone for key in self.remove(rule.key, rule.uid)}

    def set_zone(self, namespace: str, zone: str | None) -> Set[ObjectKey]:
        if not self._zones.set(namespace, zone):
            return NOBODY
        known = ((key, self._known.get(key)) for key in self._of_namespace[namespace])
        return {key for key, rule in known if rule is not None and rule.spec.time_zone is None}

    def set_all_day_time(self, namespace: str, text: str | None) -> Set[ObjectKey]:
        """The annotation `todotasks.dev/all-day-reminder-time` of a namespace."""
        return set(self._of_namespace[namespace]) if self._all_day_times.set(namespace, text) else NOBODY

    def refused(self, key: ObjectKey, message: str, now: datetime) -> None:
        """A task was."""
        rule = self._known.get(key)
        if rule is not None:
            again_at = self._refusals.note(rule, message, now).until
            log.warning("occurrence_refused", rule=str(key), error=message, again_at=again_at.isoformat())

    def follow(self, kind: str, keys: Set[ObjectKey]) -> Set[ObjectKey]:
        """Tasks: those that are occurrences, and those that took the name of one."""
        if kind != TODOTASKS.kind:
            return NOBODY
        affected: set[ObjectKey] = set()
        for key in keys:
            before, now = self._rule_of.get(key), self._cache.occurrence(key)
            if before is not None or now is not None:
                affected |= self._note(key, before, now)
            if key in self._blocked and self._cache.version(key) is None:
                affected.add(self._blocked.pop(key))
        return {key for key in affected if key in self._known}

    def _note(self, key: ObjectKey, rule_before: RuleId | None, now: Occurrence | None) -> set[ObjectKey]:
        """What the task is now; returns the rules to which it makes a difference."""
        before = None
        if rule_before is not None:
            before = self._occurrences[rule_before].pop(key)
            if not self._occurrences[rule_before]:
                del self._occurrences[rule_before]
        rule_now = None if now is None else RuleId(key.namespace, now.rule)
        if now is None or rule_now is None:
            self._rule_of.pop(key, None)
        else:
            self._rule_of[key] = rule_now
            self._occurrences.setdefault(rule_now, {})[key] = now
            if now.same_to_its_rule(before):
                return set()
        return {found for rule in {rule_before, rule_now} if rule is not None for found in self._of_id[rule]}
