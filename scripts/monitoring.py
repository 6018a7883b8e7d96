"""Grafana's dashboards, manifests/monitoring/dashboards/*.json, from the table below; and the alert rules
once more, as the object that the Prometheus operator takes.

One line a panel: its title, its unit, its queries with what names their lines. A test holds the files to it,
asks promtool about each query, and another has each answered by a Prometheus that scrapes a running system.

    python scripts/monitoring.py [--check]
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

MANIFESTS = Path(__file__).parents[1] / "manifests"
FOLDER = MANIFESTS / "monitoring" / "dashboards"
RULES = MANIFESTS / "monitoring" / "rules" / "todotasks.yaml"
RULE = MANIFESTS / "components" / "prometheus-operator" / "prometheusrule.yaml"
RATE = "$__rate_interval"  # Grafana's own: four times the scrape interval, or a step of the picture
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS, WIDTH, HEIGHT = 3, 8, 8  # of Grafana's 24


class Panel(NamedTuple):
    """`queries`: expression to legend, in Grafana's {{label}} form."""

    title: str
    unit: str
    queries: Mapping[str, str]
    about: str = ""


def rate(metric: str, *by: str, where: str = "") -> str:
    """How much a second, by labels."""
    return f"sum by ({', '.join(by)}) (rate({metric}{where}[{RATE}]))"


def or_none(query: str) -> str:
    """Zero where it never happened: a counter with labels has no series before its first count."""
    return f"{query} or on () vector(0)"


def quantile(share: float, histogram: str, *by: str) -> str:
    return f"histogram_quantile({share}, {rate(f'{histogram}_bucket', 'le', *by)})"


def half_and_most(histogram: str) -> dict[str, str]:
    return {quantile(0.5, histogram): "half within", quantile(0.99, histogram): "99 % within"}


def share(metric: str, where: str, of: str = "") -> str:
    """What part of all a selection is."""
    chosen = or_none(f"sum(rate({metric}{where}[{RATE}]))")
    return f"({chosen}) / sum(rate({of or metric}[{RATE}]))"


OF_PART = "on (instance) group_left (component) todotasks_build_info"

OVERVIEW = [
    Panel(
        "Parts",
        "short",
        {"count by (component, version) (todotasks_build_info)": "{{component}} {{version}}"},
    ),
    Panel(
        "Who leads",
        "short",
        {"sum by (lease) (todotasks_lease_held)": "{{lease}}"},
        "One each, or nobody works.",
    ),
    Panel("Tasks, rules, reminders", "short", {"max by (kind) (todotasks_known)": "{{kind}}"}),
    Panel(
        "Age of the outbox",
        "s",
        {"max(todotasks_outbox_age_seconds)": "oldest"},
        "Above a minute Kafka is away.",
    ),
    Panel("Way of the canary", "s", {"max by (leg) (todotasks_canary_seconds)": "{{leg}}"}),
    Panel(
        "Consumers behind", "short", {"sum by (group, topic) (todotasks_consumer_lag)": "{{group}} {{topic}}"}
    ),
    Panel(
        "Reminders delivered",
        "ops",
        {or_none(rate("todotasks_notifier_attempts_total", "result")): "{{result}}"},
    ),
    Panel("Oldest reminder that waits", "s", {"max(todotasks_notifier_oldest_seconds)": "oldest"}),
    Panel("Events told", "ops", {rate("todotasks_relay_messages_total", "topic"): "{{topic}}"}),
    Panel(
        "Requests to the gateway",
        "reqps",
        {rate("todotasks_gateway_request_seconds_count", "status"): "{{status}}"},
    ),
    Panel(
        "Share of requests that fail",
        "percentunit",
        {share("todotasks_gateway_request_seconds_count", '{status=~"5.."}'): "5xx"},
    ),
    Panel("Who looks on", "short", {or_none("sum by (transport) (todotasks_live_clients)"): "{{transport}}"}),
    Panel(
        "Loops held up", "s", {quantile(0.99, "todotasks_event_loop_lag_seconds", "instance"): "{{instance}}"}
    ),
    Panel("Memory", "bytes", {f"process_resident_memory_bytes * {OF_PART}": "{{component}} {{instance}}"}),
    Panel(
        "Processor",
        "percentunit",
        {f"rate(process_cpu_seconds_total[{RATE}]) * {OF_PART}": "{{component}} {{instance}}"},
    ),
]

OPERATOR = [
    Panel(
        "Keys that wait",
        "short",
        {"max(todotasks_queue_depth)": "for a worker", "max(todotasks_queue_delayed)": "to be tried again"},
    ),
    Panel("Longest wait", "s", {"max(todotasks_queue_oldest_seconds)": "first of a lane"}),
    Panel("Reconciles", "ops", {rate("todotasks_reconcile_total", "kind", "result"): "{{kind}} {{result}}"}),
    Panel(
        "Reconciles that fail",
        "ops",
        {
            or_none(
                rate("todotasks_reconcile_total", "kind", "result", where='{result=~"failed|retried"}')
            ): "{{kind}} {{result}}"
        },
    ),
    Panel("Length of a reconcile", "s", half_and_most("todotasks_reconcile_seconds")),
    Panel("Objects in memory", "short", {"max by (kind) (todotasks_known)": "{{kind}}"}),
    Panel(
        "Instants ahead",
        "short",
        {
            "max(todotasks_scheduled)": "scheduled",
            "max(todotasks_emissions_waiting)": "events of time that wait",
        },
    ),
    Panel("Alarms late", "s", half_and_most("todotasks_alarm_late_seconds"), "The oldest of each batch."),
    Panel("Events of time", "ops", {or_none(rate("todotasks_emitted_total", "happening")): "{{happening}}"}),
    Panel(
        "Age of the watches",
        "s",
        {"max by (watch) (todotasks_watch_age_seconds)": "{{watch}}"},
        "At 70 s they reconnect.",
    ),
    Panel(
        "Watches that ended",
        "ops",
        {or_none(rate("todotasks_watch_reconnects_total", "watch", "cause")): "{{watch}} {{cause}}"},
    ),
    Panel(
        "Full lists",
        "ops",
        {or_none(rate("todotasks_watch_lists_total", "watch", "cause")): "{{watch}} {{cause}}"},
    ),
    Panel(
        "Changes seen",
        "ops",
        {
            rate("todotasks_watch_events_total", "watch", "type"): "{{watch}} {{type}}",
            or_none("sum by (watch) (todotasks_watch_undecodable_total)"): "not readable {{watch}}",
        },
    ),
    Panel(
        "Asked of the API server",
        "reqps",
        {rate("todotasks_kube_requests_total", "verb", "code"): "{{verb}} {{code}}"},
    ),
    Panel("Its answers", "s", {quantile(0.99, "todotasks_kube_request_seconds", "verb"): "{{verb}}, 99 %"}),
    Panel("Asked again", "ops", {or_none(rate("todotasks_kube_retries_total", "verb")): "{{verb}}"}),
    Panel("Way of the canary", "s", {"max by (leg) (todotasks_canary_seconds)": "{{leg}}"}),
    Panel(
        "Leases",
        "short",
        {
            "max by (lease, instance) (todotasks_lease_held)": "{{lease}} {{instance}}",
            or_none("sum by (lease) (todotasks_lease_lost_total)"): "lost {{lease}}",
        },
    ),
    Panel(
        "Kubernetes Events",
        "short",
        {
            "max(todotasks_kube_events_waiting)": "wait",
            f"sum(rate(todotasks_kube_events_dropped_total[{RATE}]))": "dropped a second",
        },
    ),
]

EVENTS = [
    Panel(
        "Changes taken in",
        "ops",
        {rate("todotasks_recorder_changes_total", "kind", "source"): "{{kind}} {{source}}"},
    ),
    Panel(
        "Changes that wait for PostgreSQL",
        "s",
        {"max by (kind) (todotasks_recorder_lag_seconds)": "{{kind}}"},
    ),
    Panel("Until a batch is committed", "s", half_and_most("todotasks_recorder_commit_seconds")),
    Panel(
        "Messages in the outbox",
        "short",
        {"max(todotasks_outbox_depth)": "in the table", "max(todotasks_relay_messages_in_hand)": "in hand"},
    ),
    Panel("Age of the outbox", "s", {"max(todotasks_outbox_age_seconds)": "oldest"}),
    Panel(
        "Committed and relayed",
        "ops",
        {
            rate("todotasks_journal_messages_total", "topic"): "committed {{topic}}",
            rate("todotasks_relay_messages_total", "topic"): "relayed {{topic}}",
        },
    ),
    Panel("Until Kafka has it", "s", half_and_most("todotasks_relay_ack_seconds")),
    Panel(
        "Kafka said no",
        "ops",
        {
            or_none(rate("todotasks_relay_failures_total", "code")): "{{code}}",
            f"sum(rate(todotasks_broker_restarts_total[{RATE}]))": "producers replaced",
        },
    ),
    Panel(
        "On their way to Kafka", "short", {"sum by (instance) (todotasks_broker_in_flight)": "{{instance}}"}
    ),
    Panel(
        "Sent by any part",
        "ops",
        {rate("todotasks_broker_sent_total", "topic", "outcome"): "{{topic}} {{outcome}}"},
    ),
    Panel("Until any part's message is there", "s", half_and_most("todotasks_broker_ack_seconds")),
    Panel(
        "Put aside",
        "short",
        {
            or_none("sum(todotasks_recorder_dead_letters_total)"): "by the recorder",
            or_none("sum(todotasks_relay_dead_letters_total)"): "by the relay",
            or_none("sum by (topic) (todotasks_consumer_dead_letters_total)"): "by a consumer {{topic}}",
            or_none("sum(todotasks_emissions_set_aside_total)"): "events of time",
        },
    ),
    Panel("Transactions", "s", half_and_most("todotasks_store_transaction_seconds")),
    Panel(
        "Who waits for PostgreSQL", "short", {"sum by (instance) (todotasks_store_waiting)": "{{instance}}"}
    ),
    Panel(
        "PostgreSQL away",
        "ops",
        {
            f"sum by (instance) (rate(todotasks_store_unavailable_total[{RATE}]))": "{{instance}}",
            or_none("sum by (table) (todotasks_store_refused_total)"): "rows refused {{table}}",
        },
    ),
]

DELIVERY = [
    Panel(
        "Reminders taken in", "ops", {or_none(rate("todotasks_notifier_received_total", "what")): "{{what}}"}
    ),
    Panel("Attempts", "ops", {or_none(rate("todotasks_notifier_attempts_total", "result")): "{{result}}"}),
    Panel("Length of an attempt", "s", half_and_most("todotasks_notifier_attempt_seconds")),
    Panel("Deliveries that wait", "short", {"max by (state) (todotasks_notifier_waiting)": "{{state}}"}),
    Panel("Oldest that waits", "s", {"max(todotasks_notifier_oldest_seconds)": "oldest"}),
    Panel(
        "Channels at rest",
        "short",
        {
            "sum(todotasks_notifier_channels_resting)": "their server is down",
            "sum(todotasks_notifier_reports_put_off_total)": "results told later",
        },
    ),
    Panel(
        "Consumers behind", "short", {"sum by (group, topic) (todotasks_consumer_lag)": "{{group}} {{topic}}"}
    ),
    Panel(
        "Age of messages when read",
        "s",
        {quantile(0.99, "todotasks_consumer_delay_seconds", "topic"): "{{topic}}, 99 %"},
    ),
    Panel(
        "Messages read",
        "ops",
        {
            rate("todotasks_consumer_read_total", "topic"): "{{topic}}",
            or_none(rate("todotasks_consumer_failures_total", "topic")): "failed {{topic}}",
        },
    ),
    Panel("Audit entries", "ops", {rate("todotasks_audit_entries_total", "outcome"): "{{outcome}}"}),
    Panel(
        "Audit rows without a head",
        "short",
        {
            "max(todotasks_audit_tip) - max(todotasks_audit_signed)": "rows",
            "sum(todotasks_audit_sign_failures_total)": "failures",
        },
    ),
    Panel(
        "Audit conflicts",
        "short",
        {
            "sum(todotasks_audit_conflicts_total)": "conflicts",
            "sum(todotasks_audit_partitions_dropped_total)": "months dropped",
        },
    ),
]

GATEWAY = [
    Panel(
        "Requests",
        "reqps",
        {rate("todotasks_gateway_request_seconds_count", "route", "method"): "{{method}} {{route}}"},
    ),
    Panel("Answers", "reqps", {rate("todotasks_gateway_request_seconds_count", "status"): "{{status}}"}),
    Panel("Length", "s", {quantile(0.99, "todotasks_gateway_request_seconds", "route"): "{{route}}, 99 %"}),
    Panel(
        "Being answered",
        "short",
        {
            "sum(todotasks_gateway_requests_in_flight)": "in flight",
            or_none("sum by (holds) (todotasks_gateway_room_waiting)"): "wait for room {{holds}}",
        },
    ),
    Panel(
        "Told to come later", "ops", {or_none(rate("todotasks_gateway_limited_total", "what")): "{{what}}"}
    ),
    Panel(
        "Questions with a caller's token",
        "ops",
        {rate("todotasks_gateway_reviews_total", "what", "result"): "{{what}} {{result}}"},
    ),
    Panel("Who looks on", "short", {or_none("sum by (transport) (todotasks_live_clients)"): "{{transport}}"}),
    Panel(
        "Changes handed out",
        "ops",
        {
            f"sum(rate(todotasks_live_messages_total[{RATE}]))": "changes",
            "sum(todotasks_live_waiting)": "wait in queues",
        },
    ),
    Panel("From a change to the last client", "s", half_and_most("todotasks_live_fanout_seconds")),
    Panel("Begun anew", "ops", {or_none(rate("todotasks_live_resets_total", "why")): "{{why}}"}),
    Panel(
        "Connections ended by us",
        "ops",
        {or_none(rate("todotasks_live_closed_total", "reason")): "{{reason}}"},
    ),
    Panel("Objects in memory", "short", {or_none("sum by (kind) (todotasks_live_objects)"): "{{kind}}"}),
]

LANGUAGE = [
    Panel(
        "Messages",
        "ops",
        {rate("todotasks_chat_messages_total", "language", "outcome"): "{{language}} {{outcome}}"},
    ),
    Panel(
        "Share not understood",
        "percentunit",
        {share("todotasks_chat_messages_total", '{outcome="not-understood"}'): "not understood"},
    ),
    Panel(
        "What was missed",
        "ops",
        {or_none(rate("todotasks_chat_missed_total", "language", "why")): "{{language}} {{why}}"},
        "By reason, never the words.",
    ),
    Panel(
        "Missed in all",
        "short",
        {or_none("sum by (language, why) (todotasks_chat_missed_total)"): "{{language}} {{why}}"},
    ),
    Panel(
        "Share taken back",
        "percentunit",
        {
            share(
                "todotasks_chat_missed_total", '{why="taken-back"}', "todotasks_chat_messages_total"
            ): "undone, corrected"
        },
        "The nearest there is to: it was understood, and wrongly.",
    ),
    Panel("Length of an answer", "s", half_and_most("todotasks_chat_seconds")),
    Panel(
        "A model was asked", "ops", {or_none(rate("todotasks_model_asked_total", "outcome")): "{{outcome}}"}
    ),
    Panel("Its answers", "s", {or_none(quantile(0.99, "todotasks_model_seconds")): "99 % within"}),
]

ADMISSION = [
    Panel(
        "Reviews",
        "reqps",
        {rate("todotasks_webhook_reviews_total", "kind", "outcome"): "{{kind}} {{outcome}}"},
    ),
    Panel("Length of a review", "s", half_and_most("todotasks_webhook_review_seconds")),
    Panel(
        "Rules that failed",
        "short",
        {
            or_none("sum by (where) (todotasks_webhook_failures_total)"): "{{where}}",
            "sum(todotasks_webhook_warnings_total)": "answered with a warning",
        },
    ),
    Panel(
        "Said nothing about",
        "ops",
        {or_none(rate("todotasks_webhook_unknown_total", "kind")): "{{kind}}"},
        "The watch was cut.",
    ),
    Panel("Records", "ops", {rate("todotasks_webhook_records_total", "outcome"): "{{outcome}}"}),
    Panel(
        "Records that wait",
        "short",
        {
            "sum(todotasks_webhook_records_waiting)": "records",
            "max(todotasks_webhook_records_oldest_seconds)": "seconds of the oldest",
        },
    ),
    Panel(
        "Certificate",
        "d",
        {"(min(todotasks_webhook_certificate_expiry_seconds) - time()) / 86400": "days left"},
    ),
]

DASHBOARDS: dict[str, tuple[str, Sequence[Panel]]] = {
    "overview": ("todotasks: overview", OVERVIEW),
    "operator": ("todotasks: operator", OPERATOR),
    "events": ("todotasks: events", EVENTS),
    "delivery": ("todotasks: delivery and audit", DELIVERY),
    "gateway": ("todotasks: gateway", GATEWAY),
    "language": ("todotasks: language", LANGUAGE),
    "admission": ("todotasks: admission", ADMISSION),
}


def dashboard(name: str) -> dict[str, Any]:
    title, panels = DASHBOARDS[name]
    source = {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus"}
    return {
        "uid": f"todotasks-{name}",
        "title": title,
        "tags": ["todotasks"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [source]},
        "links": [{"type": "dashboards", "tags": ["todotasks"], "title": "todotasks", "asDropdown": True}],
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(number, COLUMNS)
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.about,
        "datasource": SOURCE,
        "gridPos": {"h": HEIGHT, "w": WIDTH, "x": column * WIDTH, "y": row * HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + place), "datasource": SOURCE, "expr": query, "legendFormat": legend}
            for place, (query, legend) in enumerate(panel.queries.items())
        ],
    }


def prometheus_rule() -> str:
    """The rules as a PrometheusRule."""
    document = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "todotasks", "namespace": "todotasks-system"},
        "spec": yaml.safe_load(RULES.read_text(encoding="utf-8")),
    }
    made = yaml.safe_dump(document, sort_keys=False, width=140, allow_unicode=True)
    return f"# Made by `make docs` from manifests/monitoring/rules/todotasks.yaml: edit that.\n{made}"


def files() -> dict[Path, str]:
    dashboards = {
        FOLDER / f"{name}.json": json.dumps(dashboard(name), indent=1) + "\n" for name in DASHBOARDS
    }
    return dashboards | {RULE: prometheus_rule()}


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the dashboards and the PrometheusRule.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file differs")
    check = parser.parse_args().check
    made = files()
    there = {
        path: path.read_text(encoding="utf-8") for path in (*FOLDER.glob("*.json"), RULE) if path.exists()
    }
    if not check:
        for path in there.keys() - made.keys():
            path.unlink()
        for path, text in made.items():
            path.write_text(text, encoding="utf-8")
    elif there != made:
        print("manifests/monitoring is not what is made of it: run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
