"""What the person can see, as far as a message is compared with it: one look with the caller's rights.

    open tasks (up to MOST_SEEN) and some completed ones ─ Sight

Who may not list sees nothing, and the grammar's reading stands; so it is where there are more open tasks than
one look shows: of two that fit, one might be out of sight, and the other would be done unasked.
"""

import asyncio
from collections.abc import Sequence

import msgspec

from todotasks.api import RecurrenceRule, TodoTask
from todotasks.edits.session.setting import Setting
from todotasks.edits.targets.rows import title_of
from todotasks.kube.errors import KubeError
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS
from todotasks.language.grounding.sight import NOTHING_SEEN, Seen, Sight

MOST_SEEN = 500  # open tasks of one look
AT_ONCE = 100  # tasks that are compared without a thread of its own
MOST_COMPLETED = 100  # completed ones: what may be reopened
MOST_TITLES = 200  # of open tasks, told to an interpreter
MOST_KNOWN = 500  # of open tasks and of rules, each; where there are more, nobody has looked


Seeing = tuple[Sight, dict[str, TodoTask]]  # what is compared, and the tasks themselves by name


async def look(setting: Setting, recent: tuple[str, ...]) -> Seeing:
    """`recent`: names of what the conversation has just been about."""
    client, namespace = setting.client, setting.message.namespace
    try:
        still, done = await asyncio.gather(
            client.list_page(TODOTASKS, namespace, limit=MOST_SEEN, field_selector="spec.completed=false"),
            client.list_page(
                TODOTASKS, namespace, limit=MOST_COMPLETED, field_selector="spec.completed=true"
            ),
        )
    except KubeError:
        return NOTHING_SEEN, {}
    if still.continue_:
        return NOTHING_SEEN, {}
    items = [*still.items_raw, *done.items_raw]
    if len(items) < AT_ONCE:
        return _seeing(items, recent)
    return await asyncio.to_thread(_seeing, items, recent)  # other people's messages do not wait for it


def _seeing(items: Sequence[bytes | msgspec.Raw], recent: tuple[str, ...]) -> Seeing:
    tasks = [msgspec.json.decode(item, type=TodoTask) for item in items]
    places = {task.metadata.name: k for k, task in enumerate(tasks)}
    sight = Sight(
        tuple(_seen(task) for task in tasks),
        recent=tuple(places[name] for name in recent if name in places),
    )
    return sight, {task.metadata.name: task for task in tasks}


def _seen(task: TodoTask) -> Seen:
    spec = task.spec
    return Seen(
        title=spec.title,
        key=task.metadata.name,
        due=spec.due,
        priority=spec.priority,
        tags=tuple(spec.tags or ()),
        project=spec.project,
        assignee=spec.assignee,
        completed=bool(spec.completed),
    )


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
