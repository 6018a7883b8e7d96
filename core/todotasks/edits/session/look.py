"""What the person can see, as far as a message is compared with it: one look with the caller's rights.

    few open tasks  ─ listed, with some completed ones ──────────────────────▶ Sight
    many of them    ─ the words looked up in the mirror's text index ────────▶ Sight of what they may name
    no mirror there ─ listed all the same, up to a bound; beyond that ───────▶ nothing, and that is said

Who may not list sees nothing, and the grammar's reading stands. What comes from the mirror is only compared:
what is then done is read again from the API server, by name and as the caller.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from todotasks.api import RecurrenceRule, TodoTask
from todotasks.edits.model.mirror import Mirror, MirrorAway
from todotasks.edits.session.setting import Setting
from todotasks.edits.targets.rows import title_of
from todotasks.kube.errors import KubeError
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS
from todotasks.language.grounding.sight import NOTHING_SEEN, Seen, Sight
from todotasks.language.grounding.stems import folded
from todotasks.language.grounding.titles import WORD, small_words
from todotasks.language.grounding.verb_forms import plain_forms

MOST_SEEN = 500  # open tasks of one look, where there is a mirror that knows the others
MOST_LISTED = 5_000  # where there is none
AT_ONCE = 100  # tasks that are compared without a thread of its own
SHORT = 300  # characters of a message that are read without one: 2,000 can take a tenth of a second
MOST_COMPLETED = 100  # completed ones: what may be reopened
MOST_TITLES = 200  # of open tasks, told to an interpreter
MOST_KNOWN = 500  # of open tasks and of rules, each; where there are more, nobody has looked
LONGEST_LOOKED_UP = 400  # characters of a message whose words are looked up
MOST_RECENT = 12  # of what was touched or shown, read by name where the list is not read


@dataclass(frozen=True, slots=True)
class Seeing:
    """`sight` is what is compared, `tasks` the tasks themselves by name. `looked`: it was looked, also where
    nothing is there. `mirrored`: only what the words may name. `too_many`: nothing was compared, because
    nobody could look through that many."""

    sight: Sight = NOTHING_SEEN
    tasks: Mapping[str, TodoTask] = field(default_factory=dict)
    looked: bool = False
    mirrored: bool = False
    too_many: bool = False


async def look(setting: Setting, recent: tuple[str, ...], shown: tuple[str, ...] = ()) -> Seeing:
    """`recent`: names of what the conversation has just been about; `shown`: of its last list."""
    try:
        if setting.mirror is not None:
            found = await _mirrored(setting, setting.mirror, recent, shown)
            if found is not None:
                return found
        return await _listed(setting, recent, shown)
    except KubeError:
        return Seeing()


async def _mirrored(
    setting: Setting, mirror: Mirror, recent: tuple[str, ...], shown: tuple[str, ...]
) -> Seeing | None:
    namespace = setting.message.namespace
    try:
        docs = await mirror.named(namespace, words_to_look_up(setting.message.text), more_than=MOST_SEEN)
    except MirrorAway:
        return None
    if docs is None:
        return None
    names = tuple(dict.fromkeys((*recent, *shown)))[:MOST_RECENT]
    known = await asyncio.gather(*(_by_name(setting, name) for name in names))
    tasks = {task.metadata.name: task for task in known if task is not None}
    for doc in docs:
        task = msgspec.json.decode(doc, type=TodoTask)
        tasks.setdefault(task.metadata.name, task)
    return _seeing(tuple(tasks.values()), recent, shown, mirrored=True)


async def _by_name(setting: Setting, name: str) -> TodoTask | None:
    try:
        return await setting.client.get(TODOTASKS, name, setting.message.namespace, type=TodoTask)
    except (KubeError, ValueError):  # ValueError: a rule's or reminder's name need not be one of a task
        return None


def words_to_look_up(text: str) -> list[str]:
    """Words that may stand in a title: the telling ones, and the plain forms of verbs behind them."""
    small = small_words()
    said = [folded(match[0]) for match in WORD.finditer(text[:LONGEST_LOOKED_UP])]
    telling = [word for word in said if word not in small and len(word) > 1]
    plain = [form for word in telling for form in sorted(plain_forms(word))]
    return list(dict.fromkeys((*telling, *plain)))


async def _listed(setting: Setting, recent: tuple[str, ...], shown: tuple[str, ...]) -> Seeing:
    client, namespace = setting.client, setting.message.namespace
    still, done = await asyncio.gather(
        client.list_page(TODOTASKS, namespace, limit=MOST_SEEN, field_selector="spec.completed=false"),
        client.list_page(TODOTASKS, namespace, limit=MOST_COMPLETED, field_selector="spec.completed=true"),
    )
    items = [*still.items_raw]
    while still.continue_:
        if len(items) >= MOST_LISTED:
            return Seeing(too_many=True)
        still = await client.list_page(
            TODOTASKS, namespace, limit=MOST_SEEN, continue_=still.continue_,
            field_selector="spec.completed=false",
        )  # fmt: skip
        items += still.items_raw
    items += done.items_raw
    if len(items) < AT_ONCE:
        return _seeing(_decoded(items), recent, shown)
    # Other people's messages do not wait for it.
    return await asyncio.to_thread(lambda: _seeing(_decoded(items), recent, shown))


def _decoded(items: Sequence[bytes | msgspec.Raw]) -> tuple[TodoTask, ...]:
    return tuple(msgspec.json.decode(item, type=TodoTask) for item in items)


def _seeing(
    tasks: Sequence[TodoTask], recent: tuple[str, ...], shown: tuple[str, ...], *, mirrored: bool = False
) -> Seeing:
    places = {task.metadata.name: k for k, task in enumerate(tasks)}
    sight = Sight(
        tuple(_seen(task) for task in tasks),
        recent=tuple(places[name] for name in recent if name in places),
        whole=not mirrored,
        shown=tuple(places.get(name, -1) for name in shown),
    )
    return Seeing(sight, {task.metadata.name: task for task in tasks}, looked=True, mirrored=mirrored)


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


async def known_titles(setting: Setting, seeing: Seeing) -> tuple[str, ...] | None:
    """Of open tasks and of rules, for words that mean something else where there is such a task: "finish the
    essay", "stop the watering". None, as if nobody had looked, where one may not list them or there are too
    many to know them all."""
    client, namespace = setting.client, setting.message.namespace
    try:
        rules = await client.list_page(RECURRENCERULES, namespace, limit=MOST_KNOWN)
    except KubeError:
        return None
    if not seeing.looked or rules.continue_:
        return None
    return (
        *(seen.title for seen in seeing.sight.things if not seen.completed),
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
