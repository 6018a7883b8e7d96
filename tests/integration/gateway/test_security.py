"""What must not work: forged and foreign requests, too large ones, and what titles could do."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet

from tests.support.gateway import GENEROUS, RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.settings import Secret

SAME = {"Sec-Fetch-Site": "same-origin"}
CROSS = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}


async def log_in(gateway: RunningGateway, token: str, **headers: str) -> str:
    """The cookie as a browser sends it back."""
    async with gateway("POST", "/v1/session", json={"token": token}, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return answer.headers["Set-Cookie"].partition(";")[0]


# ── sessions ─────────────────────────────────────────────────────────────────────────────────────────
async def test_a_session_cookie_stands_for_the_token_that_logged_in(
    gateway: RunningGateway, token: str
) -> None:
    cookie = await log_in(gateway, token)
    assert token not in cookie
    async with gateway("GET", "/v1/session", headers={"Cookie": cookie}) as answer:
        assert answer.status == 200
        assert (await answer.json())["username"].endswith(":alice")


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    gateway: RunningGateway, token: str
) -> None:
    headers = {"X-Forwarded-Proto": "https"}
    async with gateway("POST", "/v1/session", json={"token": token}, headers=headers) as answer:
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-todotasks=")
    assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    "forged",
    [
        "todotasks=nonsense",
        f"todotasks={Fernet(Fernet.generate_key()).encrypt(b'a-token').decode()}",
        "todotasks=",
    ],
    ids=["no cookie of ours", "sealed with another key", "empty"],
)
async def test_a_forged_cookie_is_refused_and_cleared(gateway: RunningGateway, forged: str) -> None:
    async with gateway("GET", "/v1/session", headers={"Cookie": forged}) as answer:
        assert answer.status == 401
        assert "Max-Age=0" in answer.headers["Set-Cookie"]


async def test_a_cookie_that_was_changed_by_one_character_is_refused(
    gateway: RunningGateway, token: str
) -> None:
    cookie = await log_in(gateway, token)
    middle = len(cookie) // 2
    changed = cookie[:middle] + ("A" if cookie[middle] != "A" else "B") + cookie[middle + 1 :]
    async with gateway("GET", "/v1/session", headers={"Cookie": changed}) as answer:
        assert answer.status == 401


async def test_a_cookie_outlives_a_change_of_keys_as_long_as_the_old_one_is_listed(
    plane: Plane, token: str
) -> None:
    old, new = (Secret(Fernet.generate_key().decode()) for _ in range(2))
    async with running_gateway(plane.kubeconfig, settings=replace(GENEROUS, session_keys=(old,))) as before:
        cookie = await log_in(before, token)
    for keys, status in (((new, old), 200), ((new,), 401)):
        settings = replace(GENEROUS, session_keys=keys)
        async with (
            running_gateway(plane.kubeconfig, settings=settings) as after,
            after("GET", "/v1/session", headers={"Cookie": cookie}) as answer,
        ):
            assert answer.status == status


async def test_logging_in_with_a_bad_token_sets_no_cookie(gateway: RunningGateway) -> None:
    async with gateway("POST", "/v1/session", json={"token": "wrong"}) as answer:
        assert answer.status == 401
        assert "Set-Cookie" not in answer.headers


async def test_logging_out_clears_the_cookie(gateway: RunningGateway, token: str) -> None:
    cookie = await log_in(gateway, token)
    async with gateway("DELETE", "/v1/session", headers={"Cookie": cookie, **SAME}) as answer:
        assert answer.status == 204
        assert "Max-Age=0" in answer.headers["Set-Cookie"]


async def test_a_token_that_has_expired_is_refused(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str
) -> None:
    # A ServiceAccount that is gone: its tokens end at once. (The API server gives none for under ten
    # minutes, so a test cannot wait for the clock.)
    token = person(kubectl, namespace, "carol")
    async with gateway("GET", "/v1/session", token) as answer:
        assert answer.status == 200
    kubectl("delete", "serviceaccount", "carol", f"--namespace={namespace}")
    deadline = time.monotonic() + 90
    status = 200
    while status == 200 and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
        async with gateway("GET", "/v1/session", token) as answer:
            status = answer.status
    assert status == 401


# ── other sites ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (CROSS, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        (SAME, 204),
    ],
    ids=[
        "another site",
        "a neighbour",
        "an old browser on another site",
        "a sandboxed frame",
        "our own page",
    ],
)
async def test_logging_a_person_out_takes_a_request_of_our_own_page(
    gateway: RunningGateway, token: str, headers: dict[str, str], status: int
) -> None:
    cookie = await log_in(gateway, token)
    async with gateway("DELETE", "/v1/session", headers={"Cookie": cookie, **headers}) as answer:
        assert answer.status == status


async def test_a_foreign_page_cannot_log_a_person_in_as_somebody_else(
    gateway: RunningGateway, token: str
) -> None:
    async with gateway("POST", "/v1/session", json={"token": token}, headers=CROSS) as answer:
        assert answer.status == 403
        assert "Set-Cookie" not in answer.headers


async def test_a_form_cannot_log_in_for_it_can_send_no_json(gateway: RunningGateway, token: str) -> None:
    text = json.dumps({"token": token})
    async with gateway("POST", "/v1/session", data=text, headers={"Content-Type": "text/plain"}) as answer:
        assert answer.status == 415


async def test_no_other_origin_is_let_in_by_default(gateway: RunningGateway, token: str) -> None:
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    async with gateway("OPTIONS", "/v1/session", headers=preflight) as answer:
        assert answer.status == 405
        assert not [name for name in answer.headers if name.startswith("Access-Control")]
    async with gateway("GET", "/v1/session", token, headers={"Origin": "https://evil.example"}) as answer:
        assert not [name for name in answer.headers if name.startswith("Access-Control")]


async def test_a_listed_origin_is_let_in_by_name_and_without_cookies(plane: Plane, token: str) -> None:
    page = "https://todo.example.com"
    settings = replace(GENEROUS, cors_origins=(page,))
    async with running_gateway(plane.kubeconfig, settings=settings) as gateway:
        preflight = {"Origin": page, "Access-Control-Request-Method": "POST"}
        async with gateway("OPTIONS", "/v1/session", headers=preflight) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Origin"] == page
        async with gateway("GET", "/v1/session", token, headers={"Origin": page}) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == page
            assert "Access-Control-Allow-Credentials" not in answer.headers
        async with gateway("GET", "/v1/session", token, headers={"Origin": f"{page}.evil"}) as answer:
            assert "Access-Control-Allow-Origin" not in answer.headers


# ── size and shape ───────────────────────────────────────────────────────────────────────────────────
async def test_a_body_of_10_megabytes_is_turned_away_before_it_is_sent(gateway: RunningGateway) -> None:
    host, port = gateway.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 10485760\r\n\r\n{"
    )
    async with asyncio.timeout(30):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert head.startswith(b"HTTP/1.1 413")
    assert b"application/problem+json" in head


async def test_a_body_without_a_length_is_cut_off_at_the_limit(gateway: RunningGateway) -> None:
    async def much() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield b" " * 65536

    headers = {"Content-Type": "application/json"}
    try:
        async with gateway("POST", "/v1/session", data=much(), headers=headers) as answer:
            assert answer.status == 413
    except ConnectionError:
        pass  # it was told so while it was still sending


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        (b"{", 400, None),
        (b"\xff\xfe", 400, None),
        (b"[" * 60_000, 422, ""),
        (b"[]", 422, ""),
        (b'{"token": 7}', 422, "token"),
        (b'{"token": ""}', 422, "token"),
        (b'{"token": "x", "admin": true}', 422, "admin"),
        (b'{"token": 7', 422, "token"),
    ],
)
async def test_a_body_that_does_not_fit_says_where(
    gateway: RunningGateway, body: bytes, status: int, path: str | None
) -> None:
    headers = {"Content-Type": "application/json"}
    async with gateway("POST", "/v1/session", data=body, headers=headers) as answer:
        assert answer.status == status
        problem = await answer.json()
    assert [each["path"] for each in problem.get("errors", [])] == ([] if path is None else [path])


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x00\xa5\x01\x00\x00",
        b"GET /<script>alert(1)</script> HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Header<script>: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    ],
    ids=["TLS on a plain port", "no version that exists", "a header that is none", "a header of 70 kB"],
)
async def test_what_is_no_http_gets_a_plain_problem_and_nothing_of_itself_back(
    gateway: RunningGateway, raw: bytes
) -> None:
    host, port = gateway.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(raw)
    async with asyncio.timeout(30):
        answer = await reader.read()
    writer.close()
    assert b"400 Bad Request" in answer
    assert b"application/problem+json" in answer
    assert b"<script>" not in answer


async def test_the_figures_are_not_on_the_port_that_everybody_reaches(
    gateway: RunningGateway, token: str
) -> None:
    for given in (None, token):
        async with gateway("GET", "/metrics", given) as answer:
            assert answer.status == 404


async def test_every_answer_carries_the_security_headers_and_says_not_what_serves_it(
    gateway: RunningGateway, token: str
) -> None:
    for method, path in (
        ("GET", "/v1/session"),
        ("GET", "/nothing"),
        ("PUT", "/v1/session"),
        ("GET", "/healthz"),
    ):
        async with gateway(method, path, token) as answer:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Server" not in answer.headers
            assert answer.content_type in {"application/json", "application/problem+json", "text/plain"}


async def test_a_path_with_markup_does_not_come_back(gateway: RunningGateway, token: str) -> None:
    async with gateway("GET", "/%3Cscript%3Ealert(1)%3C/script%3E", token) as answer:
        assert answer.status == 404
        assert answer.content_type == "application/problem+json"
        assert "script" not in await answer.text()


async def test_an_id_of_the_caller_is_kept_only_if_it_is_well_formed(gateway: RunningGateway) -> None:
    for given, kept in (("abc-1", True), ("a b", False), ("x" * 200, False)):
        async with gateway("GET", "/healthz", headers={"X-Correlation-Id": given}) as answer:
            assert (answer.headers["X-Correlation-Id"] == given) is kept
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    async with gateway("GET", "/healthz", headers={"Traceparent": trace}) as answer:
        assert answer.headers["X-Correlation-Id"] == "4bf92f3577b34da6a3ce929d0e0e4736"


async def test_a_connection_that_says_nothing_is_ended(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat_gateway.server.listener.FIRST_REQUEST_WITHIN", 0.2)
    host, port = gateway.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET / HTTP/1.1\r\nHost:")
    async with asyncio.timeout(30):
        assert await reader.read() == b""
    writer.close()
