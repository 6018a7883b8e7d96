"""The gateway's process with the tools and a model switched on: it serves both and tells nobody the key."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from tests.integration.gateway.processes import GatewayProcess
from tests.support.model_server import model_server
from tests.support.people import person, token_of
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl

KEY = "sk-very-secret-0123456789abcdef"
PATIENCE = aiohttp.ClientTimeout(total=60)


async def test_a_process_with_tools_and_model_serves_both_and_tells_nobody_the_key(
    plane: Plane, kubectl: Kubectl, namespace: str, tmp_path: Path, specs: Any
) -> None:
    token = token_of(kubectl, person(kubectl, "alice", namespace, "todotasks-edit"))
    headers = {"Authorization": f"Bearer {token}"}
    both = {"Accept": "application/json, text/event-stream"}
    async with model_server() as model, aiohttp.ClientSession(headers=headers, timeout=PATIENCE) as session:
        settings = {"TODO_MCP": "true", "TODO_LLM_URL": model.url, "TODO_LLM_KEY": KEY}
        process = GatewayProcess(plane, tmp_path, **settings, TODO_LOG_LEVEL="debug")
        try:
            process.start()
            await asyncio.to_thread(process.wait_ready)
            url = f"http://127.0.0.1:{process.port}"
            model.answers(("create", {"title": "acheter du pain", "due": "2026-12-01"}))
            words = {"text": "il faut acheter du pain quelque part demain", "namespace": namespace}
            async with session.post(f"{url}/v1/chat", json=words) as answer:
                said = await answer.json()
            assert said["source"] == "model", said
            assert specs()["acheter du pain"]["due"] == "2026-12-01"
            assert model.keys == [f"Bearer {KEY}"]
            search = {"name": "search", "arguments": {"namespace": namespace}}
            call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": search}
            async with session.post(f"{url}/mcp", json=call, headers=both) as answer:
                told = await answer.json()
            assert "“acheter du pain”" in told["result"]["content"][0]["text"]
            model.play = lambda body: []
            async with session.post(f"{url}/v1/chat", json={**words, "text": "hello there"}) as answer:
                assert answer.status == 200
            process.ask_to_end()
            assert await asyncio.to_thread(process.wait_end) == 0
        finally:
            process.kill()
    log = process.log.read_text()
    assert KEY not in log
    assert token not in log
    assert "acheter" not in log
