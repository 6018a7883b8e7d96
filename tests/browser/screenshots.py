"""Pictures of the page for the docs: `scripts/screenshots`. Not a test: a person looks at what it makes."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from tests.browser.conftest import CHROMIUM

ZONE = "Europe/Berlin"
WINDOW: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "timezone_id": ZONE}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
    "color_scheme": "dark",
}


def command(folder: Path, *words: str) -> str:
    """One of ours, with the kubectl and the kubeconfig of that run."""
    environment = os.environ | {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "KUBECONFIG": str(folder / "kubeconfig"),
        "TZ": ZONE,
    }
    return subprocess.run(words, check=True, capture_output=True, text=True, env=environment).stdout


async def take(page: Page, target: Path, name: str) -> None:
    await page.wait_for_timeout(700)  # what slides or tints has come to rest
    await page.screenshot(path=target / f"{name}.png")


async def main(folder: Path, target: Path) -> None:
    todotasks = str(Path(sys.executable).parent / "todotasks")
    command(folder, todotasks, "samples")
    target.mkdir(parents=True, exist_ok=True)
    link = command(folder, todotasks, "page", "--data-dir", str(folder)).strip()
    home = link.split("/#")[0]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(**WINDOW)
        await context.add_init_script("localStorage.setItem('todotasks.scope', 'default')")
        page = await context.new_page()
        await page.goto(link)
        await page.wait_for_selector(".row")
        state = await context.storage_state()

        async def opened(path: str, **options: Any) -> Page:
            other = await browser.new_context(**WINDOW | {"storage_state": state} | options)
            page = await other.new_page()
            await page.goto(home + path)
            await page.wait_for_selector(".row, .rules li")
            return page

        await page.fill("#quickadd", "water the tomatoes friday 18:00 #garden p2")
        await page.wait_for_selector(".chip")
        await take(page, target, "page-today")
        task = await opened("/all")
        await task.locator(".row .title", has_text="Move into").click()
        await take(task, target, "page-task")
        await take(await opened("/rule/default/weekly-report"), target, "page-rule")
        words = "%23home%20is%3Aopen%20or%20p1%20-is%3Adone"
        await take(await opened(f"/search?q={words}&title=Next"), target, "page-filter")
        await take(await opened("/today", **PHONE), target, "page-phone")
        await take(
            await opened("/rule/default/pay-the-rent", locale="de-DE", color_scheme="dark"),
            target,
            "page-german",
        )
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
