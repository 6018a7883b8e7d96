"""What a message is compared with: the list where it is short, the mirror's finds where it is not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from todotasks.edits.cluster.load import NAMELESS
from todotasks.edits.model.message import Message
from todotasks.edits.model.mirror import Mirror, MirrorAway
from todotasks.edits.session.look import MOST_LISTED, MOST_SEEN, look, words_to_look_up
from todotasks.edits.session.saving import Saver
from todotasks.edits.session.setting import Setting
from todotasks.edits.session.stores import MemoryStore
from todotasks.kube.client import ListPage
from todotasks.kube.errors import NotFound


def task(name: str, title: str, *, completed: bool = False) -> dict[str, Any]:
    metadata = {
        "name": name,
        "uid": name,
        "resourceVersion": "1",
        "creationTimestamp": "2026-03-01T10:00:00Z",
    }
    return {"metadata": metadata, "spec": {"title": title, "completed": completed}}


class Listed:
    """An API server with so many open tasks, of which pages can be read; it counts them."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.pages = 0

    async def list_page(
        self, *_: Any, limit: int, continue_: str = "", field_selector: str, **__: Any
    ) -> ListPage:
        self.pages += 1
        if field_selector.endswith("true"):
            return ListPage([], "1", "", None)
        begin = int(continue_ or 0)
        end = min(begin + limit, self.count)
        items = [msgspec.Raw(msgspec.json.encode(task(f"t{k}", f"thing {k}"))) for k in range(begin, end)]
        return ListPage(items, "1", str(end) if end < self.count else "", None)

    async def get(self, _: Any, name: str, *__: Any, type: Any) -> Any:
        if name != "touched":
            raise NotFound(404, "NotFound", name)
        return msgspec.convert(task("touched", "Fetch the keys"), type)


class Finds:
    """A mirror that finds these."""

    def __init__(self, *found: dict[str, Any], few: bool = False, away: bool = False) -> None:
        self.found, self.few, self.away = found, few, away
        self.asked: tuple[str, ...] = ()

    async def named(self, namespace: str, words: Sequence[str], *, more_than: int) -> tuple[str, ...] | None:
        assert more_than == MOST_SEEN
        self.asked = tuple(words)
        if self.away:
            raise MirrorAway
        return None if self.few else tuple(msgspec.json.encode(one).decode() for one in self.found)


def setting(text: str, client: Listed, mirror: Mirror | None = None) -> Setting:
    return Setting(
        client=client,  # type: ignore[arg-type]
        owner="ana",
        me="ana",
        message=Message(text=text),
        now=datetime(2026, 3, 11, tzinfo=UTC),
        zone="UTC",
        default_zone=NAMELESS,
        save=Saver(MemoryStore(), "ana", ()),
        mirror=mirror,
    )


async def test_many_tasks_cost_no_list_where_a_mirror_knows_them() -> None:
    api, mirror = Listed(100_000), Finds(task("milk", "Buy milk"), task("old", "Buy bread", completed=True))
    seen = await look(setting("got the milk", api, mirror), ("touched",))
    assert api.pages == 0
    assert [one.title for one in seen.sight.things] == ["Fetch the keys", "Buy milk", "Buy bread"]
    assert seen.mirrored and not seen.sight.whole and seen.sight.recent == (0,)
    assert "milk" in mirror.asked


async def test_few_tasks_are_listed_with_a_mirror_too() -> None:
    api = Listed(3)
    seen = await look(setting("got the milk", api, Finds(few=True)), ())
    assert len(seen.sight.things) == 3 and not seen.mirrored and seen.sight.whole


async def test_without_the_mirror_the_list_is_read_up_to_a_bound() -> None:
    api = Listed(2 * MOST_SEEN + 1)
    seen = await look(setting("got the milk", api, Finds(away=True)), ())
    assert len(seen.sight.things) == api.count and seen.sight.whole and not seen.too_many
    nothing = await look(setting("got the milk", Listed(MOST_LISTED + 1)), ())
    assert nothing.too_many and not nothing.sight.things and not nothing.looked


def test_words_are_looked_up_with_the_plain_forms_of_verbs() -> None:
    assert words_to_look_up("I have paid the rent") == ["paid", "rent", "pay"]
    assert words_to_look_up("Müll rausgebracht!")[:2] == ["müll", "rausgebracht"]
    assert words_to_look_up("it") == []
