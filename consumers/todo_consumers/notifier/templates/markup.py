"""Notes, which may be Markdown: as HTML that runs nothing and calls nobody, and as plain text.

    notes ── markdown-it (CommonMark, ~~struck~~, tables) ── tokens ──┬── as_html
                                                                     └── as_text: as one would have typed it

No HTML of the writer's passes, no image is fetched (opening a mail tells nobody), and a link goes to the web
or to a mailbox. Lines end where the writer has ended them: most notes are plain text.
"""

import html
import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

LINK_SCHEMES = ("https://", "http://", "mailto:")
MOST_MARKS = 1_500  # lines and signs of markup; reading more would take the time of other people's mails
_MARKS = re.compile(r"[\n\[\]*_`~<>!|]")

_reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
_reader.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline", "entity"])
_reader.validateLink = lambda url: url.lower().startswith(LINK_SCHEMES)  # type: ignore[method-assign]


def as_html(text: str) -> str:
    """Blocks of HTML, all that was written escaped."""
    if _is_costly(text):
        return f'<p class="text">{html.escape(text)}</p>'
    return str(_reader.render(text))


def as_text(text: str) -> str:
    """What it says, without the signs: `**call** [Ann](https://…)` is "call Ann (https://…)"."""
    if _is_costly(text):
        return text.strip()
    return "\n".join(_lines(_reader.parse(text))).strip()


def _is_costly(text: str) -> bool:
    return sum(1 for _ in _MARKS.finditer(text)) > MOST_MARKS


class _Item:
    """An item of a list that is open: what stands before its first line, and the room before the others."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.is_begun = False

    def before(self) -> str:
        if self.is_begun:
            return " " * len(self.mark)
        self.is_begun = True
        return self.mark


def _lines(tokens: Sequence[Token]) -> list[str]:  # noqa: PLR0912 - one case a kind of block
    lines: list[str] = []
    lists: list[int | None] = []  # the number of the next item, None for one without numbers
    around: list[_Item] = []
    cells: list[str] | None = None  # of the row of a table

    def say(text: str) -> None:
        lines.extend("".join(each.before() for each in around) + line for line in text.split("\n"))

    for token in tokens:
        match token.type:
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_close" | "bullet_list_close":
                lists.pop()
                if not lists:
                    lines.append("")
            case "list_item_open":
                number = lists[-1]
                around.append(_Item("- " if number is None else f"{number}. "))
                lists[-1] = None if number is None else number + 1
            case "list_item_close" | "blockquote_close":
                around.pop()
            case "blockquote_open":
                around.append(_Quote())
            case "paragraph_close" if not token.hidden:  # hidden: the items of a list stand close together
                lines.append("")
            case "heading_close" | "table_close":
                lines.append("")
            case "tr_open":
                cells = []
            case "tr_close":
                say(" | ".join(cells or ()))
                cells = None
            case "inline" if cells is not None:
                cells.append(_words(token.children or ()))
            case "inline":
                say(_words(token.children or ()))
            case "fence" | "code_block":
                say(token.content.rstrip("\n"))
                lines.append("")
            case "hr":
                say("* * *")
                lines.append("")
            case _:
                pass
    return lines


class _Quote(_Item):
    def __init__(self) -> None:
        super().__init__("> ")

    def before(self) -> str:
        return self.mark


def _words(tokens: Sequence[Token]) -> str:
    """Of one paragraph. A link's address stands behind its words, unless it is them."""
    out: list[str] = []
    begun: list[tuple[int, str]] = []
    for token in tokens:
        match token.type:
            case "link_open":
                begun.append((len(out), str(token.attrGet("href") or "")))
            case "link_close":
                start, url = begun.pop()
                said = "".join(out[start:])
                if said not in {url, url.removeprefix("mailto:")}:
                    out.append(f" ({url})")
            case "softbreak" | "hardbreak":
                out.append("\n")
            case _:
                out.append(token.content)
    return "".join(out)
