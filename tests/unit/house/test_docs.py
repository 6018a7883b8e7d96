"""The docs say what the code has: settings, metrics, links."""

import re
from pathlib import Path

import pytest

from chat_gateway.base.settings import GatewaySettings
from todo_consumers.audit.settings import AuditSettings
from todo_consumers.notifier.settings import NotifierSettings
from todo_webhook.settings import WebhookSettings
from todotasks.settings import settings_of

ROOT = Path(__file__).parents[3]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "bench" / "README.md"]) + sorted(
    (ROOT / "docs").rglob("*.md")
)


ALL_SETTINGS = sorted(
    {
        *settings_of(NotifierSettings),
        *settings_of(GatewaySettings),
        *settings_of(WebhookSettings),
        *settings_of(AuditSettings),
    },
    key=lambda each: each.name,
)


@pytest.mark.parametrize("setting", ALL_SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_stands_in_the_docs_with_its_default_and_meaning(setting: object) -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    row = next((line for line in page.splitlines() if line.startswith(f"| `{setting.name}`")), None)  # type: ignore[attr-defined]
    assert row is not None
    assert setting.doc in row  # type: ignore[attr-defined]
    assert setting.parser.accepts in row  # type: ignore[attr-defined]
    assert setting.default in row  # type: ignore[attr-defined]


def test_every_metric_that_the_docs_name_exists() -> None:
    code = "\n".join(
        path.read_text()
        for folder in ("core", "operator", "consumers", "chat-gateway", "webhook")
        for path in (ROOT / folder).rglob("*.py")
    )
    named = set(re.findall(r"`(todotasks_[a-z_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    assert len(named) > 10
    assert {name for name in named if f'"{name}"' not in code} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_docs_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|mailto:)([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []
