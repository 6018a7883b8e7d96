"""What a verb is called in the title of a task: "paid the rent" reports "pay rent", "angerufen" is "anrufen".

Only candidates are made; whether one means anything is told by the titles that are there.
"""

# Past forms that do not follow the rules, by the plain form.
_ENGLISH = """
be was were been; begin began begun; bring brought; build built; buy bought; catch caught; choose chose
chosen; deal dealt; do did done; draw drew drawn; drive drove driven; eat ate eaten; feed fed; find
found; fly flew flown; get got gotten; give gave given; go went gone; grow grew grown; hang hung; have
had; hold held; keep kept; lead led; learn learnt; leave left; lend lent; lose lost; make made; meet met;
mow mown; pay paid; ring rang rung; run ran; say said; see saw seen; sell sold; send sent; sew sewn;
shoot shot; show shown; sing sang sung; sit sat; speak spoke spoken; spend spent; steal stole; sweep
swept; swim swam swum; take took taken; teach taught; agree agreed; free freed; guarantee guaranteed;
tear tore torn; tell told; think thought; throw
threw thrown; wake woke; wear wore worn; win won; wind wound; write wrote written
"""
_GERMAN = """
backen gebacken; bringen gebracht; denken gedacht; empfehlen empfohlen; finden gefunden; fliegen
geflogen; gehen gegangen; gießen gegossen; helfen geholfen; leihen geliehen; nehmen genommen; schließen
geschlossen; schneiden geschnitten; schreiben geschrieben; schwimmen geschwommen; singen gesungen;
sprechen gesprochen; streichen gestrichen; treffen getroffen; trinken getrunken; tun getan; werfen
geworfen; ziehen gezogen; essen gegessen; sitzen gesessen; bitten gebeten; bieten geboten; binden
gebunden; messen gemessen
"""
_PREFIXES = (
    "heraus", "zusammen", "zurück", "vorbei", "weiter", "hinaus", "unter", "fertig", "durch", "raus", "rein",
    "über", "fest", "hoch", "frei", "auf", "aus", "ein", "mit", "vor", "her", "hin", "nach", "weg", "bei",
    "los", "um", "an", "ab", "zu",
)  # fmt: skip
_INSEPARABLE = ("be", "ver", "er", "ent", "zer", "über", "unter")
SHORTEST = 3  # letters of a plain form


def _table(text: str) -> dict[str, str]:
    rows = (row.split() for row in text.split(";"))
    return {form: plain for plain, *forms in rows for form in forms}


_IRREGULAR = _table(_ENGLISH)
_STRONG = _table(_GERMAN)


def plain_forms(word: str) -> frozenset[str]:
    """The verbs of which `word` may be a form; it is none of them itself."""
    out = {_IRREGULAR[word]} if word in _IRREGULAR else set()
    if word.endswith("ied"):
        out.add(word[:-3] + "y")
    for ending in ("ed", "ing"):
        stem = word.removesuffix(ending)
        if stem != word and not word.endswith("eed"):  # feed, weed, proceed
            out |= {stem, stem + "e"}
            if stem[-1:] == stem[-2:-1]:
                out.add(stem[:-1])  # stopped, running
    out |= _german(word)
    return frozenset(form for form in out if len(form) >= SHORTEST and form != word)


def _german(word: str) -> set[str]:
    """gekauft, angerufen, rausgebracht, bezahlt"""
    out = set()
    for prefix in ("", *(prefix for prefix in _PREFIXES if word.startswith(prefix))):
        rest = word.removeprefix(prefix)
        if rest in _STRONG:
            out.add(prefix + _STRONG[rest])
        elif rest.startswith("ge") and rest.endswith(("t", "en")):
            stem = rest[2:].removesuffix("en") if rest.endswith("en") else rest[2:-1]
            out |= {prefix + stem + "en", prefix + stem.removesuffix("e") + "en", prefix + stem + "n"}
    if word.endswith("t") and word.startswith(_INSEPARABLE):
        out.add(word[:-1] + "en")
    return out
