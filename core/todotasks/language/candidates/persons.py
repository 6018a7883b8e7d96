"""Who is meant by a message that gives a task to somebody: a name behind "to", or a word with a capital."""

from todotasks.language.candidates.model import Group
from todotasks.language.grounding.heard import Heard

_TO = frozenset({"to", "an"})
_TAKES = frozenset({"takes", "handles", "owns", "does", "übernimmt"})
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "prof", "frau", "herr", "herrn"})


def somebody(heard: Heard, group: Group) -> str | None:
    return handed(heard, group) or _capital(heard, group)


def handed(heard: Heard, group: Group) -> str | None:
    """Where the words around a name say that it is theirs now."""
    return _given_to(heard, group) or _takes_over(heard, group)


def _given_to(heard: Heard, group: Group) -> str | None:
    """The rota goes *to Dr Nadeem* · give the south side *to marek*: as it was written."""
    for k in range(heard.count - 1):
        if heard.words[k] not in _TO or not _may_name(heard, group, k + 1, beside_title=True):
            continue
        end = k + 2
        title = heard.words[k + 1] in _TITLES
        capital = heard.text[heard.starts[k + 1]].isupper()
        if end < heard.count and _may_name(heard, group, end) and (
            title or (capital and heard.text[heard.starts[end]].isupper())
        ):  # fmt: skip
            end += 1
        elif title:
            continue
        return heard.text[heard.starts[k + 1] : heard.ends[end - 1]]
    return None


def _takes_over(heard: Heard, group: Group) -> str | None:
    """*Paula* takes it · *Jonas* übernimmt den Bericht."""
    for k in range(heard.count - 1):
        if heard.words[k + 1] in _TAKES and _may_name(heard, group, k, beside_title=True):
            return heard.text[heard.starts[k] : heard.ends[k]]
    return None


def _capital(heard: Heard, group: Group) -> str | None:
    """A word with a capital that the title does not explain."""
    for k in range(heard.count):
        if heard.text[heard.starts[k]].isupper() and _may_name(heard, group, k):
            return heard.text[heard.starts[k] : heard.ends[k]]
    return None


def _may_name(heard: Heard, group: Group, k: int, *, beside_title: bool = False) -> bool:
    """`beside_title`: it may be the name of who has it now, too."""
    explained = k in group.explains and not (beside_title and _by_person(group, k))
    return heard.words[k][0].isalpha() and not heard.small[k] and k not in heard.timed and not explained


def _by_person(group: Group, k: int) -> bool:
    return group.found is not None and any(hit.at == k and hit.place < 0 for hit in group.found.hits)
