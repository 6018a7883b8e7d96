"""The smallest operator that kopf allows, as a limit: it looks at each task once and writes nothing.

`python -m bench.plain_operator 10000`, with KUBECONFIG set, ends as soon as it has seen so many.
"""

import asyncio
import sys
from typing import Any

import kopf

WANTED = int(sys.argv[1])
_seen: set[str] = set()
_all = asyncio.Event()


@kopf.on.login()
def log_in(**given: Any) -> kopf.ConnectionInfo | None:
    return kopf.login_with_kubeconfig(**given)


@kopf.on.event("todotasks.dev", "v1", "todotasks")
async def look(uid: str, **_: Any) -> None:
    _seen.add(uid)
    if len(_seen) >= WANTED:
        _all.set()


async def main() -> None:
    running = asyncio.create_task(kopf.operator(clusterwide=True, standalone=True))
    await _all.wait()
    running.cancel()


if __name__ == "__main__":
    asyncio.run(main())
