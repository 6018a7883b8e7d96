"""Which clause of a message words stand in, and whether they belong to what a slot names."""

from collections.abc import Sequence

from todotasks.language.lexer.tokens import WORD, Tokens
from todotasks.language.words.shared import (
    ASKS_BEHIND_TIME,
    DETERMINERS,
    GIST,
    JOINS_CLAUSES,
    SORTING,
    WHY_SUBJECTS,
    WHY_VERBS,
)


def is_order(words: Sequence[str], k: int) -> bool:
    """sorted by *title*, nach *Titel* sortiert: in which order it is listed, and not what"""
    beside = {*words[max(k - 2, 0) : k - 1], *words[k + 1 : k + 2]}
    return k > 0 and words[k - 1] in {"by", "nach"} and not beside.isdisjoint(SORTING)


def tells_why(t: Tokens, k: int) -> bool:
    """bin the portaloo *we've got one*: a clause with its own subject, said without a comma."""
    word, before = t.words[k], t.words[k - 1]
    if t.kinds[k] != WORD or before in ASKS_BEHIND_TIME or before in JOINS_CLAUSES:
        return False
    whole = word.split("'")
    if len(whole) > 1:
        return whole[0] in WHY_SUBJECTS
    return word in WHY_SUBJECTS and t.words[k + 1] in WHY_VERBS


def turns(t: Tokens, k: int, j: int) -> bool:
    """we found the keys *so* the locksmith is not needed · the tailor *says* the suit won't be ready"""
    return t.words[k] in {"so", "but"} | GIST and k + 2 < j and t.words[k + 1] in DETERMINERS


def asked_in(t: Tokens, i: int) -> bool:
    """Does token `i` stand in a clause that is to be found out, and not done?"""
    return any(t.words[k] in {"if", "whether", "ob"} for k in range(1, i))


def before_whose(text: str) -> str:
    """patch the host *to this sprint's* (list): whose list it is added to."""
    words = text.split()
    for k in range(len(words) - 1, max(len(words) - 4, 0), -1):
        if words[k].lower() in {"to", "on", "onto", "in", "into"}:
            return " ".join(words[:k])
    return text


def is_old(t: Tokens, i: int) -> bool:
    """Is the marker at `i` what is to go: "instead of #family", "not #family", "from #family to #trip"?"""
    before = t.words[i - 1] if i else ""
    return before in {"not", "from", "statt", "than", "von"} or (
        before == "of" and t.words[i - 2] == "instead"
    )
