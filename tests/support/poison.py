"""What may stand in a topic of Kafka beside our events: each of these has no right to stop a consumer."""

import hashlib
import json
from typing import Any

from todotasks.events import CloudEvent, encode


def poisoned(event: CloudEvent) -> dict[str, bytes | None]:
    """By what is wrong with it. `event` is a good one of the topic."""

    def changed(number: int, **changes: Any) -> bytes:
        document = json.loads(encode(event))
        document["id"] = f"{document['id']}-poison-{number}"
        document.update(changes)
        return json.dumps(document).encode()

    data = json.loads(encode(event))["data"]
    about = data.get("reminder") or data.get("object") or {}
    return {
        "no value": None,
        "nothing in it": b"",
        "no JSON": b"not json at all",
        "half of one": encode(event)[: len(encode(event)) // 2],
        "no UTF-8": b"\xff\xfe\x00",
        "null": b"null",
        "a number": b"7",
        "a list": b"[]",
        "an object of nothing": b"{}",
        "an id that is a number": changed(1, id=7),
        "CloudEvents 2.0": changed(2, specversion="2.0"),
        "a type that is not known": changed(3, type="dev.todotasks.weather.changed.v1"),
        "a version that is not known": changed(4, type=event.type.removesuffix(".v1") + ".v9", data={"x": 1}),
        "a type of nobody": changed(5, type=""),
        "data that is null": changed(6, data=None),
        "data that is a list": changed(7, data=[1, 2]),
        "data of nothing": changed(8, data={}),
        "data of other types": changed(9, data={"reminder": 7, "object": "x", "user": [], "channels": {}}),
        "a hundred thousand brackets": b"[" * 100_000,
        "brackets in the data": changed(10)[:-1] + b',"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "a NUL in the id": changed(11, id="a\x00b"),
        "a NUL in a name": changed(
            12, data={**data, "reminder": {**about, "name": "a\x00b"}, "object": {**about, "name": "a\x00b"}}
        ),
        "half a surrogate": changed(13).replace(b'"subject": "', b'"subject": "\\ud800'),
        "a subject without a namespace": changed(14, subject="", data={**data, "channels": []}),
        "the year 1 in a zone": changed(15, time="0001-01-01T00:00:00+23:59"),
        "the year 9999 in a zone": changed(16, time="9999-12-31T23:59:59-23:59"),
        "no time of day": changed(17, time="tomorrow"),
        "a sequence that is no number": changed(18, sequence="many"),
        "a sequence beyond 64 bits": changed(19, sequence="9" * 30),
        "a trace that is none": changed(20, traceparent="00-zz"),
        "names too long for an index": changed(
            21, id=_long(8_000), data={**data, "channels": [_long(9_000)]}, subject=f"home/{_long(9_000)}"
        ),
        "as large as the topic takes": changed(22, extra="x" * 980_000),
        "a null object": changed(23, data={**data, "reminder": None, "object": None}),
    }


def _long(length: int) -> str:
    """So many characters that no compression makes few of."""
    return "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(length // 64 + 1))[:length]
