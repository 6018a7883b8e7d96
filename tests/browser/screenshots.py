"""Pictures of the page for the docs: `scripts/screenshots`. Not a test: a person looks at what it makes."""

import asyncio
import subprocess
import sys
from pathlib import Path

from playwright.async_api import Page, async_playwright

from tests.browser.conftest import CHROMIUM

TASKS = (
    "prepare the slides for the review today 16:00 p1 #work",
    "call the plumber today #home @ana",
    "buy milk, bread and coffee today #errands",
    "answer the landlord yesterday p2 #home",
    "book the dentist tomorrow at 10:00 #health",
    "team lunch on friday at 12:30 #work",
    "renew the passport in 3 weeks #travel",
    "read the incident report #work",
    "water the plants every 3 days at 19:00 #home",
    "pay the rent on the 1st of every month #money",
)


def command(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def make_tasks() -> None:
    for words in TASKS:
        command(str(Path(sys.executable).parent / "kubectl-todo"), "--yes", words)


async def take(page: Page, target: Path, name: str) -> None:
    await page.wait_for_timeout(700)  # what slides or tints has come to rest
    await page.screenshot(path=target / f"{name}.png")


async def main(folder: Path, target: Path) -> None:
    make_tasks()
    target.mkdir(parents=True, exist_ok=True)
    link = command(str(Path(sys.executable).parent / "todotasks"), "page", "--data-dir", str(folder)).strip()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(viewport={"width": 1280, "height": 760}, locale="en-GB")
        page = await context.new_page()
        await page.goto(link)
        await page.wait_for_selector(".row")
        await page.fill("#quickadd", "water the tomatoes friday 18:00 #garden p2")
        await page.wait_for_selector(".chip")
        await take(page, target, "page-today")
        await page.fill("#quickadd", "")
        await page.keyboard.press("Escape")
        await page.goto(page.url.split("/today")[0].split("/#")[0].rstrip("/") + "/upcoming")
        await page.wait_for_selector(".row")
        await page.locator(".row .title").first.click()
        await take(page, target, "page-task")
        state = await context.storage_state()
        phone = await browser.new_context(
            viewport={"width": 390, "height": 780}, is_mobile=True, has_touch=True, device_scale_factor=2,
            storage_state=state, color_scheme="dark", locale="en-GB",
        )  # fmt: skip
        small = await phone.new_page()
        await small.goto(page.url.split("/task/")[0] + "/today")
        await small.wait_for_selector(".row")
        await take(small, target, "page-phone")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
