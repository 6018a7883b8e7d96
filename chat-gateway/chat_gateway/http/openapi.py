"""`/openapi.json`: what the table of routes says, as OpenAPI 3.1.

Made once, when the application is built, from the same types that read the requests and write the
answers, so it cannot say something else than the code does; a schema fuzzer holds the running gateway to it.
"""

from typing import Any

import msgspec
from aiohttp import web

from chat_gateway.access.origin import SAFE_METHODS
from chat_gateway.base.problems import MEDIA_TYPE, HttpProblem
from chat_gateway.http.decode import takes_many
from chat_gateway.http.routes import JSON, Route
from todotasks import __version__

DOCUMENT = web.AppKey("openapi", bytes)
_REF = "#/components/schemas/{name}"
_WORDS = {
    400: "It cannot be read",
    401: "No token, or one that the API server does not accept",
    403: "The API server says no to this user, or the request came from another site",
    404: "There is no such thing",
    406: "There is no answer of an accepted type",
    408: "The body came too slowly",
    409: "It was changed meanwhile, or exists already",
    413: "The body is over 64 KiB",
    415: "The body is not application/json",
    422: "It can be read and does not fit",
    429: "Too many requests",
    500: "Something went wrong in the gateway",
    503: "The Kubernetes API, or PostgreSQL, does not answer now",
    504: "It took too long",
}


def document(routes: tuple[Route, ...]) -> bytes:
    """The whole document, as it is served."""
    types: list[Any] = [HttpProblem]
    for route in routes:
        types += [each for each in (route.body, route.answer, route.query) if each is not None]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    by_type = {id(type): schema for type, schema in zip(types, schemas, strict=True)}
    # The parameters of a query are written out one by one; as a schema nobody refers to them.
    for route in routes:
        if route.query is not None:
            components.pop(route.query.__name__, None)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, by_type)
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "todotasks",
                "version": __version__,
                "description": "A todo list whose database is the Kubernetes API. Every request is made as "
                "the caller: their token is passed on, and RBAC decides as it does for kubectl.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/"}],
            "paths": paths,
            "components": {
                "schemas": components,
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer", "description": "A token of the cluster"},
                    "password": {
                        "type": "http",
                        "scheme": "basic",
                        "description": "The token as password, any user name",
                    },
                    "session": {
                        "type": "apiKey",
                        "in": "cookie",
                        "name": "todotasks",
                        "description": "Of POST /v1/session; over TLS its name is __Host-todotasks. What "
                        "changes something must come from the gateway's own page.",
                    },
                },
            },
        }
    )


def _operation(route: Route, by_type: dict[int, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.operation_id,
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": _parameters(route),
        "responses": _responses(route, by_type),
        "security": _security(route),
    }
    if route.description:
        operation["description"] = route.description
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": by_type[id(route.body)]}},
        }
    return {key: value for key, value in operation.items() if value or key == "security"}


def _parameters(route: Route) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
    ]
    if route.query is not None:
        schema = msgspec.json.schema(route.query)
        properties = _definition(schema)["properties"]
        for field in msgspec.structs.fields(route.query):
            given = dict(_inlined(properties[field.encode_name], schema.get("$defs", {})))
            parameter: dict[str, Any] = {"name": field.encode_name, "in": "query"}
            if "description" in given:
                parameter["description"] = given.pop("description")
            if field.required:
                parameter["required"] = True
            if takes_many(field.type):
                parameter |= {"style": "form", "explode": True}
            found.append({**parameter, "schema": _without_null(given)})
    found += [{"name": name, "in": "header", "schema": {"type": "string"}} for name in route.headers]
    return found


def _definition(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: dict[str, Any] = schema["$defs"][reference.rsplit("/", 1)[1]]
    return found


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """A parameter's schema is small; written out it needs no components of its own."""
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items()}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query cannot say null: it leaves the parameter out."""
    if schema.get("default", ...) is None:
        schema.pop("default")
    options = schema.get("anyOf")
    if options is None:
        return schema
    left = [each for each in options if each != {"type": "null"}]
    if len(left) == 1:
        return {**{key: value for key, value in schema.items() if key != "anyOf"}, **left[0]}
    return {**schema, "anyOf": left}


def _responses(route: Route, by_type: dict[int, Any]) -> dict[str, Any]:
    content = {}
    if route.status != 204:
        for media_type in route.media_types:
            if media_type == JSON and route.answer is not None:
                content[media_type] = {"schema": by_type[id(route.answer)]}
            elif media_type == JSON:
                content[media_type] = {"schema": {}}
            else:
                content[media_type] = {"schema": {"type": "string"}}
    responses: dict[str, Any] = {str(route.status): {"description": route.summary}}
    if content:
        responses[str(route.status)]["content"] = content
    problem: dict[str, Any] = {MEDIA_TYPE: {"schema": by_type[id(HttpProblem)]}}
    problem |= {media_type: {"schema": {"type": "string"}} for media_type in route.refuses_as}
    for status in sorted(_problem_statuses(route)):
        responses[str(status)] = {"description": _WORDS.get(status, "Refused"), "content": problem}
        if route.path == "/readyz":  # probes answer in plain words
            responses[str(status)]["content"] = {"text/plain": {"schema": {"type": "string"}}}
        if status == 401:
            responses["401"]["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
        if status in {429, 503}:
            responses[str(status)]["headers"] = {"Retry-After": {"schema": {"type": "string"}}}
    return responses


def _problem_statuses(route: Route) -> set[int]:
    statuses = set(route.problems)
    if route.access == "user":
        statuses |= {401, 429, 500, 503, 504}
        if route.method not in SAFE_METHODS:
            statuses.add(403)
    if route.query is not None:
        statuses.add(400)
    if route.body is not None:
        statuses |= {400, 413, 415, 422, 500, 503, 504}
    return statuses


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.access == "public":
        return []
    schemes = ["token", "session", *(["password"] if route.basic else [])]
    return [{scheme: []} for scheme in schemes]


async def serve_document(request: web.Request) -> web.Response:
    return web.Response(body=request.app[DOCUMENT], content_type=JSON)


ROUTES = (
    Route(
        method="GET",
        path="/openapi.json",
        handler=serve_document,
        access="public",
        tag="contract",
        summary="This document",
        answer=dict[str, Any],
    ),
)
