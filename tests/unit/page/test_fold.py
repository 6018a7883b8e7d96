"""The page finds words by the rule of the server's search: what both make of a letter is the same."""

import json
import subprocess

from tests.support.page import PAGE
from tests.unit.page.test_sources import needs_node
from todotasks.text.analysis import fold

# Latin, Greek, Cyrillic, Hebrew, Arabic, their extensions, letter-like signs and forms of presentation.
RANGES = (
    (0x20, 0x700), (0x1D00, 0x2190), (0x2C60, 0x2C80), (0xA720, 0xA780), (0xFB00, 0xFB50),
)  # fmt: skip
WORDS = (
    "Straße", "STRASSE", "Mu\u0308ller", "ΟΔΥΣΣΕΥΣ", "İstanbul", "DIYARBAKIR ışık", "ŉ", "हिन्दी",
    "שָׁלוֹם", "العَرَبِيَّة",
)  # fmt: skip


@needs_node
def test_letters_are_folded_on_the_page_as_in_the_search_of_the_server() -> None:
    texts = [*WORDS, *(chr(each) for first, end in RANGES for each in range(first, end))]
    script = (
        'import { fold } from "./src/fold.js"; import { readFileSync } from "node:fs";'
        "console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(fold)));"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        cwd=PAGE, input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    folded = dict(zip(texts, json.loads(done.stdout), strict=True))
    assert {text: (fold(text), found) for text, found in folded.items() if found != fold(text)} == {}
