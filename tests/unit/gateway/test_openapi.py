"""The document says every route, and says it well-formed."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest

from chat_gateway.http.openapi import document
from chat_gateway.http.routes import Route
from chat_gateway.server.catalogue import ROUTES

DOCUMENT: dict[str, Any] = json.loads(document(ROUTES))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_stands_in_the_document(route: Route) -> None:
    operation = DOCUMENT["paths"][route.path][route.method.lower()]
    assert operation["summary"] == route.summary
    assert str(route.status) in operation["responses"]
    if route.access == "user":
        assert "401" in operation["responses"]
        assert operation["security"]
    if route.body is not None:
        assert operation["requestBody"]["content"]["application/json"]["schema"]


def test_no_route_is_there_twice_and_every_operation_has_a_name_of_its_own() -> None:
    places = [(route.method, route.path) for route in ROUTES]
    assert len(places) == len(set(places))
    names = [route.operation_id for route in ROUTES]
    assert len(names) == len(set(names))


def test_every_reference_leads_to_a_schema() -> None:
    text = json.dumps(DOCUMENT)
    named = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', text))
    assert named <= set(DOCUMENT["components"]["schemas"])


def test_every_schema_is_a_schema() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        try:
            jsonschema_rs.meta.validate(schema)
        except jsonschema_rs.ValidationError as error:
            pytest.fail(f"{name}: {error}")
