"""The published schemas, compiled. They name no other document, and may not fetch one."""

from functools import cache
from typing import Any

import jsonschema_rs
import msgspec

from todotasks.events import CloudEvent, schema


def _refuse(uri: str) -> Any:
    raise AssertionError(f"a schema of ours refers to {uri}")


@cache
def validator(event_type: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        schema.load(event_type), retriever=_refuse, validate_formats=True
    )


def problems(event: CloudEvent) -> list[str]:
    """Where and how the data of an event does not fit its published schema."""
    data = msgspec.json.decode(event.data)
    return [f"{error.instance_path}: {error.message}" for error in validator(event.type).iter_errors(data)]
