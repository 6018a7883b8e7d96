"""Text out of tokens: a title is what is left when everything that was understood is taken out and its
joints are trimmed.
"""

from todotasks.language.lexer.tokens import (
    NUMBER,
    OPAQUE,
    SIGN,
    WORD,
    Tokens,
)
from todotasks.language.words import roles as r
from todotasks.language.words.shared import (
    AFTERTHOUGHTS,
    BEHIND_TIMES,
    DANGLING_AT_END,
    DANGLING_AT_START,
    DETERMINERS,
    SAYS_WHEN,
    TASK_NOUNS,
    TRAILING,
)

GOES_ON = frozenset({"on", "onward", "onwards", "an"})
_TIES = r.FOR | r.ON | r.BY | r.AT | r.IN | r.FROM
# Words that only tied the taken-out part to the title: trimmed where they now dangle.
_KEEP_LAST = frozenset({"?"})


def _dangles(t: Tokens, k: int, ends: frozenset[str]) -> bool:
    return t.words[k].replace(" ", "_") in ends and t.kinds[k] in {WORD, SIGN}


def compose(t: Tokens, i: int, j: int, used: set[int]) -> str:
    """The text of tokens i to j without the used ones."""
    used = _emptied_parentheses(t, i, j, used)
    kept = [k for k in range(i, j) if k not in used]
    trimmed_end = any(k in used for k in range(kept[-1] + 1, j)) if kept else False
    while kept and _dangles(t, kept[-1], DANGLING_AT_END):
        last = kept[-1]
        if t.kinds[last] == WORD and not (last + 1 in used or trimmed_end or last + 1 < j):
            break
        if t.words[last] == ")" and any(t.words[k] == "(" for k in kept):
            break
        kept.pop()
    while len(kept) > 1 and _is_ornament(t, kept[-1]) and kept[-1] - 1 in used:
        kept.pop()
    behind = len(kept)
    while behind > 1 and t.words[kept[behind - 1]].replace(" ", "_") in BEHIND_TIMES:
        behind -= 1
    if behind < len(kept) and kept[behind] - 1 in used:
        del kept[behind:]  # by monday *at the latest*
    while kept and _dangles(t, kept[-1], DANGLING_AT_END) and kept[-1] + 1 in used:
        kept.pop()
    _untie(t, kept, used)
    while kept and t.kinds[kept[-1]] == SIGN and t.words[kept[-1]] in ".,;:!-" and len(kept) > 1:
        kept.pop()
    if len(kept) > 1 and kept[-1] == j - 1 and kept[-1] - 1 in used and t.words[j - 1] in GOES_ON:
        kept.pop()  # from September *on*
    if len(kept) > 1 and kept[0] + 1 in used and t.masks[kept[0]] & _TIES and t.kinds[kept[0]] == WORD:
        kept.pop(0)  # *for* tomorrow buy the bread
    while len(kept) > 1 and _dangles(t, kept[0], DANGLING_AT_START):
        kept.pop(0)
    if not kept:
        return ""
    out: list[str] = []
    previous = -2
    for k in kept:
        if previous >= 0:
            if k == previous + 1:
                if t.gaps[k]:
                    out.append(" ")
            elif t.words[k] in {",", ".", ")", ";", ":"}:
                pass
            else:
                out.append(" ")
        out.append(_unquoted(t, k))
        previous = k
    return " ".join("".join(out).split())


def _untie(t: Tokens, kept: list[int], used: set[int]) -> None:
    """the recital, *it starts* at four: a clause that only says when goes with the time."""
    comma = next((n for n in range(len(kept) - 1, 0, -1) if t.words[kept[n]] in {",", "-"}), 0)
    tail = kept[comma + 1 :]
    behind = kept[-1] + 1 if kept else 0
    behind += t.words[behind] in SAYS_WHEN  # its verb may have gone already
    if comma and tail and behind in used and all(t.words[k] in SAYS_WHEN for k in tail):
        del kept[comma:]


def _emptied_parentheses(t: Tokens, i: int, j: int, used: set[int]) -> set[int]:
    """(due friday): when what it said is taken out, the parentheses go too."""
    opened = -1
    for k in range(i, j):
        if t.words[k] == "(":
            opened = k
        elif t.words[k] == ")" and opened >= 0:
            inside = range(opened + 1, k)
            if any(m in used for m in inside) and all(
                m in used or _dangles(t, m, DANGLING_AT_END) for m in inside
            ):
                used = used | set(range(opened, k + 1))
            opened = -1
    return used


def _unquoted(t: Tokens, k: int) -> str:
    text = t.text[t.starts[k] : t.ends[k]]
    if t.kinds[k] == SIGN and text[:1].isalpha():
        return t.words[k]  # dictated: "question mark"
    if (
        t.kinds[k] == OPAQUE
        and len(text) > 2
        and t.plain[t.starts[k]] in "\"'"
        and t.plain[t.ends[k] - 1] in "\"'"
    ):
        return text[1:-1]
    return text


def _is_ornament(t: Tokens, k: int) -> bool:
    """An emoji or another sign that stands for itself."""
    return t.kinds[k] == SIGN and ord(t.words[k][0]) > 0x2190


_NAMING = frozenset({"called", "named", "titled", ":", "namens", "saying", "to", "#"})


def target_text(t: Tokens, i: int, j: int, used: set[int]) -> tuple[str, int, int]:
    """The words that name an existing task: without articles, without "task", without what was understood."""
    while i < j and (i in used or t.words[i] in {",", ":", "-", "(", "."}):
        i += 1
    while j > i and (
        j - 1 in used
        or (j - i > 1 and _is_ornament(t, j - 1))
        or (j - i > 2 and t.words[j - 2 : j] in (["any", "more"], ["any", "longer"]))
        or (t.words[j - 1] == "any" and t.words[j] in {"more", "longer"})
        or t.words[j - 1] in {",", ":", "-", ")", "!", "?", ".", ";"}
        or (t.words[j - 1] in AFTERTHOUGHTS and j - i > 1 and _trailing(t, i, j, used))
    ):
        j -= 1
    if j - i > 2 and t.words[j - 1] == "all" and t.words[j - 2] == "after":
        j -= 2
    changed = True
    while changed and j - i > 1:
        changed = False
        if t.words[i] in DETERMINERS and t.kinds[i] == WORD:
            i, changed = i + 1, True
        elif t.words[i] in TASK_NOUNS and (t.words[i + 1] in _NAMING or t.kinds[i + 1] == OPAQUE):
            i = i + 2 if t.words[i + 1] in _NAMING else i + 1
            changed = True
        elif (
            t.words[i] in {"reminder", "reminders", "alarm", "erinnerung"}
            and t.words[i + 1] in {"for", "about", "of", "to", "on", "für", "an"}
            and j - i > 2
        ):
            i, changed = i + 2, True
        elif (
            t.words[i] in TASK_NOUNS
            and t.words[i] in {"task", "todo", "aufgabe", "item"}
            and t.kinds[i + 1] != NUMBER
        ):
            i, changed = i + 1, True
        elif t.words[j - 1] in TASK_NOUNS - {"one", "job", "termin"} and t.kinds[j - 1] == WORD:
            j, changed = j - 1, True
    return compose(t, i, j, used), i, j


def _trailing(t: Tokens, i: int, j: int, used: set[int]) -> bool:
    return t.words[j - 1] in TRAILING or (j in used or j - 2 in used)


def plain_infinitive(text: str, particle: str, prefixes: tuple[str, ...]) -> str:
    """Mama anzurufen → Mama anrufen; die Pflanzen zu gießen → die Pflanzen gießen."""
    words = text.split()
    if len(words) > 1 and words[-2] == particle:
        return " ".join([*words[:-2], words[-1]])
    last = words[-1] if words else ""
    for prefix in prefixes:
        if (
            last.startswith(prefix + particle)
            and last.endswith("n")
            and len(last) > len(prefix) + len(particle) + 3
        ):
            return " ".join([*words[:-1], prefix + last[len(prefix) + len(particle) :]])
    return text
