"""How much is decided before others have their turn."""

import asyncio

from todo_operator.loop.turns import Turns


async def test_in_one_turn_of_the_loop_only_so_much_is_worked_however_many_want_to():
    now = 0.0

    def clock() -> float:
        return now

    turns, done, in_turn = Turns(0.02, clock), 0, [0]

    async def worker() -> None:
        nonlocal now, done
        for _ in range(10):
            await turns.take()
            with turns.working():
                now += 0.005  # what each decision takes
            done += 1
            in_turn[-1] += 1
            await asyncio.sleep(0)

    workers = [asyncio.create_task(worker()) for _ in range(64)]
    while done < 640:
        in_turn.append(0)
        await asyncio.sleep(0)
    await asyncio.gather(*workers)
    assert max(in_turn) <= 2 * 4, (
        "a turn of the loop may see the end of one slice and the beginning of the next"
    )
