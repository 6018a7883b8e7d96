"""Words that mark a task wherever they stand: they end what stands before them and belong to no title."""

from todotasks.language.lexer.tokens import NUMBER, Tokens

_PRIORITY_NOUNS = frozenset({"priority", "prio", "importance", "priorität"})


def marks_priority(t: Tokens, j: int) -> bool:
    """Do the words from token `j` on only mark a priority: p1 · high priority?"""
    if t.words[j] == "p" and t.kinds[j + 1] == NUMBER and not t.gaps[j + 1]:
        return True
    return t.words[j + 1] in _PRIORITY_NOUNS
