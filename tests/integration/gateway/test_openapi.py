"""The running gateway keeps what `/openapi.json` promises.

A fuzzer asks what the document allows, and what it forbids, on every route of the catalogue, as a user
who may edit one namespace, so that what it makes up reaches the real API server. Bodies that fit the
schema may still be refused (a `due` that is no date): that check is left out, all others hold.
"""

import asyncio
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.gateway import running_gateway
from tests.support.plane import Plane

EXAMPLES = 10  # made up for each operation, beside one for each border of each schema
# The union of all commands has thousands of borders; made-up ones must do.
# 413: what is made up to be too long for a field may be too long for a body.
CONFIG = """
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "429", "5xx"]

[[operations]]
include-path = "/v1/edits"
phases.coverage.enabled = false
"""
WITHIN = 180.0  # seconds; about 20 on a quiet machine


async def test_the_gateway_does_what_its_document_says(
    plane: Plane, token: str, fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    async with running_gateway(plane.kubeconfig, database_url=fresh_database()) as gateway:
        gateway.gateway.state.waits_for = None  # as `probes.keep_asking` finds it
        (tmp_path / "schemathesis.toml").write_text(CONFIG)
        fuzzer = await asyncio.create_subprocess_exec(
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{gateway.url}/openapi.json"),
            *("--header", f"Authorization: Bearer {token}", "--phases", "coverage,fuzzing"),
            *("--checks", "all", "--exclude-checks", "positive_data_acceptance"),
            *("--max-examples", str(EXAMPLES), "--seed", "1", "--no-shrink"),
            *("--request-timeout", "30", "--no-color", "--warnings", "off"),
            *("--suppress-health-check", "all"),
            # What does not end cannot be fuzzed like this; tests/integration/live has the bad input.
            *("--exclude-path", "/v1/stream", "--exclude-path", "/v1/ws"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "160"},
        )
        try:
            async with asyncio.timeout(WITHIN):
                output, _ = await fuzzer.communicate()
        finally:
            if fuzzer.returncode is None:
                fuzzer.kill()
    said = re.sub(r"(.)\1{100,}", r"\1…\1", output.decode())  # what is too long on purpose
    assert fuzzer.returncode == 0, said[-12_000:]
