"""Rules, reminders, subtasks, dependencies and filters, edited on the page and read back by kubectl."""

import json
import re
from datetime import date, timedelta
from typing import Any

from playwright.async_api import Browser, expect

from tests.browser.conftest import MAIL_KEY, NewPage
from tests.browser.test_page import RUN_AXE, make, row, spec_of
from tests.support.api import api_of
from tests.support.gateway import RunningGateway
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.mail_links import MailLink, MailLinks

TODAY = date.today()


def rules(kubectl: Kubectl, namespace: str) -> list[dict[str, Any]]:
    return api_of(kubectl.kubeconfig).list_("recurrencerules", namespace)


async def test_a_rule_is_made_in_words_shown_with_its_next_dates_changed_paused_and_deleted(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    page = await open_page("/repeating")
    await page.get_by_role("button", name="New recurring task").click()
    panel = page.locator(".panel.rule")
    await panel.get_by_label("What is to be done").fill("team review")
    await panel.get_by_label("In words").fill("every second tuesday at 9")
    await panel.get_by_role("button", name="Read").click()
    await expect(panel.get_by_label("Interval")).to_have_value("2")
    await expect(panel.get_by_role("button", name="Tuesday")).to_have_attribute("aria-pressed", "true")
    await expect(panel.locator(".preview .says")).to_contain_text("every second Tuesday at 09:00")
    await expect(panel.locator(".preview time")).to_have_count(5)
    await panel.get_by_label("Subtasks, one a line").fill("slides\nminutes")
    await panel.get_by_label("Add a reminder").select_option("1d")
    await panel.get_by_role("button", name="Create").click()
    await expect(page).to_have_url(re.compile(f"/rule/{namespace}/team-review$"))
    [rule] = rules(kubectl, namespace)
    assert rule["spec"]["simple"] == {
        "frequency": "Weekly", "interval": 2, "daysOfWeek": ["Tuesday"], "time": "09:00",
    }  # fmt: skip
    assert rule["spec"]["timeZone"] == "Europe/Berlin"
    template = rule["spec"]["template"]
    assert [part["title"] for part in template["subtasks"]] == ["slides", "minutes"]
    assert template["spec"]["reminders"] == [{"before": "1d"}]

    await panel.get_by_role("button", name="Friday").click()
    await panel.get_by_label("Priority").select_option("High")
    await panel.get_by_role("button", name="Save").click()
    await expect(page.locator(".toast", has_text="comes back")).to_be_visible()
    [rule] = rules(kubectl, namespace)
    assert rule["spec"]["simple"]["daysOfWeek"] == ["Tuesday", "Friday"]
    assert rule["spec"]["template"]["spec"]["priority"] == "High"

    await panel.get_by_role("button", name="Pause").click()
    await expect(panel.get_by_role("button", name="Resume")).to_be_visible()
    assert rules(kubectl, namespace)[0]["spec"]["suspend"] is True
    page.once("dialog", lambda dialog: dialog.accept())
    await panel.get_by_role("button", name="Delete").click()
    await expect(panel).to_have_count(0)
    assert rules(kubectl, namespace) == []


async def test_what_is_wrong_with_a_rule_is_said_before_it_is_saved(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    page = await open_page("/rule/new")
    panel = page.locator(".panel.rule")
    await panel.get_by_label("What is to be done").fill("never")
    await panel.locator("summary", has_text="More").click()
    await panel.get_by_label("Written as").select_option("rrule")
    await panel.get_by_role("textbox", name="RRULE").fill("FREQ=SOMETIMES")
    await expect(panel.locator(".preview .wrong")).to_contain_text("SOMETIMES")
    await panel.get_by_role("button", name="Create").click()
    await expect(panel.get_by_role("alert")).to_contain_text("spec.rrule")
    assert rules(kubectl, namespace) == []


async def test_a_reminder_is_added_changed_and_removed(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(
        kubectl,
        namespace,
        "see-the-dentist",
        due=f"{TODAY + timedelta(days=3)}T10:00",
        timeZone="Europe/Berlin",
    )
    page = await open_page(f"/task/{namespace}/see-the-dentist")
    panel = page.locator(".panel")
    await panel.get_by_role("button", name="Add a reminder").click()
    form = panel.locator("form.card")
    await form.get_by_role("combobox", name="When").select_option("1d")
    await form.get_by_role("combobox", name="Again until done").select_option("1h")
    await expect(form.locator(".preview time")).to_have_count(5)
    await form.get_by_role("button", name="Add").click()
    await expect(panel.locator(".small-list", has_text="1 day before, again every 1 hour")).to_be_visible()
    await expect(page.locator(".toast")).to_be_visible()
    assert spec_of(kubectl, namespace, "see-the-dentist")["reminders"] == [
        {"before": "1d", "repeatEvery": "1h"}
    ]
    await panel.get_by_role("button", name=re.compile("^Remove 1 day before")).click()
    await expect(panel.locator(".small-list", has_text="1 day before")).to_have_count(0)
    await expect(page.locator(".toast")).to_have_count(2)
    assert "reminders" not in spec_of(kubectl, namespace, "see-the-dentist")


async def test_subtasks_are_a_tree_that_folds(open_page: NewPage, kubectl: Kubectl, namespace: str) -> None:
    make(kubectl, namespace, "move-house")
    make(kubectl, namespace, "pack-boxes", parent="move-house")
    make(kubectl, namespace, "buy-tape", parent="pack-boxes")
    page = await open_page("/all")
    await expect(row(page, "buy tape")).to_have_attribute("data-depth", "2")
    await page.get_by_role("button", name="Subtasks of move house").click()
    await expect(row(page, "pack boxes")).to_have_count(0)
    await page.reload()
    await expect(row(page, "move house")).to_be_visible()
    await expect(row(page, "pack boxes")).to_have_count(0)
    await page.get_by_role("button", name="Subtasks of move house").click()
    await row(page, "move house").locator(".title").click()
    panel = page.locator(".panel")
    await expect(panel.locator(".part")).to_have_count(2)
    await panel.get_by_role("button", name="Add a subtask to pack boxes").click()
    await panel.locator(".parts").get_by_label("Add a subtask", exact=True).fill("find the old ones")
    await page.keyboard.press("Enter")
    await expect(panel.locator(".part")).to_have_count(3)
    assert spec_of(kubectl, namespace, "find-the-old-ones")["parent"] == "pack-boxes"
    await panel.locator(".part", has_text="buy tape").locator(".link").click()
    await expect(panel.locator(".above")).to_contain_text("move house")


async def test_what_waits_for_what_is_shown_and_changed(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    for name in ("get-passport", "book-flights", "pack"):
        make(kubectl, namespace, name)
    make(kubectl, namespace, "leave", dependsOn=["pack"])
    page = await open_page(f"/task/{namespace}/pack")
    panel = page.locator(".panel")
    await expect(panel.locator("section", has_text="Holds up")).to_contain_text("leave")
    await panel.get_by_role("button", name="Wait for another task").click()
    await panel.get_by_label("Wait for", exact=True).fill("get passport")
    await page.keyboard.press("Enter")
    await expect(panel.get_by_role("button", name="No longer wait for get passport")).to_be_visible()
    await expect(page.locator(".toast")).to_be_visible()
    assert spec_of(kubectl, namespace, "pack")["dependsOn"] == ["get-passport"]
    await panel.get_by_role("button", name="No longer wait for get passport").click()
    await expect(page.locator(".toast")).to_have_count(2)
    assert not spec_of(kubectl, namespace, "pack").get("dependsOn")


async def test_a_filter_is_put_together_saved_and_its_link_shows_the_same(
    open_page: NewPage, kubectl: Kubectl, namespace: str
) -> None:
    make(kubectl, namespace, "buy-milk", tags=["home"])
    make(kubectl, namespace, "fix-the-roof", tags=["home"], priority="Urgent")
    make(kubectl, namespace, "the-report", project="Haus & Hof")
    make(kubectl, namespace, "neither")
    page = await open_page("/search")
    await page.get_by_label("Condition", exact=True).select_option("#home")
    await expect(page.locator(".row")).to_have_count(2)
    await page.get_by_label("and", exact=True).select_option("p1")
    await expect(page.locator(".row")).to_have_count(1)
    await page.get_by_label("or", exact=True).select_option(label="Haus & Hof")
    await expect(page.locator(".row")).to_have_count(2)
    await page.locator(".filter .word", has_text="Urgent").click()
    await expect(row(page, "buy milk")).to_be_visible()
    await expect(row(page, "fix the roof")).to_have_count(0)
    await page.get_by_role("button", name="Save filter").click()
    await page.get_by_label("Name of the filter").fill("Next at home")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Next at home")).to_be_visible()
    await expect(page.get_by_role("link", name="Next at home 2")).to_be_visible()
    link = page.url
    other = await open_page(link[link.index("/search") :])
    await expect(other.locator(".row")).to_have_count(2)
    await expect(other.get_by_role("heading", name="Next at home")).to_be_visible()
    await page.goto(link.split("/search")[0] + "/today")
    await page.get_by_role("link", name="Next at home 2").click()
    await expect(page.locator(".row")).to_have_count(2)
    await page.get_by_role("button", name="Forget this filter").click()
    await expect(page.get_by_role("link", name="Next at home")).to_have_count(0)


async def test_the_page_behind_a_link_of_a_mail_needs_no_script_and_axe_finds_nothing(
    browser: Browser, gateway: RunningGateway, kubectl: Kubectl, namespace: str, axe: str
) -> None:
    make(kubectl, namespace, "pay-rent")
    reminder = {"taskRef": {"name": "pay-rent"}, "at": "2027-03-01T09:00:00Z"}
    body = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "Reminder",
        "metadata": {"name": "rem"},
        "spec": reminder,
    }
    kubectl("apply", "-n", namespace, "-f", "-", input_text=json.dumps(body))

    def uid(kind: str, name: str) -> str:
        return kubectl("get", kind, name, "-n", namespace, "-o", "jsonpath={.metadata.uid}")

    link = MailLinks([MAIL_KEY], gateway.url).url(
        MailLink(
            "done", namespace, "pay-rent", uid("tt", "pay-rent"), "rem", uid("rem", "rem"),
            "ana@example.com", "pay rent", "0123",
        )
    )  # fmt: skip
    looked = await browser.new_context(color_scheme="dark", locale="de-DE")
    try:
        page = await looked.new_page()
        for address in (link, f"{gateway.url}/mail-link/nonsense"):
            await page.goto(address)
            assert await page.evaluate(axe + RUN_AXE) == []
        assert await page.locator("script").count() == 0
    finally:
        await looked.close()
    plain = await browser.new_context(java_script_enabled=False)
    try:
        page = await plain.new_page()
        await page.goto(link)
        await page.get_by_role("button", name="Mark as done").click()
        await expect(page.get_by_text("Done.")).to_be_visible()
    finally:
        await plain.close()
    assert spec_of(kubectl, namespace, "pay-rent")["completed"] is True
