"""A real Chromium before a real gateway. Where there is no Chromium, the tests say so and are skipped."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.support.gateway import GENEROUS, RunningGateway, person, running_gateway
from tests.support.page import modules
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.settings import Secret

CHROMIUM = os.environ.get("TODO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

# Three times what the library waits for by itself: a machine that runs other tests beside is slow, not wrong.
expect.set_options(timeout=15_000)

MAIL_KEY = Fernet.generate_key().decode()

NewPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script, from npm."""
    return (modules() / "axe-core" / "axe.min.js").read_text()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium (Debian: apt-get install chromium, or name one in TODO_CHROMIUM)")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        await launched.close()


@pytest.fixture
async def gateway(plane: Plane) -> AsyncIterator[RunningGateway]:
    plane.heal()
    settings = replace(GENEROUS, mail_link_keys=(Secret(MAIL_KEY),))
    async with running_gateway(plane.kubeconfig, settings=settings) as running:
        yield running


@pytest.fixture
def token(kubectl: Kubectl, namespace: str) -> str:
    return person(kubectl, namespace, "ana")


@pytest.fixture
async def open_page(
    browser: Browser, gateway: RunningGateway, namespace: str, token: str
) -> AsyncIterator[NewPage]:
    """`await open_page("/today", by=token, **context)`: a window of its own, signed in.

    A script error, or something that the Content-Security-Policy refused, fails the test at its end.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    async def opened(path: str = "/today", *, by: str | None = None, **options: object) -> Page:
        settings = {"locale": "en-GB", "timezone_id": "Europe/Berlin"} | options
        context = await browser.new_context(**settings)  # type: ignore[arg-type]
        contexts.append(context)
        await context.add_init_script(
            "if (location.protocol === 'http:') {"
            f"localStorage.setItem('todotasks.scope', '{namespace}');"
            f"localStorage.setItem('todotasks.home', '{namespace}'); }}"
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None,
        )
        answer = await context.request.post(
            f"{gateway.url}/v1/session",
            data={"token": by or token},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.ok, await answer.text()
        await page.goto(gateway.url + path)
        await page.wait_for_selector(".row, .empty, .empty-hint, .rules, .audit, .mails, .panel, .filter")
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert wrong == []
