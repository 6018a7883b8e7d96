"""Questions to the person themselves, where their MCP client can show one (elicitation).

A model behind a client may say yes for its person. A client that offers elicitation shows our question to the
person instead: in the protocol of 2026 the call's result says what is needed and the client calls again with
the answer, in the older ones the question goes over the open connection. Such a client's `confirm` is
refused; other clients are told of it. Nothing is kept for a question but what the conversation keeps anyway.
"""

from collections.abc import Mapping
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext

from todotasks.tools.desk import Desk
from todotasks.tools.results import Result, refusal

STATELESS_SINCE = "2026-07-28"  # the first protocol in which a server asks by its result
FIELD = "answer"  # of the form, and the key of our request
CONFIRM = "confirm"

_FRAME = ("namespace", "timeZone", "conversation")  # of the call, and of its answer
_MOST_CHOICES = 20
_MOST_ROUNDS = 4  # questions of one call, where the protocol lets us ask again and again
_LONGEST_NUMBER = 4

Context = ServerRequestContext[Any, Any]


def can_ask(context: Context) -> bool:
    """Does the client show forms, and can one reach it?"""
    capabilities = context.session.client_capabilities
    elicitation = capabilities.elicitation if capabilities is not None else None
    if elicitation is None or (elicitation.form is None and elicitation.url is not None):
        return False
    return _by_result(context) or context.session.can_send_request


async def answered(
    context: Context, params: types.CallToolRequestParams, desk: Desk
) -> Result | types.InputRequiredResult:
    """The call with all its questions put to the person; only for clients that `can_ask`."""
    arguments = params.arguments or {}
    if params.name == CONFIRM:
        return refusal("confirm: your client shows questions to the person itself; call the tool again")
    if params.request_state is not None:
        given = (params.input_responses or {}).get(FIELD)
        result = await desk.call(CONFIRM, _answer(params.request_state, given, arguments))
    else:
        result = await desk.call(params.name, arguments)
    for _ in range(_MOST_ROUNDS):
        question = result.data.get("question")
        if question is None:
            break
        form = _form(question, result.for_person)
        if _by_result(context):
            return types.InputRequiredResult(
                input_requests={FIELD: types.ElicitRequest(params=form)}, request_state=question["id"]
            )
        given = await context.session.elicit_form(form.message, form.requested_schema, context.request_id)
        result = await desk.call(CONFIRM, _answer(question["id"], given, arguments))
    return result


def _by_result(context: Context) -> bool:
    return context.protocol_version >= STATELESS_SINCE


def _form(question: Mapping[str, Any], text: str) -> types.ElicitRequestFormParams:
    if question["kind"] == "choice":
        numbers = [str(row["number"]) for row in question.get("rows", ())[:_MOST_CHOICES]]
        choices = [*numbers, "none"]
    else:
        choices = ["yes", "no"]
    return types.ElicitRequestFormParams(
        message=text,
        requested_schema={
            "type": "object",
            "properties": {FIELD: {"type": "string", "enum": choices}},
            "required": [FIELD],
        },
    )


def _answer(question: str, given: object, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """As `confirm` takes it. Whatever is no clear yes or number is a no."""
    content = given.content if isinstance(given, types.ElicitResult) and given.action == "accept" else None
    said = str((content or {}).get(FIELD, "no"))
    is_number = said.isascii() and said.isdigit() and len(said) <= _LONGEST_NUMBER
    answer: str | int = "yes" if said == "yes" else int(said) if is_number else "no"
    return {"question": question, "answer": answer} | {
        name: arguments[name] for name in _FRAME if name in arguments
    }
