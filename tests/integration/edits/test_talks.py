"""Our own conversations, turn by turn, on a real API server with the clock frozen."""

import asyncio
import os

import pytest
from bench.talks import ANSWERS, Talk, hold, measure, own_talks

from tests.support.plane import Plane
from todotasks.kube import KubeClient, KubeConfig

# What is not understood yet: how much of each conversation may go wrong. A turn that is mended is struck off.
KNOWN = {
    "en-chatty": 5, "de-wg": 3, "mixed-expat": 4, "de-kita-eltern": 3, "de-rentnerin": 1, "en-packing": 1,
    "en-band-move": 1, "mixed-umzug": 5, "en-office-move": 2, "en-both": 2, "en-school-run": 3,
}  # fmt: skip


AT_ONCE = 8  # conversations, each in a namespace of its own: most of the time is spent waiting for answers


@pytest.fixture(scope="module")
async def faults(plane: Plane, request: pytest.FixtureRequest) -> dict[str, list[str]]:
    """What went wrong in each of the conversations that were chosen."""
    chosen = {
        item.callspec.id
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    }
    plane.heal()
    room = asyncio.Semaphore(AT_ONCE)

    async def one(client: KubeClient, number: int, talk: Talk) -> list[str]:
        async with room:
            return [fault for fault in await hold(client, talk, f"talks-{os.getpid()}-{number}") if fault]

    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as client:
        talks = [talk for talk in own_talks() if str(talk["id"]) in chosen]
        found = await asyncio.gather(*(one(client, number, talk) for number, talk in enumerate(talks)))
    return {str(talk["id"]): each for talk, each in zip(talks, found, strict=True)}


@pytest.mark.parametrize("talk", [str(talk["id"]) for talk in own_talks()])
def test_a_conversation_of_our_own_goes_as_it_was_written(talk: str, faults: dict[str, list[str]]) -> None:
    assert len(faults[talk]) <= KNOWN.get(talk, 0), "\n".join(faults[talk])


QUESTIONS = sorted({str(talk["id"]).rpartition("-")[0] for talk in own_talks(ANSWERS)})


@pytest.mark.parametrize("question", QUESTIONS)
async def test_an_answer_to_a_question_is_read_as_one(plane: Plane, namespace: str, question: str) -> None:
    chosen = [talk for talk in own_talks(ANSWERS) if str(talk["id"]).rpartition("-")[0] == question]
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as client:
        right, turns, _, _ = await measure(client, chosen, namespace)
    assert right == turns
