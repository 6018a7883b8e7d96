"""Which groups of things a message may be about: the best, those as good, several that are named, all that
fit.

A tie is one group, because the question "which one?" is one; the runner-up and the best completed thing are
groups of their own, so that the ranking can prefer them where the words say so ("… wasn't sent after all").
"""

from todotasks.language.candidates.model import EVERY, NUMBERED, ONE, SEVERAL, TIE, Group
from todotasks.language.grounding.heard import Heard
from todotasks.language.grounding.match import TIE as AS_GOOD
from todotasks.language.grounding.match import VERB, Found
from todotasks.language.grounding.sight import Sight
from todotasks.language.reading.model import Reading
from todotasks.language.words.de import conversing as de
from todotasks.language.words.en import conversing as en

LEAST = 0.3  # score from which a thing counts as named
MOST_TIED = 9  # more of them say nothing
MOST_NAMED = 6
FULLER = 0.2  # of a title more that was said
WEAK = 0.75  # of the best: what is named beside it is named as well
_BOTH = frozenset({"both", "beide", "beides"})
_AND = frozenset({"and", "und", "both", "beide", "plus", "+", "&", "sowie"})


def groups(heard: Heard, sight: Sight, found: list[Found], grammar: Reading) -> list[Group]:
    """Best first; without those that are the same things."""
    out: list[Group] = []
    strong = [each for each in found if each.score >= LEAST]
    still = [each for each in strong if not sight.things[each.thing].completed]
    done = [each for each in strong if sight.things[each.thing].completed]
    for side in (still, done):
        if not side or (side is done and still and _outdone(side[0], still[0])):
            continue
        best = side[0]
        tied = [each for each in side if _as_good(each, best)]
        rest = [each for each in side if each not in tied]
        margin = best.score - rest[0].score if rest else best.score
        if len(tied) > 1:
            # Several that are equally good; of more than can be asked about none is named.
            if len(tied) <= MOST_TIED:
                kind = EVERY if _plural(heard, sight, tied) else TIE
                out.append(_group(kind, tied, margin))
            fuller = [each for each in tied if each.title_cover > best.title_cover + FULLER]
            if fuller:
                out.append(_group(ONE, fuller[:1], 0.0))
        else:
            out.append(_group(ONE, [best], margin))
        if rest and rest[0].score >= WEAK * best.score and not _outdone(rest[0], best):
            out.append(_group(ONE, rest[:1], rest[0].score - best.score))
        every = [each for each in side if best.named & each.named or not best.named]
        if len(every) > 1 and _says(heard, "all") and len(every) <= MOST_TIED:
            out.append(_group(EVERY, every, 0.0))
        if (several := _several(heard, side)) and len(several) > 1:
            out.append(_group(SEVERAL, several, 0.0))
    out += _pointed(heard, sight, grammar)
    out += _other(heard, sight)
    if not strong and _BOTH & set(heard.words) and len(sight.recent) > 1:
        out.append(Group(sight.recent[:2], NUMBERED))
    unique = {(group.things, group.kind in {TIE}): group for group in reversed(out)}
    return [group for group in out if unique[group.things, group.kind in {TIE}] is group]


def _group(kind: str, found: list[Found], margin: float) -> Group:
    explains = frozenset().union(*(each.explains for each in found)) if kind != TIE else found[0].explains
    return Group(tuple(each.thing for each in found), kind, found[0], explains, margin)


def _as_good(one: Found, best: Found) -> bool:
    if one is best:
        return True
    if one.score < best.score - AS_GOOD:
        return False
    return one.named == best.named or not (best.named - one.named)


def _outdone(one: Found, best: Found) -> bool:
    """Is it only a longer title with the same words? "Call Anna" is not Call Anna's dentist."""
    said_more = best.title_cover > one.title_cover + FULLER
    return said_more and one.named <= best.named and one.explains <= best.explains


def _plural(heard: Heard, sight: Sight, tied: list[Found]) -> bool:
    """ "the emails", where each title has *email*: all of them are named."""
    return all(
        any(
            hit.place >= 0
            and hit.how != VERB  # "orders are in" is not all that is to be ordered
            and heard.words[hit.at] != sight.title(each.thing).words[hit.place]
            and heard.words[hit.at] in _plurals(sight.title(each.thing).words[hit.place])
            for hit in each.hits
        )
        for each in tied
    )


def _plurals(word: str) -> frozenset[str]:
    endings = ("s", "es", "en", "n", "e", "er")
    return frozenset(
        {word + ending for ending in endings} | ({word[:-1] + "ies"} if word.endswith("y") else set())
    )


def _says(heard: Heard, cue: str) -> bool:
    return any(name == cue for name, _, _ in heard.cues)


def _several(heard: Heard, side: list[Found]) -> list[Found]:
    """Things that are each named by words of their own: "the eggs and the oat milk"."""
    joined = any(word in _AND for word in heard.words) or "," in heard.text
    taken: set[int] = set()
    out: list[Found] = []
    for each in side:
        if len(out) == MOST_NAMED:
            break
        own = frozenset(hit.at for hit in each.hits if hit.at in each.named and hit.place >= 0) - taken
        if not own or (out and each.named & taken):
            continue
        if any(
            other.named == each.named and other is not each
            for other in side
            if other.score > each.score - AS_GOOD
        ):
            continue
        if out and each.score < 0.35 * out[0].score:
            continue
        out.append(each)
        taken |= each.named
    return out if joined or _says(heard, "all") else []


def _pointed(heard: Heard, sight: Sight, grammar: Reading) -> list[Group]:
    """2 and 4 · the last one: what the grammar read as a number of what was shown, where that is in sight."""
    if not grammar.ordinals or not sight.shown:
        return []
    count = len(sight.shown)
    places = [n - 1 if n > 0 else count + n for n in grammar.ordinals]
    if not all(0 <= place < count and sight.shown[place] >= 0 for place in places):
        return []
    spoken = frozenset(k for k in range(heard.count) if heard.words[k].isdigit())
    return [Group(tuple(dict.fromkeys(sight.shown[place] for place in places)), NUMBERED, None, spoken)]


def _other(heard: Heard, sight: Sight) -> list[Group]:
    """the other one · the rest: what was not chosen, or not done, before."""
    if not sight.others:
        return []
    for table in (de, en) if heard.language == "de" else (en, de):
        for phrases, one in ((table.OTHERS, False), (table.OTHER, True)):
            for phrase in sorted(phrases.split("|"), key=len, reverse=True):
                words = tuple(phrase.split())
                for k in range(heard.count - len(words) + 1):
                    if heard.words[k : k + len(words)] == words:
                        kind = TIE if one and len(sight.others) > 1 else NUMBERED
                        return [Group(sight.others, kind, None, frozenset(range(k, k + len(words))))]
    return []


def another_number(heard: Heard, group: Group, sight: Sight) -> bool:
    """ "room 206" is not Room 204: a number was said, and the title has another one."""
    if group.found is None:
        return False
    said = any(
        _has_digit(heard.words[k]) and k not in group.explains and k not in heard.timed
        for k in range(heard.count)
    )
    places = {hit.place for hit in group.found.hits}
    words = sight.title(group.found.thing).words
    return said and any(_has_digit(word) and k not in places for k, word in enumerate(words))


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)
