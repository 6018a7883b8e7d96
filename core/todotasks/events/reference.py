"""docs/events.md, made from the table of types and the examples."""

from collections.abc import Iterator
from typing import Final

import msgspec

from todotasks.events import types
from todotasks.events.envelope import CONTENT_TYPE, encode
from todotasks.events.examples import examples
from todotasks.events.types import EVENT_TYPES, EventType

_HEAD: Final = f"""\
# Events

<!-- Made by `python -m todotasks.events`; a test compares. Change core/todotasks/events, then run it. -->

Everything that happens to a task, a recurrence rule or a reminder is a structured
[CloudEvent 1.0](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md) in Kafka, with the
header `content-type: {CONTENT_TYPE}`.

## What you can rely on

- **Nothing is lost.** What the API server says and the record of it go through one database transaction;
  Kafka acknowledges with all its replicas before a message leaves the outbox.
- **At least once.** A crash may send a message again, under the same `id`: keep the ids that you have
  seen, and drop a message whose id you know. An id is made of what happened
  (`<uid>:<version>:<type>`), never of when somebody noticed.
- **In order per key.** Messages of one `partitionkey` come in the order in which things happened;
  `sequence` is the resourceVersion, padded so that it sorts as text. Between keys there is no order.
- **Each step, or marked.** Where the API server's history was gone (a long outage), states are found by
  comparing lists. Such events say `coalesced: true`: there may have been others in between.
- **Schemas only grow.** `dataschema` names the JSON Schema of `data`, in
  `core/todotasks/events/schemas/`. A published type gets new optional fields, nothing else; whatever is
  more than that becomes a new type (`….v2`). Let unknown fields pass.
- **Too large for Kafka** (labels and annotations may be): the message is cut, under the same id and in
  its place; `abridged` names what was left out, the whole one is in the table `dead_letters`.

What we do not promise: "exactly once", and an order between two tasks.

## Attributes

| attribute | what |
|---|---|
| `id` | `<uid>:<version>:<type>`; what the version is stands with each type |
| `source` | `/apis/todotasks.dev/v1/<plural>` |
| `subject` | `<namespace>/<name>` |
| `time` | when it happened, as far as is known; otherwise when it was seen |
| `partitionkey` | the key of the Kafka message: the uid of the task (of the rule, for `recurrence.*`) |
| `sequence` | the resourceVersion, 20 digits |
| `actor` | who asked for it, as the API server authenticated them (not of deletions and what time does) |
| `traceparent` | W3C Trace Context of the request that led here |

## Topics

| topic | key | kept |
|---|---|---|
| `{types.TOPIC_TASK_EVENTS}` | uid of the task or rule | by time |
| `{types.TOPIC_REMINDERS}` | uid of the task | by time |
| `{types.TOPIC_TASK_UPDATES}` | uid of the task | compacted: the last state of each task, or a tombstone |

Each has six partitions, unless a cluster's administrator made it with others; the key decides which. What
a consumer of ours could not process, after its attempts, goes to `<topic>.dlq` (six partitions, kept by
time): the same key and value, with the headers `origin-topic`, `origin-partition`, `origin-offset`, `error`
and `attempts`. It is put back by producing it to its topic again.

## Reading them

The address is `TODO_KAFKA_BOOTSTRAP` ([settings](settings.md)); of `todotasks up` it stands in
`todotasks status`. `todotasks events` prints what is there, `--json` each event whole. In Python
(`pip install confluent-kafka`):

```python
import json

from confluent_kafka import Consumer

consumer = Consumer(
    {{
        "bootstrap.servers": "127.0.0.1:9092",  # as `todotasks status` says it
        "group.id": "my-consumer",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
    }}
)
consumer.subscribe(["{types.TOPIC_TASK_EVENTS}"])
seen = set()  # in a real consumer: a table, written in the transaction of what the event does
while True:
    message = consumer.poll(1.0)
    if message is None or message.error() or message.value() is None:
        continue
    event = json.loads(message.value())
    if event["id"] not in seen:  # at least once: the same id is the same happening
        seen.add(event["id"])
        print(event["time"], event["type"], event["subject"])
    consumer.commit(message)
```
"""


def render() -> str:
    return "\n".join([_HEAD, _table(), *_types()])


def _table() -> str:
    rows = [f"| [`{t.short}`](#{_anchor(t)}) | `{t.topic}` | {t.meaning} |" for t in EVENT_TYPES.values()]
    return "\n".join(["## Types", "", "| type | topic | when |", "|---|---|---|", *rows, ""])


def _types() -> Iterator[str]:
    shown = {event.type: event for event in examples()}
    for entry in EVENT_TYPES.values():
        pretty = msgspec.json.format(encode(shown[entry.name]), indent=2).decode()
        yield (
            f"### {entry.short}\n\n"
            f"`{entry.name}`, topic `{entry.topic}`. {entry.meaning}\n\n"
            f"Version in the id: {entry.version}. "
            f"Schema: [`{entry.name}.json`](../core/todotasks/events/schemas/{entry.name}.json).\n\n"
            f"```json\n{pretty}\n```\n"
        )


def _anchor(entry: EventType) -> str:
    """As GitHub makes it of the heading: lower case, no dots."""
    return entry.short.replace(".", "")
