"""Which characters of other people's text may reach a reader: one rule for replies, mails, calendars.

A title is written by one person and read by another, in a terminal, a mail program, a calendar. What a
terminal would obey (ESC), what turns the letters around it (the bidi controls of U+202A to U+202E and U+2066
to U+2069) or is not seen at all (zero-width, soft hyphen, tags) could make it say something else than it
does. The joiners U+200C and U+200D stay: letters of some scripts and many emoji are made with them.
"""

import unicodedata

JOINERS = "\u200c\u200d"
BREAKS = "\n\r\t\v\f\x85\u2028\u2029"
_HIDING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # Unicode categories


def one_line(text: str) -> str:
    """Breaks become spaces; controls and lone surrogates U+FFFD; what hides is left out."""
    return "".join(" " if char in BREAKS else _shown(char) for char in text)


def lines(text: str) -> str:
    """The same for a text of several lines: `\\n` and tabs stay."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char if char in "\n\t" else "\n" if char in BREAKS else _shown(char) for char in plain)


def _shown(char: str) -> str:
    if char in JOINERS or unicodedata.category(char) not in _HIDING:
        return char
    return "\ufffd" if unicodedata.category(char) in {"Cc", "Cs"} else ""
