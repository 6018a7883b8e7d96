"""What the page costs a browser: `python -m tests.browser.measure FOLDER`, the folder of a running `todotasks up`.

LCP, INP and CLS as the web-vitals have them, bytes over the wire, and how even 2,000 tasks scroll. Figures, no
test: they are of the machine they are measured on.
"""

# ruff: noqa: E501 - scripts of the browser, as one reads them

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from tests.browser.conftest import CHROMIUM
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.resources import TODOTASKS

TASKS = 2000
CHANGES = 400
OBSERVE = """
window.seen = { lcp: 0, cls: 0, inp: 0, long: 0 };
new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.lcp = e.startTime; }).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) seen.cls += e.value; }).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => { for (const e of list.getEntries()) if (e.interactionId) seen.inp = Math.max(seen.inp, e.duration); }).observe({ type: "event", durationThreshold: 16, buffered: true });
new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.long = Math.max(seen.long, e.duration); }).observe({ type: "longtask", buffered: true });
"""
SCROLL = """async () => {
  const list = document.querySelector("#list");
  const frames = [];
  let last = performance.now();
  for (let i = 0; i < 240; i++) {
    list.scrollTop += 60;
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
  }
  frames.sort((a, b) => a - b);
  return { p50: frames[120], p99: frames[237], worst: frames[239], rows: document.querySelectorAll(".row").length };
}"""


def run(*words: str, given: str | None = None) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True, input=given).stdout


async def used(page: Page) -> dict[str, float]:
    """Some interactions, then what was seen."""
    await page.keyboard.press("q")
    await page.keyboard.type("water the tomatoes friday 18:00 #garden")
    await page.wait_for_timeout(400)
    await page.keyboard.press("Escape")
    for _ in range(10):
        await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_timeout(300)
    await page.keyboard.press("Escape")
    await page.wait_for_timeout(300)
    found: dict[str, float] = await page.evaluate("window.seen")
    return found


async def changes(kubeconfig: Path) -> float:
    """For some seconds 50 changes a second, or as many as go; returns how many they were."""
    loop = asyncio.get_running_loop()
    begin = loop.time()
    async with KubeClient(KubeConfig.load(kubeconfig)) as client:
        for i in range(CHANGES):
            patch = {"spec": {"notes": f"{begin} {i}"}}
            await client.patch(TODOTASKS, f"measured-{i * 37 % TASKS:04}", patch, "measured")
            await asyncio.sleep(max(0.0, begin + (i + 1) / 50 - loop.time()))
    return CHANGES / (loop.time() - begin)


async def main(folder: Path) -> None:
    bin_folder = Path(sys.executable).parent
    link = run(str(bin_folder / "todotasks"), "page", "--data-dir", str(folder)).strip()
    tasks: list[dict[str, Any]] = [
        {
            "apiVersion": "todotasks.dev/v1",
            "kind": "TodoTask",
            "metadata": {"name": f"measured-{i:04}", "namespace": "measured"},
            "spec": {"title": f"task {i:04}", "tags": ["home"], "priority": "High"},
        }
        for i in range(TASKS)
    ]
    kubectl = [str(folder / "bin" / "kubectl"), "--kubeconfig", str(folder / "kubeconfig")]
    run(
        *kubectl,
        "apply",
        "-f",
        "-",
        given='{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"measured"}}',
    )
    subprocess.run(
        [*kubectl, "create", "-f", "-"],
        check=False,  # there already, of a measurement before
        capture_output=True,
        text=True,
        input=json.dumps({"apiVersion": "v1", "kind": "List", "items": tasks}),
    )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
        page = await context.new_page()
        await page.goto(link)
        await page.wait_for_selector(".row, .empty")
        home = page.url.split("/", 3)
        state = await context.storage_state()
        for scope, name in (("default", "the samples"), ("measured", f"{TASKS:,} tasks")):
            fresh = await browser.new_context(
                viewport={"width": 1280, "height": 800}, locale="en-GB", storage_state=state
            )
            await fresh.add_init_script(f"localStorage.setItem('todotasks.scope', '{scope}');{OBSERVE}")
            page = await fresh.new_page()
            session = await fresh.new_cdp_session(page)
            await session.send("Network.enable")
            sent = 0.0

            def count(event: dict[str, Any]) -> None:
                nonlocal sent
                sent += event["encodedDataLength"]

            session.on("Network.loadingFinished", count)
            await page.goto("/".join(home[:3]) + "/all")
            await page.wait_for_selector(".row")
            await page.wait_for_timeout(1500)
            transferred = sent
            found = await used(page)
            print(
                f"{name}: LCP {found['lcp']:.0f} ms, INP {found['inp']:.0f} ms, CLS {found['cls']:.3f}, "
                f"longest task {found['long']:.0f} ms, {transferred / 1000:.0f} kB transferred"
            )
            if scope == "measured":
                await page.evaluate("window.seen.long = 0")
                changed = await changes(folder / "kubeconfig")
                longest = await page.evaluate("window.seen.long")
                print(f"  {changed:.0f} changes a second: longest task {longest:.0f} ms")
                frames = await page.evaluate(SCROLL)
                print(
                    f"  scrolling: frame p50 {frames['p50']:.1f} ms, p99 {frames['p99']:.1f} ms, worst "
                    f"{frames['worst']:.1f} ms; {frames['rows']} rows are there"
                )
            await fresh.close()
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
