"""A process that takes a Lease and says so, line by line: a test stops, continues and kills it.

python -m tests.integration.kube.holder KUBECONFIG NAMESPACE NAME HOLDER DURATION RENEW
"""

import asyncio
import sys
from pathlib import Path

from todotasks.kube import KubeClient, KubeConfig, Lease


async def hold(kubeconfig: str, namespace: str, name: str, holder: str, duration: str, renew: str) -> None:
    async with KubeClient(KubeConfig.load(Path(kubeconfig))) as kube:
        lease = Lease(kube, namespace, name, holder, duration=float(duration), renew=float(renew))
        await lease.acquire()
        print("held", flush=True)
        work = asyncio.create_task(work_until_lost(lease))
        await lease.wait_lost()
        print("lost", flush=True)
        await work


async def work_until_lost(lease: Lease) -> None:
    """What asks before every write never writes late, however long the process stood still."""
    while lease.is_held:
        await asyncio.sleep(0.01)
    print("stopped", flush=True)


if __name__ == "__main__":
    asyncio.run(hold(*sys.argv[1:]))
