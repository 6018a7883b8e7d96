"""The `kubectl` command that does the same as an edit, to be read, copied and run by a person.

Titles are other people's text: everything is quoted for the shell, and what a terminal would obey or hide
(ESC, bidi overrides) is written as an escape. Without the preconditions: it does what it says, now.
"""

import json
import re
import shlex
import unicodedata
from typing import Any

import yaml

from todotasks.edits.model.edit import Edit

_SINGULAR = {"todotasks": "todotask", "recurrencerules": "recurrencerule", "reminders": "reminder"}
# What reads back as itself in any YAML: words, the parts of a rule, a duration.
_PLAIN = re.compile(r"[^\W\d_][\w /.()+'’;,=–-]*(?<! )|(?:[0-9]+[wdhms])+")
_STR = "tag:yaml.org,2002:str"
_MARK = "EOF"
HIDING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # Unicode categories


def command_line(edit: Edit) -> str:
    """A create reads its manifest from a here-document; `kubectl` 1.22 and newer."""
    if edit.verb == "create":
        assert edit.manifest is not None, "a create has a manifest"
        return f"kubectl create -f - <<'{_MARK}'\n{manifest_text(edit.manifest)}{_MARK}"
    words = ["kubectl", edit.verb, _SINGULAR[edit.resource], edit.name, "-n", edit.namespace]
    if edit.verb == "patch":
        words += ["--type=merge", "-p", json_text(edit.patch)]
    return shlex.join(words)


def json_text(document: Any) -> str:
    """Compact JSON; letters as they are, unless some of them could hide others."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(document, separators=(",", ":")) if hides(text) else text


def manifest_text(document: Any) -> str:
    """YAML as a person writes it: keys in the given order, quotes only where they are needed."""
    # Any line of a text is indented or quoted, so that none can end the here-document.
    unicode = not hides(json.dumps(document, ensure_ascii=False))
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=unicode, width=10_000)


def hides(text: str) -> bool:
    """Whether a character is not what it looks like: a control, a format character, a lone surrogate."""
    return any(unicodedata.category(char) in HIDING for char in text)


class _Dumper(yaml.SafeDumper):
    """Indents lists, quotes only what would be read as something else."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    lines = value.split("\n")
    if len(lines) > 1 and lines[0].strip() and all(line == line.rstrip() for line in lines):
        return dumper.represent_scalar(_STR, value, style="|")
    resolved = dumper.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
    plain = _PLAIN.fullmatch(value) and resolved == _STR
    return dumper.represent_scalar(_STR, value, style=None if plain else '"')


_Dumper.add_representer(str, _text)
