"""Which titles there are, as the caller may see them: for words that mean something else where there is such
a task, and for an interpreter. Asked for only where it is needed."""

import asyncio

import msgspec

from todotasks.api import RecurrenceRule, TodoTask
from todotasks.edits.session.setting import Setting
from todotasks.edits.targets.rows import title_of
from todotasks.kube.errors import KubeError
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS

MOST_TITLES = 200  # of open tasks, told to an interpreter
MOST_KNOWN = 500  # of open tasks and of rules, each; where there are more, nobody has looked


async def known_titles(setting: Setting) -> tuple[str, ...] | None:
    """Of open tasks and of rules, for words that mean something else where there is such a task: "finish the
    essay", "stop the watering". None, as if nobody had looked, where one may not list them or there are too
    many to know them all."""
    client, namespace = setting.client, setting.message.namespace
    try:
        tasks, rules = await asyncio.gather(
            client.list_page(TODOTASKS, namespace, limit=MOST_KNOWN, field_selector="spec.completed=false"),
            client.list_page(RECURRENCERULES, namespace, limit=MOST_KNOWN),
        )
    except KubeError:
        return None
    if tasks.continue_ or rules.continue_:
        return None
    return (
        *(msgspec.json.decode(item, type=TodoTask).spec.title for item in tasks.items_raw),
        *(title_of(msgspec.json.decode(item, type=RecurrenceRule)) for item in rules.items_raw),
    )


async def open_titles(setting: Setting) -> tuple[str, ...]:
    """Some titles for an interpreter; without the right to list them it does without."""
    try:
        page = await setting.client.list_page(
            TODOTASKS,
            setting.message.namespace,
            limit=MOST_TITLES,
            field_selector="spec.completed=false",
        )
    except KubeError:
        return ()
    return tuple(msgspec.json.decode(item, type=TodoTask).spec.title for item in page.items_raw)
