"""Our own conversations, turn by turn, on a real API server with the clock frozen."""

import pytest
from bench.talks import ANSWERS, Talk, hold, measure, own_talks

from tests.support.plane import Plane
from todotasks.kube import KubeClient, KubeConfig

# What is not understood yet: how much of each conversation may go wrong. A turn that is mended is struck off.
KNOWN = {
    "en-chatty": 5, "de-wg": 3, "mixed-expat": 4, "de-kita-eltern": 3, "de-rentnerin": 1, "en-packing": 1,
    "en-band-move": 1, "mixed-umzug": 5, "en-office-move": 2,
}  # fmt: skip


@pytest.mark.parametrize("talk", own_talks(), ids=lambda talk: str(talk["id"]))
async def test_a_conversation_of_our_own_goes_as_it_was_written(
    plane: Plane, namespace: str, talk: Talk
) -> None:
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as client:
        faults = [fault for fault in await hold(client, talk, namespace) if fault]
    assert len(faults) <= KNOWN.get(talk["id"], 0), "\n".join(faults)


QUESTIONS = sorted({str(talk["id"]).rpartition("-")[0] for talk in own_talks(ANSWERS)})


@pytest.mark.parametrize("question", QUESTIONS)
async def test_an_answer_to_a_question_is_read_as_one(plane: Plane, namespace: str, question: str) -> None:
    chosen = [talk for talk in own_talks(ANSWERS) if str(talk["id"]).rpartition("-")[0] == question]
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as client:
        right, turns, _, _ = await measure(client, chosen, namespace)
    assert right == turns
