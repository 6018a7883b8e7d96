"""The page in people's hands: by finger, by mouse, without network, beside others who edit the same."""

import json
import re
from datetime import date, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_page import RUN_AXE, make, row, spec_of
from tests.support.api import api_of
from tests.support.gateway import RunningGateway
from todo_cli.local.controlplane.kubectl import Kubectl

TODAY = date.today()
SOON = 20_000  # milliseconds
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


async def network(page: Page, there: bool) -> None:
    await page.context.set_offline(not there)
    await page.evaluate(f"dispatchEvent(new Event('{'online' if there else 'offline'}'))")


def titles(kubectl: Kubectl, namespace: str) -> set[str]:
    items = api_of(kubectl.kubeconfig).list_("todotasks", namespace)
    return {each["spec"]["title"] for each in items}


# ── quick add ────────────────────────────────────────────────────────────────────────────────────────────
async def test_a_reading_is_corrected_in_its_place_and_backspace_rejects_the_last(
    open_page: NewPage, namespace: str
) -> None:
    page = await open_page("/all")
    await page.locator("#quickadd").fill("pay rent friday 18:00 #home")
    await expect(page.locator(".reading .chip")).to_have_count(2)
    await page.locator(".reading .chip .word").first.click()
    await page.keyboard.type("tomorrow")
    await expect(page.locator("#quickadd")).to_have_value("pay rent tomorrow #home")
    await expect(page.locator(".reading .chip")).to_have_count(2)
    await page.keyboard.press("End")
    await page.keyboard.press("Backspace")  # the reading goes …
    await expect(page.locator(".reading .chip")).to_have_count(1)
    await expect(page.locator("#quickadd")).to_have_value("pay rent tomorrow #home")
    await page.keyboard.press("Backspace")  # … then its letters
    await expect(page.locator("#quickadd")).to_have_value("pay rent tomorrow #hom")


async def test_of_what_comes_back_the_first_day_is_said_in_full(open_page: NewPage, namespace: str) -> None:
    page = await open_page("/all")
    await page.locator("#quickadd").fill("water the plants every 3 days starting 5 march 2027")
    await expect(page.locator(".reading")).to_contain_text("From Fri 5 Mar")


# ── many at once ─────────────────────────────────────────────────────────────────────────────────────────
async def test_tasks_are_selected_with_a_mouse_moved_together_and_taken_back_together(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    for name in ("a-one", "b-two", "c-three", "d-four"):
        make(kubectl, namespace, name)
    page = await open_page("/all")
    await page.get_by_role("button", name="Select tasks").click()
    await row(page, "a one").locator(".title").click()
    await row(page, "c three").locator(".title").click(modifiers=["Shift"])
    await expect(page.get_by_role("checkbox", name="Select b two")).to_be_checked()
    await expect(page.get_by_role("checkbox", name="Select d four")).not_to_be_checked()
    await page.get_by_role("button", name="To tomorrow").click()
    await expect(page.locator(".toast")).to_contain_text("Changed “a one”, “b two” and “c three”")
    await expect(page.locator(".bulk")).to_have_count(0)
    assert spec_of(kubectl, namespace, "b-two")["due"] == f"{TODAY + timedelta(days=1)}"
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".toast", has_text="Taken back")).to_be_visible()
    assert "due" not in spec_of(kubectl, namespace, "b-two")


async def test_tasks_of_several_namespaces_are_one_action_and_one_undo(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    other = f"{namespace[:50]}-other"
    kubectl("create", "namespace", other)
    account = f"--serviceaccount={namespace}:ana"
    kubectl("create", "clusterrolebinding", other, "--clusterrole=edit", account)
    try:
        for place in (namespace, other):
            make(kubectl, place, "pay-rent")
        page = await open_page("/search")
        await page.get_by_label("Namespace").fill("")
        await page.keyboard.press("Tab")
        await page.get_by_label("Search tasks").fill("pay rent")
        await expect(page.locator(".row")).to_have_count(2)
        await page.get_by_role("button", name="Select tasks").click()
        await page.get_by_role("button", name="Select all").click()
        await page.get_by_role("button", name="To tomorrow").click()
        await expect(page.locator(".toast")).to_have_count(1)
        for place in (namespace, other):
            assert spec_of(kubectl, place, "pay-rent")["due"] == f"{TODAY + timedelta(days=1)}"
        await page.get_by_role("button", name="Undo").click()
        await expect(page.locator(".toast", has_text="Taken back")).to_be_visible()
        for place in (namespace, other):
            assert "due" not in spec_of(kubectl, place, "pay-rent")
    finally:
        kubectl("delete", "clusterrolebinding", other)
        kubectl("delete", "namespace", other, "--wait=false")


async def test_several_lines_pasted_are_asked_about_and_added_once(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    page = await open_page("/all")
    await page.locator("#quickadd").focus()
    await page.evaluate(
        "() => { const pasted = new DataTransfer();"
        " pasted.setData('text', '- [x] xylophone\\n* buy 2 apples\\n1. third');"
        " document.activeElement.dispatchEvent(new ClipboardEvent('paste',"
        " { clipboardData: pasted, bubbles: true, cancelable: true })); }"
    )
    await page.get_by_role("button", name="Add (3)").click()
    await expect(page.locator(".row")).to_have_count(3)
    await expect(page.get_by_role("button", name="Add (3)")).to_have_count(0)
    assert titles(kubectl, namespace) == {"xylophone", "buy 2 apples", "third"}


async def test_a_finger_that_stays_selects_and_one_that_taps_opens(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    for name in ("one", "two"):
        make(kubectl, namespace, name)
    page = await open_page("/all", **PHONE)
    box = await row(page, "one").locator(".title").bounding_box()
    assert box is not None
    at = [{"x": box["x"] + 20, "y": box["y"] + box["height"] / 2}]
    finger = await page.context.new_cdp_session(page)
    await finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at})
    await expect(page.locator(".bulk")).to_contain_text("1 selected")
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await row(page, "two").locator(".title").tap()
    await expect(page.locator(".bulk")).to_contain_text("2 selected")
    await page.get_by_role("button", name="Cancel").tap()
    await row(page, "two").locator(".title").tap()
    await expect(page).to_have_url(re.compile(f"/task/{namespace}/two$"))


async def test_delete_asks_nothing_and_undo_brings_it_back(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk")
    page = await open_page("/all")
    await page.keyboard.press("j")
    await page.keyboard.press("Delete")
    await expect(row(page, "buy milk")).to_have_count(0)
    await page.keyboard.press("u")
    await expect(row(page, "buy milk")).to_be_visible()
    assert titles(kubectl, namespace) == {"buy milk"}


async def test_the_list_is_where_one_was_when_a_task_is_closed(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk")
    page = await open_page("/all")
    await row(page, "buy milk").locator(".title").click()
    await page.get_by_role("button", name="Close").click()
    await expect(row(page, "buy milk").locator(".title")).to_be_focused()


# ── on a phone, on paper, by hand ────────────────────────────────────────────────────────────────────────
async def test_going_back_on_a_phone_closes_what_covers_the_list(open_page: NewPage, namespace: str) -> None:
    page = await open_page("/all", **PHONE)
    for name, there in (("Chat", ".chat"), ("Menu", ".side.open")):
        await page.get_by_role("button", name=name).click()
        await expect(page.locator(there)).to_be_visible()
        await page.go_back()
        await expect(page.locator(there)).to_have_count(0)
        await expect(page).to_have_url(re.compile("/all$"))
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("link", name="Upcoming").click()
    await expect(page).to_have_url(re.compile("/upcoming$"))
    await page.go_back()
    await expect(page).to_have_url(re.compile("/all$"))


async def test_language_and_colours_are_chosen_in_the_menu(open_page: NewPage, namespace: str) -> None:
    page = await open_page("/today")
    await page.get_by_label("Theme").select_option("dark")
    await page.get_by_label("Language").select_option("de")
    await expect(page.get_by_role("heading", name="Heute")).to_be_visible()
    await page.reload()
    await expect(page.locator("html[lang=de][data-theme=dark]")).to_have_count(1)


async def test_what_is_done_on_a_german_page_is_said_in_german(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk")
    rule = {"cron": "0 9 * * 1-5", "timeZone": "Europe/Berlin", "template": {"spec": {"title": "work"}}}
    api_of(kubectl.kubeconfig).put("recurrencerules", namespace, "office", rule)
    page = await open_page("/all", locale="de-DE")
    await row(page, "buy milk").get_by_role("checkbox").click()
    await expect(page.locator(".toast")).to_contain_text("“buy milk” erledigt.")
    await page.get_by_role("link", name="Wiederkehrend").click()
    await expect(page.locator(".rules")).to_contain_text("jeden Werktag (Montag bis Freitag) um 09:00")


async def test_paper_has_the_whole_list(open_page: NewPage, kubectl: Kubectl, namespace: str) -> None:
    items = [
        {
            "apiVersion": "todotasks.dev/v1",
            "kind": "TodoTask",
            "metadata": {"name": f"t-{i:03}", "namespace": namespace},
            "spec": {"title": f"task {i:03}"},
        }
        for i in range(200)
    ]
    kubectl("create", "-f", "-", input_text=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    page = await open_page("/all")
    await expect(page.get_by_role("link", name="All open 200")).to_be_visible()
    assert await page.locator(".row").count() < 80
    await page.emulate_media(media="print")
    printed = await page.evaluate(
        "() => { dispatchEvent(new Event('beforeprint'));"
        " const there = document.querySelectorAll('.row').length;"
        " dispatchEvent(new Event('afterprint')); return there; }"
    )
    assert printed == 200


async def test_an_address_that_was_typed_by_hand_opens(open_page: NewPage, namespace: str) -> None:
    page = await open_page("/tag/100%")
    await expect(page.get_by_role("heading", name="#100%")).to_be_visible()


async def test_a_menu_does_nothing_before_something_is_chosen_in_it(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk", tags=["home"])
    page = await open_page("/search")
    await page.get_by_label("Condition", exact=True).focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.locator(".filter .chip")).to_have_count(0)


# ── others, and no network ───────────────────────────────────────────────────────────────────────────────
async def test_what_others_add_does_not_move_the_list_under_the_pointer(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk")
    page = await open_page("/all")
    box = await row(page, "buy milk").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 300, box["y"] + 20)
    await page.mouse.move(box["x"] + 310, box["y"] + 20)
    # As long as the pointer moves the list stays; time is stopped, so that the machine's speed has no say.
    await page.evaluate(
        "window.setTimeout = ((was) => (f, ms) => was(f, ms === 2000 ? 1e9 : ms))(setTimeout); 0"
    )
    await page.mouse.move(box["x"] + 320, box["y"] + 20)
    make(kubectl, namespace, "another", priority="Urgent")
    news = page.get_by_role("button", name="1 new")
    await expect(news).to_be_visible()
    assert await row(page, "buy milk").bounding_box() == box
    await news.click()
    await expect(row(page, "another")).to_be_visible()


async def test_what_is_added_without_network_is_listed_and_sent_later(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    page = await open_page("/all")
    await network(page, False)
    await expect(page.locator(".strip")).to_be_visible()
    for words in ("buy eggs", "buy flour", "buy nothing"):
        await page.locator("#quickadd").fill(words)
        await page.locator("#quickadd").press("Enter")
        await expect(page.locator("#quickadd")).to_have_value("")
    await page.locator(".strip summary").click()
    await page.get_by_role("button", name="Do not send: buy nothing").click()
    await expect(page.locator(".strip li")).to_have_count(2)
    await network(page, True)
    await expect(row(page, "buy eggs")).to_be_visible(timeout=SOON)
    await expect(row(page, "buy flour")).to_be_visible(timeout=SOON)
    await expect(page.locator(".strip")).to_have_count(0)
    assert titles(kubectl, namespace) == {"buy eggs", "buy flour"}


async def edited_by_two(page: Page, kubectl: Kubectl, namespace: str) -> None:
    """A title is changed here without network, and by somebody else meanwhile."""
    make(kubectl, namespace, "pay-rent")
    await row(page, "pay rent").locator(".title").click()
    await expect(page.locator("#task-title")).to_have_value("pay rent")
    await network(page, False)
    await page.locator("#task-title").fill("pay the rent")
    await page.locator("#task-title").press("Enter")
    await expect(page.locator(".strip")).to_contain_text("1 waiting")
    make(kubectl, namespace, "pay-rent", title="pay rent to Ben", priority="High")
    await network(page, True)
    await expect(page.locator(".conflicts")).to_be_visible(timeout=SOON)


async def test_of_two_who_edit_the_same_the_later_sees_both_and_decides(
    open_page: NewPage, kubectl: Kubectl, namespace: str, axe: str
) -> None:
    page = await open_page("/all")
    await edited_by_two(page, kubectl, namespace)
    conflict = page.locator(".conflicts")
    await expect(conflict).to_contain_text("pay the rent")
    await expect(conflict).to_contain_text("pay rent to Ben")
    assert spec_of(kubectl, namespace, "pay-rent")["title"] == "pay rent to Ben"
    assert await page.evaluate(axe + RUN_AXE) == []
    await page.get_by_role("button", name="Keep mine").click()
    await expect(conflict).to_have_count(0)
    await expect(page.locator(".toast", has_text="pay the rent")).to_be_visible(timeout=SOON)
    spec = spec_of(kubectl, namespace, "pay-rent")
    assert (spec["title"], spec["priority"]) == ("pay the rent", "High")


async def test_of_two_who_edit_the_same_the_later_can_leave_it(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    page = await open_page("/all")
    await edited_by_two(page, kubectl, namespace)
    await page.get_by_role("button", name="Keep theirs").click()
    await expect(page.locator("#task-title")).to_have_value("pay rent to Ben")
    assert spec_of(kubectl, namespace, "pay-rent")["title"] == "pay rent to Ben"
    await expect(page.locator(".strip, .conflicts")).to_have_count(0)


async def test_the_shell_opens_without_network_whatever_else_was_looked_at(
    open_page: NewPage, gateway: RunningGateway, namespace: str
) -> None:
    page = await open_page("/today")
    await page.evaluate(
        "navigator.serviceWorker.controller ? null : new Promise((there) =>"
        " navigator.serviceWorker.addEventListener('controllerchange', () => there(null)))"
    )
    await page.goto(f"{gateway.url}/openapi.json")
    await page.context.set_offline(True)
    await page.goto(f"{gateway.url}/upcoming")
    await expect(page.get_by_role("heading", name="Upcoming")).to_be_visible()
    await expect(page.get_by_text("Tasks are not kept in this browser")).to_be_visible()


async def test_nothing_that_one_person_said_is_there_for_the_next(
    open_page: NewPage, kubectl: Kubectl, namespace: str, token: str
) -> None:
    page = await open_page("/all")
    await page.get_by_role("button", name="Chat").click()
    await page.get_by_label("Say what is to be done").fill("what is on today?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".bubble.it")).to_be_visible()
    await page.locator(".chat").get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_label("Token").fill(token)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Chat").click()
    await expect(page.locator(".chat")).to_be_visible()
    await expect(page.locator(".bubble")).to_have_count(0)


OVER = {
    "the chat": ("c", ".chat"),
    "every action": ("Control+k", "dialog.palette"),
    "the keys": ("?", "dialog.keys"),
    "what is selected": ("x", ".bulk"),
}


@pytest.mark.parametrize("what", OVER)
@pytest.mark.parametrize("look", ["light", "dark"])
async def test_axe_finds_nothing_in_what_lies_over_the_list(
    open_page: NewPage, kubectl: Kubectl, namespace: str, axe: str, what: str, look: str
) -> None:
    make(kubectl, namespace, "buy-milk", due=f"{TODAY}")
    page = await open_page("/all", color_scheme=look, locale="de-DE" if look == "dark" else "en-GB")
    key, there = OVER[what]
    await page.keyboard.press("j")
    await page.keyboard.press(key)
    await expect(page.locator(there)).to_be_visible()
    assert await page.evaluate(axe + RUN_AXE) == []
