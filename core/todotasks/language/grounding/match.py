"""Which things a message names: each word that could name something, looked up in the index of what is seen.

    the word itself (any form) ▶ a beginning or a compound ▶ an abbreviation, an acronym ▶ a slip of the
    finger

The nearer way wins for each word: "Keller" is not also "Kellner" where there is a Keller. Words of a time
name something only where the title has them beside another word that was said ("*Friday* drinks moved to
Saturday").
"""

import heapq
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from rapidfuzz import fuzz, process

from todotasks.language.grounding.heard import Heard
from todotasks.language.grounding.index import Index, Posting, Postings
from todotasks.language.grounding.sight import Sight
from todotasks.language.grounding.stems import folded, forms, stem, stems
from todotasks.language.grounding.titles import SMALL_WEIGHT, Title, reported_by

EXACT, PREFIX, SHORT, SLIP, VERB = "word", "part", "abbreviation", "slip", "verb"
STRENGTH = {EXACT: 1.0, PREFIX: 0.85, SHORT: 0.75, SLIP: 0.8, VERB: 0.6}
IN_PHRASE = 0.5  # of a word that belongs to a phrase: the "tick" of "ticked off"
SLIP_CUTOFF = 79.0  # likeness of two words, 0 to 100
SHORTEST_SLIP = 4  # letters; a shorter word with another letter is another word
SHORTEST_PREFIX = 3
MOST_THINGS = 24  # that are looked at closely
MOST_POSTINGS = (
    4_000  # that are walked through for a message; commoner words only add to what rarer ones name
)
MOST_REFINED, MOST_ROUGH = 200, 72  # things to which they add; things that are weighed word by word
MOST_OF_A_LETTER = 5_000  # words of the list with one first letter
MOST_OF_A_VERB = 400  # things that are looked at because of their verb alone
TIE = 0.13  # scores so near are equally good


@dataclass(frozen=True, slots=True)
class Hit:
    """Word `at` of the message is word `place` of the title; -1: a tag, a project, an assignee."""

    at: int
    place: int
    how: str
    strength: float


@dataclass(frozen=True, slots=True)
class Found:
    """One thing and the words that name it."""

    thing: int
    hits: tuple[Hit, ...]
    score: float
    title_cover: float  # share of the title's telling words that were said, 0 to 1
    verb: str  # "past", "plain" or "": how the title's verb was said
    synonym: bool = False  # the verb was said by another one

    @property
    def explains(self) -> frozenset[int]:
        return frozenset(hit.at for hit in self.hits)

    @property
    def named(self) -> frozenset[int]:
        """The words that name it, without its verb."""
        return frozenset(hit.at for hit in self.hits if hit.how != VERB)


class Looked(NamedTuple):
    """What one word of the message is in the list: `base` is the stem there, `postings` where it stands."""

    at: int
    how: str
    base: str
    postings: Postings
    small: bool  # said or standing there as a word that names nothing: of the titles alone


def match(heard: Heard, sight: Sight) -> list[Found]:
    """What is named, best first. The work is bounded, however long the message and the list are."""
    phrased = {k for _, i, j in heard.cues if j - i > 1 for k in range(i, j)}
    looked = [each for at in range(heard.count) for each in _lookup(heard, at, sight.index)]
    hits: dict[int, list[Hit]] = {thing: [] for thing in _likely(looked, sight.index)}
    for at, how, _, postings, small in looked:
        strength = STRENGTH[how] * (IN_PHRASE if at in phrased else 1.0)
        for thing, place in _of_these(postings, hits):
            if place >= 0 or not small:
                hits[thing].append(Hit(at, place, how, strength))
    rough = sorted(
        ((thing, list_) for thing, list_ in hits.items() if list_),
        key=lambda item: (-sum(_worth(h, sight, item[0]) for h in item[1]), item[0]),
    )
    found = [_judge(heard, sight, thing, list_) for thing, list_ in rough[:MOST_THINGS]]
    if not any(each and each.named for each in found):
        found += [_judge(heard, sight, thing, []) for thing in _by_verb(heard, sight) if thing not in hits]
    return sorted((each for each in found if each is not None), key=lambda each: (-each.score, each.thing))


def _likely(looked: list[Looked], index: Index) -> list[int]:
    """The things that are worth a look, in their order: those of the rarest words, and of the common ones
    those that a rarer one has named, too."""
    worth: dict[int, float] = {}
    spent = 0
    for each in sorted(looked, key=lambda each: (each.small, len(each.postings))):
        weight = STRENGTH[each.how] * (
            SMALL_WEIGHT if each.small else 0.5 + index.rarity(each.base) if each.base else 1.0
        )
        if worth and spent + len(each.postings) > MOST_POSTINGS:
            if len(worth) > MOST_REFINED:
                worth = dict(heapq.nsmallest(MOST_REFINED, worth.items(), key=_best_first))
            for thing, _ in _of_these(each.postings, worth):
                worth[thing] += weight
            continue
        spent += len(each.postings)
        for thing, _ in each.postings:
            worth[thing] = worth.get(thing, 0.0) + weight
    if len(worth) > MOST_ROUGH:
        return sorted(thing for thing, _ in heapq.nsmallest(MOST_ROUGH, worth.items(), key=_best_first))
    return sorted(worth)


def _best_first(item: tuple[int, float]) -> tuple[float, int]:
    return -item[1], item[0]


def _of_these(postings: Postings, things: Collection[int]) -> Iterator[Posting]:
    if len(postings) <= 8 * len(things):
        yield from (posting for posting in postings if posting[0] in things)
        return
    for thing in things:
        at = bisect_left(postings, (thing, -1))
        while at < len(postings) and postings[at][0] == thing:
            yield postings[at]
            at += 1


def _worth(hit: Hit, sight: Sight, thing: int) -> float:
    title = sight.title(thing)
    weight = 0.9 if hit.place < 0 else title.weights[hit.place]
    rare = 0.5 + sight.index.rarity(title.stems[hit.place]) if hit.place >= 0 else 1.0
    return weight * hit.strength * rare


def _lookup(heard: Heard, at: int, index: Index) -> list[Looked]:
    word = folded(heard.words[at])
    if not word[:1].isalnum() or word.startswith("'"):
        return []
    bases = stems(word)
    telling = [Looked(at, EXACT, base, found, False) for base in bases if (found := index.telling(base))]
    if heard.small[at]:
        small = [Looked(at, EXACT, base, found, True) for base in bases if (found := index.small(base))]
        return [*(each._replace(small=True) for each in telling), *small]
    if at in heard.timed:
        return telling
    near = telling or _parts(word, index, heard.language)
    if near:
        return [each._replace(at=at) for each in near]
    return [each._replace(at=at) for each in _abbreviated(word, index) or _slips(word, index)]


def _of(how: str, base: str, index: Index) -> Looked:
    return Looked(-1, how, base, index.telling(base), False)


def _parts(word: str, index: Index, language: str) -> list[Looked]:
    """Words of the list that begin as it does, or end so (Rad, Fahrrad), or of which it is a longer form."""
    root = stem(word)
    if len(root) < SHORTEST_PREFIX or not root.isalpha():
        return []  # "room 10" is not "room 1"
    out = [
        _of(PREFIX, other, index)
        for other in index.beginning(root)
        if other != root and (len(root) > SHORTEST_PREFIX or len(other) >= 2 * len(root))
    ]
    if not out and (len(root) > SHORTEST_PREFIX or language == "de"):
        out = [_of(PREFIX, other, index) for other in index.ending(root)]
    for size in range(len(root) - 1, max(3, len(root) * 3 // 5 - 1), -1):
        if index.telling(root[:size]):
            if size >= 5 or len(root) - size <= 2:
                out.append(_of(PREFIX, root[:size], index))
            break
    return out


def _abbreviated(word: str, index: Index) -> list[Looked]:
    """appt, qtly, mtg: the letters in their order; tls of "Transport layer security"."""
    if not 2 <= len(word) <= 5 or not word.isalpha():
        return []
    acronym = index.acronym(word)
    out = [Looked(-1, SHORT, "", acronym, False)] if acronym else []
    if not set(word[1:]) & set("aeiou"):
        out += [
            _of(SHORT, other, index)
            for other in index.beginning(word[0], MOST_OF_A_LETTER)
            if len(other) >= len(word) + 2 and other[-1] in {word[-1], "i", "t"} and _in_order(word, other)
        ]
    return out


def _in_order(letters: str, word: str) -> bool:
    rest = iter(word)
    return all(letter in rest for letter in letters)


def _slips(word: str, index: Index) -> list[Looked]:
    if len(word) < SHORTEST_SLIP or not word.isalpha():
        return []
    out: list[Looked] = []
    best = 0.0
    for form in stems(word):
        if len(form) < SHORTEST_SLIP - 1:
            continue
        bucket = [
            w
            for w in index.beginning(form[0], MOST_OF_A_LETTER)
            if abs(len(w) - len(form)) <= 2 and len(w) > 3
        ]
        for other, score, _ in process.extract(
            form, bucket, scorer=fuzz.ratio, score_cutoff=SLIP_CUTOFF, limit=3
        ):
            if score > best:
                out, best = [], score
            if score >= best:
                out.append(_of(SLIP, other, index))
    return out


def _by_verb(heard: Heard, sight: Sight) -> list[int]:
    """ "sent!": what has such a verb, where nothing else is named and it is told as done."""
    if not any(heard.past) and heard.count > 1:
        return []
    said = {form for at in range(heard.count) if not heard.small[at] for form in forms(heard.words[at])}
    verbs = said | {verb for form in said for verb in reported_by(form)}
    things: set[int] = set()
    for verb in sorted(verbs):
        base = stem(verb.partition("_")[0])
        for postings in (sight.index.telling(base), sight.index.small(base)):
            things.update(thing for thing, _ in islice(postings, MOST_OF_A_VERB))
    return [k for k in sorted(things) if sight.title(k).doing & said][:MOST_THINGS]


def _judge(heard: Heard, sight: Sight, thing: int, hits: Sequence[Hit]) -> Found | None:
    title, seen = sight.title(thing), sight.things[thing]
    best: dict[int, Hit] = {}  # by place in the title; several words of tags each count
    for hit in sorted(hits, key=lambda hit: (-hit.strength, hit.at)):
        key = hit.place if hit.place >= 0 else -1 - hit.at
        taken = best.get(key)
        if (taken is None and all(other.at != hit.at for other in best.values())) or (
            taken is not None and _neighbours(hit, best) > _neighbours(taken, best)
        ):
            best[key] = hit
    timely = [hit for hit in best.values() if hit.at in heard.timed]
    for hit in timely:  # a day names a task only beside another word of its title
        beside = any(
            other.at - hit.at == other.place - hit.place and abs(other.at - hit.at) <= 2 and other is not hit
            for other in best.values()
            if other.place >= 0 and (other.at not in heard.timed or title.weights[other.place] >= 1)
        )
        if not beside:
            del best[hit.place if hit.place >= 0 else -1 - hit.at]
    for hit in list(best.values()):  # a small word counts between others of the title, and alone never
        if heard.small[hit.at] and not any(
            abs(other.at - hit.at) <= 2 and not heard.small[other.at] for other in best.values()
        ):
            del best[hit.place if hit.place >= 0 else -1 - hit.at]
    verb, synonym = "", False
    verb_hit = best.get(title.verb) if title.verb >= 0 else None
    if verb_hit is not None:
        verb = "past" if heard.past[verb_hit.at] else "plain"
        best[title.verb] = Hit(verb_hit.at, title.verb, VERB, STRENGTH[VERB])
    elif any(_is_doing(heard, title, hit) for hit in best.values()):
        verb = "past"
    elif title.doing:
        said = _said_verb(heard, title, {hit.at for hit in best.values()})
        if said is not None:
            at, same = said
            verb, synonym = ("past" if heard.past[at] else "plain"), not same
            if title.verb >= 0 or not same:
                best[title.verb if title.verb >= 0 else -1000] = Hit(at, title.verb, VERB, STRENGTH[VERB])
    if verb == "plain" and _is_so(heard, best):
        verb = "past"  # the oven is clean
    if not best or all(heard.small[hit.at] and hit.how != VERB for hit in best.values()):
        return None
    total = sum(title.weights) or 1.0
    covered = sum(
        title.weights[hit.place] * hit.strength
        for hit in best.values()
        if hit.place >= 0 and not (synonym and hit.how == VERB)
    )
    named = [hit for hit in best.values() if hit.how != VERB]
    score = sum(
        hit.strength * (0.55 + 0.45 * (sight.index.rarity(title.stems[hit.place]) if hit.place >= 0 else 0.5))
        for hit in named
        if not heard.small[hit.at]
    )
    score += (0.05 if synonym else 0.3) * bool(verb) + 0.5 * min(covered / total, 1.0) - 0.1 * seen.completed
    if thing in sight.recent:
        score += 0.2
    return Found(
        thing,
        tuple(sorted(best.values(), key=lambda h: h.at)),
        score,
        min(covered / total, 1.0),
        verb,
        synonym,
    )


def _is_doing(heard: Heard, title: Title, hit: Hit) -> bool:
    """ "swept" of *Sweep the yard*, where no table knows the verb."""
    return hit.place >= 0 and heard.past[hit.at] and title.words[hit.place] in title.doing


_COPULA = frozenset({"is", "'s", "are", "'re", "ist", "sind", "was", "were", "now"})


def _is_so(heard: Heard, best: dict[int, Hit]) -> bool:
    """Is the verb said of the thing as a state, behind a copula?"""
    at = next((hit.at for hit in best.values() if hit.how == VERB), -1)
    return at > 0 and heard.words[at - 1] in _COPULA


def _neighbours(hit: Hit, best: dict[int, Hit]) -> int:
    return sum(abs(hit.at - other.at) <= 2 for other in best.values() if other is not hit)


def _said_verb(heard: Heard, title: Title, taken: set[int]) -> tuple[int, bool] | None:
    """The word of the message that tells of what the title asks for, and whether it is the very verb."""
    doing, own = title.doing, title.lemma
    for at in range(heard.count):
        if at in taken or at in heard.timed:
            continue
        word = heard.words[at]
        said: set[str] = set(forms(word) & doing)
        if not said and at + 1 < heard.count:
            said = {f"{form}_{heard.words[at + 1]}" for form in forms(word)} & doing
            if not said and at + 2 < heard.count:
                said = {f"{form}_{heard.words[at + 2]}" for form in forms(word)} & doing
        if said:
            return at, own in said
    return _misspelt_verb(heard, doing, taken)


def _misspelt_verb(heard: Heard, doing: frozenset[str], taken: set[int]) -> tuple[int, bool] | None:
    """colected → collect: a long word that is nearly the verb."""
    for at in range(heard.count):
        word = heard.words[at]
        if (
            at in taken
            or at in heard.timed
            or len(word) < 6
            or heard.small[at]
            or not word.endswith(("ed", "t", "en"))
        ):
            continue
        for form in forms(word):
            if any(len(verb) > 4 and fuzz.ratio(form, verb) >= 88 for verb in doing):
                return at, False
    return None
