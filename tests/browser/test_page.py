"""The page as people use it: two windows, kubectl, a viewer, no network, a keyboard, a phone, axe."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage
from tests.support.api import api_of
from tests.support.gateway import RunningGateway, person
from todo_cli.local.controlplane.kubectl import Kubectl

TODAY = date.today()


def make(kubectl: Kubectl, namespace: str, name: str, **spec: Any) -> None:
    """A task of that name with this spec, whether or not it was there."""
    api_of(kubectl.kubeconfig).put("todotasks", namespace, name, {"title": name.replace("-", " ")} | spec)


def spec_of(kubectl: Kubectl, namespace: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = api_of(kubectl.kubeconfig).get("todotasks", namespace, name)["spec"]
    return found


def row(page: Page, title: str) -> Any:
    return page.locator(".row", has_text=title)


async def test_quick_add_shows_its_reading_and_a_rejected_one_is_title_again(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    page = await open_page("/all")
    await page.keyboard.press("q")
    await page.keyboard.type("pay rent tomorrow #home p1")
    await expect(page.locator(".chip")).to_have_count(3)
    await page.get_by_role("button", name="Remove this reading: p1").click()
    await expect(page.locator(".chip")).to_have_count(2)
    await page.locator("#quickadd").press("Enter")
    await expect(row(page, "pay rent p1")).to_be_visible()
    [task] = api_of(kubectl.kubeconfig).list_("todotasks", namespace)
    assert task["spec"]["title"] == "pay rent p1"
    assert task["spec"]["tags"] == ["home"]
    assert task["spec"].get("priority", "Medium") == "Medium"


async def test_what_one_window_does_the_other_shows_and_kubectl_too(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk")
    first, second = await open_page("/all"), await open_page("/all")
    await row(first, "buy milk").get_by_role("checkbox").click()
    await expect(row(second, "buy milk")).to_have_count(0)
    assert spec_of(kubectl, namespace, "buy-milk")["completed"] is True
    make(kubectl, namespace, "call-mom", priority="Urgent")
    await expect(row(first, "call mom")).to_be_visible()
    await expect(row(second, "call mom")).to_be_visible()
    kubectl("delete", "tt", "call-mom", "-n", namespace)
    await expect(row(first, "call mom")).to_have_count(0)


async def test_undo_takes_back_what_was_done(open_page: NewPage, kubectl: Kubectl, namespace: str) -> None:
    make(kubectl, namespace, "buy-milk")
    page = await open_page("/all")
    await row(page, "buy milk").get_by_role("checkbox").click()
    await page.get_by_role("button", name="Undo").click()
    await expect(row(page, "buy milk")).to_be_visible()
    assert not spec_of(kubectl, namespace, "buy-milk").get("completed", False)


async def test_who_may_only_look_is_told_and_nothing_changes(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk")
    viewer = person(kubectl, namespace, "vera", "view")
    page = await open_page("/all", by=viewer)
    await row(page, "buy milk").get_by_role("checkbox").click()
    await expect(page.locator(".toast.error")).to_contain_text("may not")
    await expect(row(page, "buy milk")).to_be_visible()
    assert not spec_of(kubectl, namespace, "buy-milk").get("completed", False)


async def test_a_task_is_dragged_to_a_day_and_keeps_its_time(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    tomorrow, later = TODAY + timedelta(days=1), TODAY + timedelta(days=5)
    make(kubectl, namespace, "see-the-dentist", due=f"{tomorrow}T10:00", timeZone="Europe/Berlin")
    page = await open_page("/upcoming")
    await row(page, "see the dentist").drag_to(page.locator(f'.days [data-day="{later}"]'))
    await expect(page.locator(".toast")).to_be_visible()
    assert spec_of(kubectl, namespace, "see-the-dentist")["due"] == f"{later}T10:00"


async def test_edits_made_without_network_are_kept_and_sent(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk")
    page = await open_page("/all")
    await page.context.set_offline(True)
    await page.evaluate("dispatchEvent(new Event('offline'))")
    await row(page, "buy milk").get_by_role("checkbox").click()
    await expect(row(page, "buy milk")).to_have_count(0)  # shown at once
    assert not spec_of(kubectl, namespace, "buy-milk").get("completed", False)
    await page.context.set_offline(False)
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.locator(".toast", has_text="Completed")).to_be_visible(timeout=20_000)
    assert spec_of(kubectl, namespace, "buy-milk")["completed"] is True


async def test_everything_by_keyboard(open_page: NewPage, kubectl: Kubectl, namespace: str) -> None:
    make(kubectl, namespace, "first-task", due=f"{TODAY}")
    make(kubectl, namespace, "second-task", due=f"{TODAY + timedelta(days=1)}")
    page = await open_page("/all")
    await page.keyboard.press("j")
    await expect(page.locator(".row.at")).to_contain_text("first task")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.locator(".panel")).to_contain_text("second-task")
    await page.keyboard.press("d")
    await page.keyboard.type("friday 17:00")
    await expect(page.get_by_role("button", name="Set")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator(".toast")).to_be_visible()
    # Five o'clock where the window is, in the zone of the task: one hour behind it.
    assert spec_of(kubectl, namespace, "second-task")["due"].endswith("T16:00")
    await expect(page.locator(".panel")).to_contain_text("17:00")
    await page.keyboard.press("Escape")
    await page.locator(".panel").press("Escape")
    await expect(page.locator(".panel")).to_have_count(0)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("Keyboard")
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.press("t")
    await expect(page).to_have_url(re.compile("/today$"))
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox", name="Type a command or a task")).to_be_focused()
    await page.keyboard.type("upcom")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/upcoming$"))


async def test_each_view_has_an_address_and_back_works(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "pay-rent", project="Haus & Hof", tags=["money"])
    page = await open_page(f"/task/{namespace}/pay-rent")
    await expect(page.locator("#task-title")).to_have_value("pay rent")
    await page.get_by_role("link", name="Haus & Hof").click()
    await expect(row(page, "pay rent")).to_be_visible()
    await page.go_back()
    await expect(page.locator("#task-title")).to_have_value("pay rent")
    await page.get_by_role("button", name="YAML").click()
    await expect(page.locator(".code pre")).to_contain_text("kind: TodoTask")


async def test_a_title_that_is_markup_is_text(open_page: NewPage, kubectl: Kubectl, namespace: str) -> None:
    title = "<img src=x onerror=alert(1)><script>alert(1)</script>"
    make(kubectl, namespace, "evil", title=title, notes=title, due=f"{TODAY}")
    page = await open_page(f"/task/{namespace}/evil")
    await expect(page.locator(".row .title")).to_have_text(title)
    assert await page.locator("main img, .panel img, main script").count() == 0


async def test_a_question_is_answered_by_a_button(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    for name in ("one", "two", "three"):
        make(kubectl, namespace, name)
    page = await open_page("/all")
    await page.locator("#quickadd").fill("delete everything")
    await page.locator("#quickadd").press("Enter")
    await page.locator(".chat").get_by_role("button", name="Yes").click()
    await expect(page.locator(".row")).to_have_count(0)


async def test_a_sign_in_link_works_once(gateway: RunningGateway, open_page: NewPage, token: str) -> None:
    async with gateway("POST", "/v1/session/link", token) as answer:
        path = (await answer.json())["path"]
    page = await open_page()
    await page.context.clear_cookies()
    await page.goto("about:blank")
    await page.goto(gateway.url + path)
    await page.wait_for_selector(".row, .empty")
    assert "sign-in" not in page.url
    await page.context.clear_cookies()
    await page.goto("about:blank")
    await page.goto(gateway.url + path)
    await expect(page.get_by_role("alert")).to_contain_text("used already")


async def test_two_thousand_tasks_have_only_the_rows_in_sight(
    open_page: NewPage, gateway: RunningGateway, kubectl: Kubectl, namespace: str
) -> None:
    tasks = [
        {
            "apiVersion": "todotasks.dev/v1",
            "kind": "TodoTask",
            "metadata": {"name": f"t-{i:04}", "namespace": namespace},
            "spec": {"title": f"task {i:04}"},
        }
        for i in range(2000)
    ]
    kubectl("create", "-f", "-", input_text=json.dumps({"apiVersion": "v1", "kind": "List", "items": tasks}))
    page = await open_page("/all")
    await expect(page.locator(".count").first).to_be_visible()
    await expect(page.get_by_role("link", name="All open 2000")).to_be_visible()
    assert await page.locator(".row").count() < 80
    await page.locator("#list").evaluate("list => { list.scrollTop = list.scrollHeight }")
    await expect(row(page, "task 1999")).to_be_visible()


RUN_AXE = """;
    const say = (each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" | ")}`;
    axe.run().then((found) => found.violations.map(say))
"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SCREENS = {
    "today": ("/today", {}),
    "upcoming in the dark": ("/upcoming", {"color_scheme": "dark"}),
    "a task": ("/task/{namespace}/pay-rent", {}),
    "everything, in German": ("/all", {"locale": "de-DE"}),
    "a phone": ("/all", {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}),
    "a phone in the dark, in German": (
        "/today",
        {"viewport": {"width": 390, "height": 844}, "locale": "de-DE", "color_scheme": "dark"},
    ),
    "twice as large": ("/all", {"viewport": {"width": 640, "height": 420}, "device_scale_factor": 2}),
    "nothing there": ("/completed", {}),
    "what repeats": ("/repeating", {}),
    "a new rule": ("/rule/new", {}),
    "a new rule, on a phone in the dark": (
        "/rule/new",
        {"viewport": {"width": 390, "height": 844}, "locale": "de-DE", "color_scheme": "dark"},
    ),
    "the days ahead": ("/upcoming", {}),
    "late": ("/overdue", {}),
    "a tag": ("/tag/home", {}),
    "a filter": ("/search?q=%23home%20-is%3Adone%20or%20p2", {}),
    "the audit log": ("/audit", {}),
}


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_nothing(
    open_page: NewPage, kubectl: Kubectl, namespace: str, axe: str, screen: str
) -> None:
    make(
        kubectl,
        namespace,
        "pay-rent",
        due=f"{TODAY}",
        priority="Urgent",
        tags=["home"],
        notes="x",
        project="Home",
    )
    make(kubectl, namespace, "late-one", due="2026-01-01", priority="High", assignee="ana")
    path, options = SCREENS[screen]
    page = await open_page(path.format(namespace=namespace), **options)
    if "phone" not in screen or "rule" not in screen:  # there the panel covers it
        await page.locator("#quickadd").fill("call mom tomorrow #family")
        # The first sentence that a gateway reads waits for what it reads with.
        await expect(page.locator(".reading .chip").first).to_be_visible(timeout=20_000)
    found = await page.evaluate(axe + RUN_AXE)
    assert found == []
    assert await page.evaluate(SIDEWAYS) <= 0
