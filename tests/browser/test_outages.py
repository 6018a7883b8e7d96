"""The page while something is away: the gateway, the API server, the person's token; and who looks on."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from playwright.async_api import expect

from tests.browser.conftest import NewPage
from tests.browser.test_page import make, row, spec_of
from tests.integration.gateway.processes import GatewayProcess
from tests.support.api import Refused, api_of
from tests.support.gateway import person
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl

SOON = 30_000  # milliseconds, on a busy machine


@dataclass
class Gateway:
    """A process of its own, so that it can be killed; its keys stay, as they do in a cluster."""

    process: GatewayProcess

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.process.port}"


@pytest.fixture
def gateway(plane: Plane, tmp_path: Path) -> Iterator[Gateway]:
    plane.heal()
    process = GatewayProcess(plane, tmp_path, TODO_SESSION_KEYS=Fernet.generate_key().decode())
    process.start()
    try:
        process.wait_ready()
        yield Gateway(process)
    finally:
        process.kill()
        plane.heal()


async def test_a_gateway_that_is_killed_and_comes_back_loses_no_edit(
    gateway: Gateway, open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    for name in ("buy-milk", "call-mom"):
        make(kubectl, namespace, name)
    page = await open_page("/all")
    gateway.process.kill()
    await expect(page.locator(".strip")).to_be_visible(timeout=SOON)
    await row(page, "buy milk").get_by_role("checkbox").click()
    await expect(row(page, "buy milk")).to_have_count(0)  # shown at once
    await expect(page.locator(".strip")).to_contain_text("1 waiting")
    kubectl("patch", "tt", "call-mom", "-n", namespace, "--type=merge", "-p", '{"spec":{"title":"call dad"}}')
    gateway.process.start()
    gateway.process.wait_ready()
    await expect(page.locator(".strip")).to_have_count(0, timeout=SOON)
    await expect(row(page, "call dad")).to_be_visible(timeout=SOON)
    async with asyncio.timeout(SOON / 1000):
        while not spec_of(kubectl, namespace, "buy-milk").get("completed"):
            await asyncio.sleep(0.5)


async def when_it_takes_writes(write: Callable[[], None]) -> None:
    """For seconds after its start an API server answers 503 to what a policy matches (docs/admission.md)."""
    async with asyncio.timeout(SOON / 1000):
        while True:
            try:
                return write()
            except (Refused, OSError, HTTPException):
                await asyncio.sleep(0.5)


async def test_an_api_server_that_restarts_is_waited_for_and_what_happens_after_is_shown(
    plane: Plane, open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk")
    page = await open_page("/all")
    plane.restart_apiserver()
    await when_it_takes_writes(lambda: make(kubectl, namespace, "call-mom"))
    await expect(row(page, "call mom")).to_be_visible(timeout=SOON)
    await row(page, "buy milk").get_by_role("checkbox").click()
    await expect(page.locator(".toast", has_text="Completed")).to_be_visible(timeout=SOON)
    assert spec_of(kubectl, namespace, "buy-milk")["completed"] is True


async def test_a_token_that_is_good_no_longer_ends_in_the_sign_in_and_nothing_stays_in_sight(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk")
    page = await open_page("/all")
    await expect(row(page, "buy milk")).to_be_visible()
    kubectl(
        "delete", "serviceaccount", "ana", "-n", namespace
    )  # as its end would: the API server knows it no more
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=SOON)
    assert await page.get_by_text("buy milk").count() == 0


async def test_two_windows_a_viewer_and_kubectl_see_the_same_list(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    for name in ("one", "two", "three"):
        make(kubectl, namespace, name)
    viewer = person(kubectl, namespace, "vera", "view")
    windows = [await open_page("/all"), await open_page("/all"), await open_page("/all", by=viewer)]
    first, second, third = windows
    await row(first, "one").get_by_role("checkbox").click()
    await second.locator("#quickadd").fill("water the plants")
    await second.locator("#quickadd").press("Enter")
    kubectl("delete", "tt", "two", "-n", namespace)
    make(kubectl, namespace, "three", title="three and a half")
    await row(third, "three").get_by_role("checkbox").click()  # vera may not
    await expect(third.locator(".toast.error")).to_contain_text("may not", timeout=SOON)
    for window in windows:
        await expect(window.locator(".row")).to_have_count(2, timeout=SOON)
        await expect(row(window, "water the plants")).to_be_visible()
        await expect(row(window, "three and a half")).to_be_visible()
    items = api_of(kubectl.kubeconfig).list_("todotasks", namespace)
    assert sorted(each["spec"]["title"] for each in items if not each["spec"].get("completed")) == [
        "three and a half",
        "water the plants",
    ]


async def test_notifications_are_asked_for_on_a_click_and_never_before(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk", due="2027-03-01", reminders=[{"before": "1h"}])
    page = await open_page("/today")
    await page.add_init_script(
        "window.asked = 0; Object.defineProperty(Notification, 'permission', { get: () => 'default' });"
        "Notification.requestPermission = async () => { window.asked += 1; return 'granted'; }"
    )
    await page.goto(page.url.replace("/today", f"/task/{namespace}/buy-milk"))
    button = page.get_by_role("button", name="Show reminders as notifications")
    await expect(button).to_be_visible()
    assert await page.evaluate("window.asked") == 0
    await button.click()
    await expect(button).to_have_count(0)
    assert await page.evaluate("window.asked") == 1
