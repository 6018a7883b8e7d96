"""`python -m bench.audit`: how fast the audit log takes entries, and how fast the chain of them is proven.

A PostgreSQL of its own, filled by the very function that the consumer calls; then the verifier walks all of
it, as `todotasks audit verify` does. Needs no control plane.
"""

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from todo_cli.local.backing.postgres import Postgres
from todo_cli.local.folder import Folder
from todotasks.audit import Entry, Signer, Verifier
from todotasks.store import Store
from todotasks.store.audit import AuditQuery

BATCH = 1_000  # as the consumer's


@click.command()
@click.option("--rows", default=200_000, show_default=True)
def main(rows: int) -> None:
    """Fill and verify; prints rows a second and what it costs to find one user's entries."""
    with tempfile.TemporaryDirectory(prefix="todotasks-bench-audit-") as folder:
        server = Postgres(Folder.open(Path(folder) / "data"))
        server.start()
        server.wait_ready()
        try:
            asyncio.run(measure(server.url("postgres"), rows))
        finally:
            server.stop()


async def measure(url: str, rows: int) -> None:
    signer, _ = Signer.generate()
    async with await Store.open(url) as store:
        await store.migrate()
        began, now = time.perf_counter(), datetime.now(UTC)
        for first in range(0, rows, BATCH):
            await store.audit.append([an_entry(number) for number in range(first, first + BATCH)], now)
        filled = time.perf_counter() - began
        seq, digest = await store.audit.tip()
        verifier = Verifier([signer.sign(seq, digest, now)], {signer.key_id: signer.public})
        began, used = time.perf_counter(), time.process_time()
        async for page in store.audit.walk():
            await asyncio.to_thread(verifier.feed, page)
        walked, own = time.perf_counter() - began, time.process_time() - used
        verdict = verifier.verdict()
        assert verdict.holds, verdict.finding
        assert verdict.rows == rows
        began = time.perf_counter()
        found = await store.audit.find(AuditQuery(actor="system:serviceaccount:home:user-7", limit=50))
        asked = time.perf_counter() - began
    print(f"appended  {rows:,} rows, {rows / filled:,.0f}/s")
    print(f"verified  {rows:,} rows, {rows / walked:,.0f}/s ({own / rows * 1e6:.1f} µs of our own a row)")
    print(f"found     {len(found)} entries of one user in {asked * 1000:.1f} ms")


def an_entry(number: int) -> Entry:
    return Entry(
        id=f"3f0c1a52-7d0e-4c59-9a44-{number:012}:{number}:task.updated.v1",
        at=datetime.now(UTC),
        source="observed",
        action="task.updated",
        actor=f"system:serviceaccount:home:user-{number % 100}",
        namespace=f"home-{number % 10}",
        name=f"task-{number}",
        kind="TodoTask",
        uid=f"3f0c1a52-7d0e-4c59-9a44-{number:012}",
        version=number,
        title="Pay rent",
        changed=("spec.due", "spec.title"),
    )


if __name__ == "__main__":
    main()
