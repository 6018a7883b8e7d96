"""Notes in mails: Markdown as HTML that is safe, and as text that one can read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todo_consumers.notifier.templates.markup import MOST_MARKS, as_html, as_text

BILL = "https://example.com/a?b=1&c=2"


@pytest.mark.parametrize(
    ("notes", "text", "html"),
    [
        ("call **Ann** or *Bob*", "call Ann or Bob", "<p>call <strong>Ann</strong> or <em>Bob</em></p>"),
        ("# Shopping", "Shopping", "<h1>Shopping</h1>"),
        ("two\nlines", "two\nlines", "<p>two<br />\nlines</p>"),
        ("- milk\n- bread", "- milk\n- bread", "<ul>\n<li>milk</li>\n<li>bread</li>\n</ul>"),
        ("1. one\n2. two", "1. one\n2. two", "<ol>\n<li>one</li>\n<li>two</li>\n</ol>"),
        ("- [ ] pay\n- [x] ask", "- [ ] pay\n- [x] ask", "<ul>\n<li>[ ] pay</li>\n<li>[x] ask</li>\n</ul>"),
        ("- a\n  - b", "- a\n  - b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
        (f"[bill]({BILL})", f"bill ({BILL})", '<p><a href="https://example.com/a?b=1&amp;c=2">bill</a></p>'),
        ("<ann@x.de>", "ann@x.de", '<p><a href="mailto:ann@x.de">ann@x.de</a></p>'),
        ("> said\n> so", "> said\n> so", "<blockquote>\n<p>said<br />\nso</p>\n</blockquote>"),
        ("`ls -l`", "ls -l", "<p><code>ls -l</code></p>"),
        ("```\na\n  b\n```", "a\n  b", "<pre><code>a\n  b\n</code></pre>"),
        ("a\n\nb", "a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("|a|b|\n|-|-|\n|1|2|", "a | b\n1 | 2", None),
        # What only looks like it.
        ("2 * 3 * 4, user_profile_id, a < b", "2 * 3 * 4, user_profile_id, a < b", None),
        ("AT&amp;T", "AT&amp;T", "<p>AT&amp;amp;T</p>"),
    ],
)  # fmt: skip
def test_markdown_is_read_for_whoever_reads_text_and_whoever_reads_html(
    notes: str, text: str, html: str | None
) -> None:
    assert as_text(notes) == text
    assert html is None or as_html(notes).strip() == html


@pytest.mark.parametrize(
    "notes",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,hi)",
        "[x](vbscript:x)",
        "[x](//example.com)",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "![x](https://tracker.example/p.png)",
        "<img src=https://tracker.example/p.png>",
        "<div onclick=x>\n\nhi\n\n</div>",
        "<javascript:alert(1)>",
        '[a](https://x.example/ "t\' onclick=x")',
        '[a](https://x.example/"onclick=x)',
    ],
)
def test_no_note_runs_anything_or_fetches_anything(notes: str) -> None:
    shown = as_html(notes)
    assert not re.search(r"<(?!/?(p|a|em|strong|code|br|s)\b)", shown), shown
    for href in re.findall(r'href="([^"]*)"', shown):
        assert href.startswith(("https://", "http://", "mailto:"))
    assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', shown))


@given(st.text(alphabet="ab \n[]()<>!*_`~|-#>&\"'1.\\:/", max_size=200))
def test_whatever_is_written_no_tag_of_the_writers_comes_out(notes: str) -> None:
    tags = re.findall(r"</?([a-z0-9]+)", re.sub(r'"[^"]*"', '""', as_html(notes)))
    assert set(tags) <= {
        *("p", "a", "em", "strong", "code", "pre", "br", "s", "ul", "ol", "li", "blockquote", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
    }
    as_text(notes)


def test_what_would_take_long_to_read_is_shown_as_it_was_written() -> None:
    notes = "[" * (MOST_MARKS + 1)
    assert as_text(notes) == notes
    assert as_html(notes) == f'<p class="text">{notes}</p>'
