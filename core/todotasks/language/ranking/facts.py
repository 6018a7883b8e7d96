"""The facts of a candidate: short names, each with a value, that the weights of its action are about.

They are the same for every action on one group, so a message is looked at once a group. What a word of the
title explains is no cue: "*Cancel* gym membership is done" says nothing of cancelling.
"""

from functools import cache

from todotasks.language.candidates.groups import another_number
from todotasks.language.candidates.kinds import grammar_of
from todotasks.language.candidates.model import Group
from todotasks.language.grounding.heard import Heard
from todotasks.language.grounding.sight import Sight
from todotasks.language.languages.compiled import get
from todotasks.language.reading.model import Reading
from todotasks.language.words.de import cues as de
from todotasks.language.words.en import cues as en

Facts = list[tuple[str, float]]


@cache
def _verbs() -> frozenset[str]:
    """Plain verbs that begin a task, of both languages."""
    english, german = get("en").topics, get("de").topics
    heads = {line.split()[0] for text in (en.DOING, de.DOING) for line in text.strip().splitlines()}
    return english.task_verbs | english.content_verbs | german.task_verbs | german.last_verbs | heads


def facts(heard: Heard, group: Group | None, sight: Sight, grammar: Reading) -> Facts:
    explains = group.explains if group else frozenset()
    out: Facts = [("always", 1.0), ("grammar=" + grammar_of(grammar), 1.0)]
    if grammar.more:
        out.append(("grammar has more", 1.0))
    if grammar.filter is not None and not grammar.target:
        out.append(("grammar filter", 1.0))
    if grammar.hangs_on_titles:
        out.append(("grammar unsure", 1.0))
    out += _cues(heard, explains)
    out += _shape(heard, explains)
    out += _times(heard, explains)
    if group is None:
        out.append(("things=none", 1.0))
        return out
    return out + _match(heard, group, sight, grammar, dict(out))


def _cues(heard: Heard, explains: frozenset[int]) -> Facts:
    said: dict[str, float] = {}
    for name, i, j in heard.cues:
        span = set(range(i, j))
        if span <= explains:
            said.setdefault("title says " + name, 1.0)
            continue
        if name == "fault" and j < heard.count and j in explains:
            continue  # "the broken lamp is fixed": which one it is
        if j - i == 1 and i in heard.timed and name not in {"later"}:
            continue
        said["cue=" + name] = 1.0
        if i == 0:
            said["begins " + name] = 1.0
        if j == heard.count:
            said["ends " + name] = 1.0
        if j - i > 1:
            said["phrase=" + name] = 1.0
    if "cue=not" in said:
        for other in ("done", "past", "partly", "high", "off"):
            if "cue=" + other in said:
                said["not&" + other] = 1.0
    return list(said.items())


def _content(heard: Heard, k: int, explains: frozenset[int], cued: set[int]) -> bool:
    return not heard.small[k] and k not in explains and k not in heard.timed and k not in cued


def _shape(heard: Heard, explains: frozenset[int]) -> Facts:
    out: Facts = []
    count = heard.count
    if not count:
        return out
    verbs = _verbs()
    first = next((k for k in range(count) if heard.words[k][0].isalnum()), 0)
    last = next((k for k in range(count - 1, -1, -1) if heard.words[k][0].isalnum()), count - 1)
    word = heard.words[first]
    kind = (
        "title" if first in explains and word not in verbs
        else "past" if heard.past[first] and word not in verbs
        else "verb" if word in verbs
        else "small" if heard.small[first]
        else "time" if first in heard.timed
        else "other"
    )  # fmt: skip
    out.append((f"first={kind}", 1.0))
    if heard.past[last] and not heard.small[last] and count > 1:
        out.append(("last is past", 1.0))
    loose_past = [k for k in range(count) if heard.past[k] and not heard.small[k] and k not in explains]
    if loose_past:
        out.append(("past unexplained", 1.0))
    if any(heard.past[k] for k in range(count)):
        out.append(("past somewhere", 1.0))
    cued = {k for _, i, j in heard.cues for k in range(i, j)}
    left = [k for k in range(count) if _content(heard, k, explains, cued)]
    out.append((f"left={min(len(left), 4)}", 1.0))
    out.append(("left", min(len(left), 8) / 4))
    loose = [k for k in range(count) if _content(heard, k, explains, set())]
    out.append((f"unnamed={min(len(loose), 4)}", 1.0))
    size = (
        "1"
        if count == 1
        else "2"
        if count == 2
        else "3"
        if count == 3
        else "4-6"
        if count < 7
        else "7-12"
        if count < 13
        else "long"
    )
    out.append((f"words={size}", 1.0))
    if heard.text.rstrip().endswith("?"):
        out.append(("asks", 1.0))
    if _asks_whether(heard, first):
        out.append(("asks whether", 1.0))
    if heard.colon:
        out.append(("colon", 1.0))
    if heard.text.rstrip().endswith("!"):
        out.append(("exclaims", 1.0))
    if any(heard.words[k].isdigit() and k not in heard.timed and k not in explains for k in range(count)):
        out.append(("number", 1.0))
    return out


_WHETHER = frozenset("is are was were ist sind war waren".split())  # noqa: SIM905
_WHETHER_ASKED = _WHETHER | frozenset("did does do has have hat haben habe hab wurde wurden".split())  # noqa: SIM905


def _asks_whether(heard: Heard, first: int) -> bool:
    """Is the waste autoclaved · did I pay the rent?"""
    if first + 1 >= heard.count:
        return False
    if heard.text.rstrip().endswith("?"):
        return heard.words[first] in _WHETHER_ASKED
    return heard.words[first] in _WHETHER and not heard.past[first + 1]


def _times(heard: Heard, explains: frozenset[int]) -> Facts:
    free = [span for span in heard.times if not set(range(span.i, span.j)) & explains]
    if not free:
        return [("time=none", 1.0)]
    out: Facts = [("time=some", 1.0)]
    if any(span.duration for span in free):
        out.append(("time=length", 1.0))
    if any(span.ahead and not span.duration for span in free):
        out.append(("time=ahead", 1.0))
    if any(span.clock for span in free):
        out.append(("time=clock", 1.0))
    if all(not span.ahead for span in free):
        out.append(("time=past", 1.0))
    timed = {k for span in free for k in range(span.i, span.j)}
    if all(k in timed or k in explains or heard.small[k] for k in range(heard.count)):
        out.append(("time is all", 1.0))
    if free[-1].j == heard.count:
        out.append(("time at end", 1.0))
    return out


def _match(heard: Heard, group: Group, sight: Sight, grammar: Reading, known: dict[str, float]) -> Facts:
    out: Facts = [(f"things={group.kind}", 1.0)]
    things = [sight.things[k] for k in group.things]
    if things[0].completed:
        out.append(("is completed", 1.0))
    if things[0].due is not None:
        out.append(("has due", 1.0))
        if "time=some" in known:
            out.append(("has due&time", 1.0))
    if group.things[0] in sight.recent:
        out.append(("is recent", 1.0))
    out.append(("margin", max(min(group.margin, 1.5), -1.0)))
    found = group.found
    if found is None:
        return out
    content = [
        k for k in range(heard.count) if (not heard.small[k] and k not in heard.timed) or k in group.explains
    ]
    share = len([k for k in content if k in group.explains]) / (len(content) or 1)
    cover = found.title_cover
    out += [("said", share), ("title", cover), ("match", min(found.score, 3.0) / 2)]
    places = {hit.place for hit in found.hits}
    weights = sight.title(found.thing).weights
    whole = sum(w for k, w in enumerate(weights) if k in places) / (sum(weights) or 1.0)
    out.append((f"title>{int(whole * 4) / 4:.2f}", 1.0))
    if not found.named:
        out.append(("only its verb" + ("&past" if found.verb == "past" else ""), 1.0))
    if share >= 0.99:
        out.append(("all said", 1.0))
    if found.verb:
        out.append((f"verb={found.verb}", 1.0))
        out.append((f"verb={found.verb}&{'other' if found.synonym else 'same'}", 1.0))
        if known.get("left=0"):
            out.append((f"verb={found.verb}&nothing left", 1.0))
        if "cue=not" in known:
            out.append((f"not&verb={found.verb}", 1.0))
        if things[0].completed:
            out.append((f"completed&verb={found.verb}", 1.0))
    else:
        out.append(("verb unsaid", 1.0))
    title = sight.title(found.thing)
    more = sum(w >= 1 for k, w in enumerate(title.weights) if all(hit.place != k for hit in found.hits))
    out.append((f"title has {min(more, 3)} more", 1.0))
    if found.verb == "plain":
        out.append((f"plain verb&title has {min(more, 2)} more", 1.0))
    if cover >= 0.95 and share >= 0.99:
        out.append(("restates" + ("&past" if found.verb == "past" else ""), 1.0))
    if known.get("first=verb"):
        verb_first = any(hit.how == "verb" and hit.at <= 1 for hit in found.hits)
        out.append(("begins with its verb" if verb_first else "begins with another verb", 1.0))
        if known.get("left=0") is None and not verb_first:
            out.append(("another verb&left", 1.0))
    if "past unexplained" in known and known.get("left=0"):
        out.append(("past&nothing left", 1.0))
    if another_number(heard, group, sight):
        out.append(("another number", 1.0))
    if known.get("time is all"):
        out.append((f"time is all&title>{int(whole * 2) / 2:.1f}", 1.0))
        out.append(("time is all&" + ("verb" if found.verb else "no verb"), 1.0))
    if any(hit.how in {"slip", "abbreviation"} for hit in found.hits):
        out.append(("not spelt so", 1.0))
    if grammar.intent == "create":
        out.append(("grammar=create&said", share))
        out.append(("grammar=create&title", cover))
    if things[0].completed:
        for cue in ("back", "not", "off", "done", "question"):
            if "cue=" + cue in known:
                out.append((f"completed&{cue}", 1.0))
    if grammar.target:
        target = set(grammar.target.lower().split())
        named = {heard.words[k] for k in group.explains}
        out.append(("grammar's target" if target & named else "not grammar's target", 1.0))
    return out
