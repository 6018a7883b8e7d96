"""What a person sees who follows a link of a mail: a page without a script, in English or German. Pure."""

import html
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chat_gateway.api.mail_links.act import SNOOZES

# key: (English, German)
WORDS: Final[dict[str, tuple[str, str]]] = {
    "done": ("Mark it as done?", "Als erledigt markieren?"),
    "snooze": ("Remind me later", "Später erinnern"),
    "do-done": ("Mark as done", "Erledigt"),
    "10m": ("in 10 minutes", "in 10 Minuten"),
    "1h": ("in an hour", "in einer Stunde"),
    "3h": ("in 3 hours", "in 3 Stunden"),
    "tomorrow": ("tomorrow at 9:00", "morgen um 9:00"),
    "did-done": ("Done.", "Erledigt."),
    "did-snooze": ("Put off until {until}.", "Verschoben bis {until}."),
    "already": ("It is done already.", "Das ist schon erledigt."),
    "used": (
        "This link was used already. Each works once.",
        "Dieser Link wurde schon benutzt. Jeder gilt einmal.",
    ),
    "gone": ("This task is not there any more.", "Diese Aufgabe gibt es nicht mehr."),
    "no-reminder": (
        "This reminder is not there any more.",
        "Diese Erinnerung gibt es nicht mehr.",
    ),
    "expired": (
        "This link is too old: links in mails work for seven days.",
        "Dieser Link ist zu alt: Links in Mails gelten sieben Tage.",
    ),
    "unknown": (
        "This is not a link of ours, or a part of it was lost. Open it from the mail itself.",
        "Das ist kein Link von uns, oder ein Teil davon fehlt. Bitte aus der Mail selbst öffnen.",
    ),
    "away": (
        "This does not work at the moment; nothing was changed. Try again in a minute.",
        "Das geht im Moment nicht; nichts wurde geändert. Bitte in einer Minute noch einmal.",
    ),
    "too-many": (
        "Too many tries. Try again in a minute.",
        "Zu viele Versuche. Bitte in einer Minute noch einmal.",
    ),
    "may-not": (
        "The server does not allow this to links of mails; nothing was changed.",
        "Der Server erlaubt das Links aus Mails nicht; nichts wurde geändert.",
    ),
    "open": ("Open in todotasks", "In todotasks öffnen"),
    "of": ("from a mail to {recipient}", "aus einer Mail an {recipient}"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """`says` is a key of WORDS; `buttons` are (value, key) of what can be done."""

    says: str
    title: str = ""
    recipient: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    to: str = ""  # where the task is on the page
    until: datetime | None = None
    good: bool = False


def buttons_of(action: str) -> tuple[tuple[str, str], ...]:
    return (("done", "do-done"),) if action == "done" else tuple((by, by) for by in SNOOZES)


def render(shown: Shown, language: str) -> str:
    german = language.lower().startswith("de")
    until = ""
    if shown.until is not None:
        until = f"{shown.until:%d.%m.%Y, %H:%M}" if german else f"{shown.until:%-d %B %Y, %H:%M}"
        until += f" ({shown.until.tzname()})"

    def word(key: str) -> str:
        text = WORDS[key][1 if german else 0]
        return html.escape(text.format(until=until, recipient=shown.recipient))

    title = f"<h1>{html.escape(shown.title)}</h1>" if shown.title else ""
    says = "p" if title else "div"  # a page has one heading
    title = title or '<h1 class="hidden">todotasks</h1>'
    form = ""
    if shown.buttons:
        each = "".join(
            f'<button name="do" value="{value}"{"" if i else " class=primary"}>{word(key)}</button>'
            for i, (value, key) in enumerate(shown.buttons)
        )
        form = f'<form method="post" action="">{each}</form>'
    link = f'<p><a href="{html.escape(shown.to)}">{word("open")}</a></p>' if shown.to else ""
    whose = f'<p class="faint">{word("of")}</p>' if shown.recipient else ""
    state = "good" if shown.good else ("ask" if shown.buttons else "bad")
    return (
        f'<!doctype html><html lang="{"de" if german else "en"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f"<title>{word(shown.says)} – todotasks</title>"
        '<link rel="stylesheet" href="/static/mail.css"><link rel="icon" href="/static/icon.svg"></head>'
        f'<body><main class="{state}"><img src="/static/icon.svg" alt="" width="40" height="40">'
        f'{title}<{says} class="says" role="status">{word(shown.says)}</{says}>'
        f"{form}{link}{whose}</main></body></html>"
    )
