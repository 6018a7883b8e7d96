"""German calendar words: the proof that a second language is a table."""

# ruff: noqa: E501 - a list of words is read along its line

from todotasks.language.words import roles as r
from todotasks.language.words.calendar_schema import Tables
from todotasks.language.words.de.holidays import HOLIDAYS
from todotasks.language.words.en.calendar import (
    DAY,
    FORTNIGHT,
    HOUR,
    MINUTE,
    MONTH,
    QUARTER,
    SECOND,
    WEEK,
    WORKDAY,
    YEAR,
)

_ONES = "null|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn|sechzehn|siebzehn|achtzehn|neunzehn"
_TENS = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_UNITS = ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
_STEMS = ["erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht", "neunt", "zehnt", "elft", "zwölft", "dreizehnt", "vierzehnt", "fünfzehnt", "sechzehnt", "siebzehnt", "achtzehnt", "neunzehnt", "zwanzigst"]  # fmt: skip
_ENDINGS = ("e", "en", "er", "es", "em")


def _numbers() -> dict[str, float]:
    numbers: dict[str, float] = {word: float(n) for n, word in enumerate(_ONES.split("|"))}
    for n, ten in enumerate(_TENS):
        numbers[ten] = 20.0 + 10 * n
        numbers |= {f"{one}und{ten}": 20.0 + 10 * n + k + 1 for k, one in enumerate(_UNITS)}
    halves = {f"{one}einhalb": n + 1.5 for n, one in enumerate(_UNITS)}
    return (
        numbers
        | halves
        | {
            "anderthalb|eineinhalb": 1.5,
            "hundert": 100,
            "tausend": 1000,
            "zwo": 2,
            "½": 0.5,
            "dutzend|ein dutzend": 12,
            "fuenf": 5,
            # before an hour: how much of it has gone by; over one: past it (viertel ab drei)
            "dreiviertel": 0.75,
            "viertel ab": 1.25,
            "zwoelf": 12,
        }
    )


def _ordinals() -> dict[str, int]:
    ordinals = {
        stem + ending: n + 1
        for n, stem in enumerate(_STEMS)
        for ending in _ENDINGS
        if stem + ending != "achtem"
    }
    ordinals |= {"vorletzt" + ending: -2 for ending in _ENDINGS}
    ordinals |= {"drittletzt" + ending: -3 for ending in _ENDINGS}
    for one, stem in enumerate(("einundzwanzigst", "zweiundzwanzigst", "dreiundzwanzigst", "vierundzwanzigst", "fünfundzwanzigst",
                                "sechsundzwanzigst", "siebenundzwanzigst", "achtundzwanzigst", "neunundzwanzigst", "dreißigst", "einunddreißigst")):  # fmt: skip
        ordinals |= {stem + ending: 21 + one for ending in _ENDINGS}
    return ordinals


def _endings(stems: str) -> str:
    """A stem with each ending of an adjective."""
    return "|".join(stem + ending for stem in stems.split("|") for ending in _ENDINGS)


_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_SHORT = ("mo|mon", "die", "mit", "don", "fr|fre", "sa|sam", "son")

_PARTS = {
    "morgen": "morning", "früh": "morning", "vormittag": "morning", "mittag": "noon", "nachmittag": "afternoon",
    "abend": "evening", "nacht": "night",
}  # fmt: skip

DE = Tables(
    name="de",
    numbers=_numbers(),
    ordinals=_ordinals(),
    months={
        "januar|jan|jänner": 1, "februar|feb|feber": 2, "märz|mär|maerz|mrz": 3, "april|apr": 4, "mai": 5, "juni|jun": 6, "juli|jul": 7,
        "august|aug": 8, "september|sept|sep": 9, "oktober|okt": 10, "november|nov": 11, "dezember|dez": 12,
    },
    weekdays={day: n for n, day in enumerate(_DAYS)} | {"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "sonnabend": 5},
    day_letters={"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6},
    plural_days={f"{day}s": n for n, day in enumerate(_DAYS)} | {"sonnabends": 5},
    day_parts={f"{day}{word}": (n, part) for n, day in enumerate(_DAYS) for word, part in _PARTS.items()},
    plural_day_parts={f"{day}{word}s": (n, part) for n, day in enumerate(_DAYS) for word, part in _PARTS.items()},
    units={
        "sekunde|sekunden|sek|s": SECOND, "minute|minuten|min|m": MINUTE, "stunde|stunden|std|h": HOUR, "tag|tage|tagen|tages|d": DAY,
        "woche|wochen|kw|kalenderwoche|w": WEEK, "monat|monate|monaten|monats": MONTH, "viertelstunde|viertelstunden": ("seconds", 900), "dreiviertelstunde": ("seconds", 2700), "halbjahr|halbjahre|halbjahren": ("months", 6), "dreivierteljahr": ("months", 9), "quartal|quartale|quartalen|quartals|vierteljahr|vierteljahre|vierteljahren": QUARTER,
        "jahr|jahre|jahren|jahres": YEAR, "werktag|werktage|werktagen|arbeitstag|arbeitstage|arbeitstagen": WORKDAY,
        "nacht|nächte|nächten": DAY, "wochenende|wochenenden": WEEK,
    },
    relative={"heute|heut|noch heute|heute noch|heut noch": 0, "morgen": 1, "übermorgen|uebermorgen": 2, "gestern": -1, "vorgestern": -2},
    relative_parts={
        "heute abend|heut abend": (0, "evening"), "heute nacht": (0, "night"), "heute früh|heute morgen|heute vormittag": (0, "morning"),
        "heute nachmittag": (0, "afternoon"), "heute mittag": (0, "noon"), "morgen früh|morgen vormittag|morgen in der früh": (1, "morning"),
        "morgen abend": (1, "evening"), "morgen nachmittag": (1, "afternoon"), "morgen mittag": (1, "noon"), "morgen nacht": (1, "night"),
        "gestern abend": (-1, "evening"), "übermorgen abend": (2, "evening"), "übermorgen früh": (2, "morning"),
    },
    parts={
        "vormittag|früh": "morning", "nachmittag": "afternoon", "abend": "evening", "nacht": "night", "mittag": "noon",
        "frühmorgens": "morning", "am morgen": "morning",
    },
    plural_parts={"vormittags|morgens|jeden morgen": "morning", "nachmittags": "afternoon", "abends": "evening", "nachts": "night"},
    clock_words={"mittags": 12, "mitternacht": 0},
    meridiem={},
    few={"ein paar|einigen|einige|mehrere|mehreren": 3, "ein paar wenige": 3},
    next_words={_endings("nächst|naechst|folgend"): 1, _endings("übernächst|uebernächst"): 2},
    frequencies={
        "täglich|taeglich": (1, DAY), "wöchentlich|woechentlich": (1, WEEK), "monatlich": (1, MONTH), "jährlich|jaehrlich": (1, YEAR),
        "stündlich|stuendlich": (1, HOUR), "vierteljährlich|quartalsweise": (1, QUARTER), "halbjährlich": (6, MONTH),
        "zweiwöchentlich|14-tägig|vierzehntägig|14-täglich": (1, FORTNIGHT), "zweimonatlich": (2, MONTH),
    },
    once={"einmal": 1, "zweimal": 2, "dreimal": 3, "viermal": 4},
    holidays=HOLIDAYS,
    quarters={"q1": 1, "q2": 2, "q3": 3, "q4": 4},
    seasons={"frühling|frühjahr": 1, "sommer": 2, "herbst": 3, "winter": 4, "jahreszeit": 0},
    zones={
        "utc|gmt": "UTC", "mez|mesz|berliner zeit|deutsche zeit": "Europe/Berlin", "londoner zeit": "Europe/London",
        "new yorker zeit": "America/New_York", "tokioter zeit": "Asia/Tokyo",
    },
    ends={
        "tagesende|ende des tages": "day", "feierabend|dienstschluss|geschäftsschluss": "workday", "ende der woche|wochenschluss": "week", "monatsende|ende des monats": "month", "monatsanfang|monatsbeginn|monatserster|monatsersten": "start of month", "quartalsanfang|quartalsbeginn": "start of quarter", "jahresanfang|jahresbeginn": "start of year", "wochenanfang|wochenbeginn": "start of week", "monatsmitte": "mid of month",
        "jahresende|ende des jahres": "year", "quartalsende|ende des quartals": "quarter",
    },
    words={
        r.A: "ein|eine|einen|einem|einer|eines", r.HALF: "halb|halbe|halben|halbes|eine halbe|einer halben|ein halbes|halber", r.QUARTER: "viertel|dreiviertel|viertel ab", r.MORE: "weitere|weiteren|mehr",
        r.ARTICLE: "der|die|das|den|dem|des", r.AT: "um|@|gegen|ab|um punkt|pünktlich um|so um|so gegen", r.ON: "am|an|auf|zu", r.IN: "in|im|in der|während|innerhalb|binnen",
        r.FOR: "für", r.BY: "bis|bis zum|bis zur|spätestens bis zum|spätestens bis zur|spätestens zum|bis spätestens zum|bis spätestens am|spätestens|spätestens am|spätestens bis|vor|vor dem|fällig|fällig am|fällig bis|bis spätestens|bis um|bis am",
        r.FROM: "ab dem|erstmals|erstmals am|erstmalig|erstmalig am|zum ersten mal|zum ersten mal am|das erste mal|das erste mal am|das nächste mal|das nächste mal am|nächstes mal|nächstes mal am|erstes mal|von|vom|ab", r.TO: "bis|bis zum|-|~|bis zur", r.BETWEEN: "zwischen", r.AND: "und|&|u", r.OR: "oder", r.OF: "im|in|des|der|vom|von|jeden|jedes",
        r.WITHIN: "innerhalb von|binnen|innerhalb", r.AFTER: "nach|nach dem", r.BEFORE: "vor|vor dem", r.SINCE: "seit|ab", r.AGO: "zuvor", r.LATER: "später|ab jetzt|danach",
        r.FROM_NOW: "ab jetzt", r.ALWAYS: "jeweils|immer|stets", r.FILLER: "jeweils|immer|gleich|direkt|schon|erst", r.PAST: "nach", r.TILL_HOUR: "vor", r.MINUTES: "minuten|minute|min", r.APPROX: "kurz nach|kurz vor|ca|circa|etwa|ungefähr|gegen|so|genau|irgendwann",
        r.EARLY: "früh|anfangs", r.LATE: "spät|später", r.START_OF: "anfang|beginn|anfang des|am anfang des|zu beginn des", r.MID_OF: "mitte|mitte des", r.END_OF: "ende|ende des|ende der",
        r.THIS: _endings("dies|aktuell|laufend") + "|dieser|diesem|diese|dieses|diesen", r.LAST: _endings("letzt|vorig|vergangen"), r.COMING: _endings("kommend"), r.LAST_OF: _endings("letzt"),
        r.OCLOCK: "uhr", r.NOW: "jetzt|sofort|jetzt gleich", r.WORKDAY: "schultag|schultage|schultags|schultagen|werktags|wochentags|werktag|werktage|werktagen|arbeitstag|arbeitstage|arbeitstagen|wochentag|wochentagen|unter der woche",
        r.WEEKEND: "wochenende|wochenenden|we", r.WEEK_OF: "woche vom|woche ab", r.EVERY: "jeden|jede|jedes|jeder|jedem|alle|aller", r.OTHER: "zweiten|zweite|zweites|anderen|andere",
        r.TIMES: "mal|male|wiederholungen|termine", r.STARTING: "erstmals|erstmals am|erstmalig|erstmalig am|zum ersten mal|zum ersten mal am|das erste mal|das erste mal am|das nächste mal|das nächste mal am|nächstes mal|nächstes mal am|erstes mal|ab|beginnend|startend|beginnend am|ab dem|angefangen|von|vom", r.UNTIL: "bis|bis zum|bis zur|bis einschließlich",
        r.EXCEPT: "außer|ausser|ausgenommen|außer an|außer am|nicht an|ohne|bis auf", r.HOLIDAYS: "feiertagen|feiertage|feiertags|ferien|urlaub",
        r.UNTIL_DONE: "bis es erledigt ist|bis erledigt|bis es getan ist|bis ich es getan habe|bis ich es erledigt habe|bis es gemacht ist|bis ich es gemacht habe|bis ich fertig bin|bis es fertig ist|bis ich es abhake|bis das erledigt ist|bis ich damit fertig bin",
        r.INSTANCE: "vorkommen|auftreten", r.OFFICE_HOURS: "während der arbeitszeit|in der arbeitszeit|zu bürozeiten|während der bürozeiten", r.ALL_DAY: "ganztägig|ganztags|den ganzen tag|ganztaegig", r.IF: "wenn|falls|sofern|fällt", r.COMPLETION: "nachdem ich es getan habe|nachdem ich es gemacht habe|nachdem ich es erledigt habe|wenn ich es gemacht habe|wenn es erledigt ist|seit dem letzten mal|ab erledigung|ab dem letzten mal|nach der erledigung|nach erledigung|nach abschluss|nach fertigstellung|nachdem es erledigt ist|nach dem letzten mal", r.PER: "pro|je|im|in der|am|die|jede|jeden|jedes",
        r.NAME_LIKE: "di|mi|do|mai|mit|die|fr|sa|mo|min|jan|sep|mär|son|sam|mon|fre|don|april|august|m|s|h|d|w|we|früh|abend|nacht|mittag|so|ab|nach|vor",
        r.CLOSEST: _endings("nächstgelegen"), r.PLUS: "+", r.MINUS: "-", r.AGO_PREFIX: "vor",
        r.MEASURE: "tassen|kg|kilo|gramm|liter|prozent|%|km|meter|euro|cent|stück|personen|leute|seiten|mal|eier|grad|packungen|flaschen|zoll|cm|mm",
        r.STOP: "und|oder|mit|zu|zum|zur|um|am|an|auf|in|im|für|von|vom|bei|nach|über|der|die|das|den|dem|des|ein|eine|ich|wir|du|er|sie|es|ist|sind|war|bitte|danke|wegen|ohne|bis|ab|dass|wenn|weil|noch|auch|nicht|mein|meine|unser|jeden|alle|dann|aber|daran|ans|beim|doch|mal|seit|vor|zwischen|während|gegen|auf|pro|statt|stattdessen|verschieben|verlegen|an",
    },
    misspelt={
        "donerstag": "donnerstag", "donnerstach": "donnerstag", "mitwoch": "mittwoch", "diensttag": "dienstag", "samtag": "samstag", "feitag": "freitag", "freitach": "freitag",
        "übermogen": "übermorgen", "ubermorgen": "übermorgen", "moregn": "morgen", "mogen": "morgen", "heut": "heute", "wöchendlich": "wöchentlich", "nächse": "nächste",
    },
    not_misspelt="no|musste|mussten|konnte|konnten|konntest|mochte|mochten|schonen|fuge|hor|montags|wochen|sonntags|monaten|morgens|minuten|stunden|sommer",
    half_before=True,
    parts_after_clock=True,
    ordinal_dot=True,
    week_parity={"in geraden wochen|in geraden kalenderwochen|in geraden kw|in jeder geraden woche|gerade wochen|gerade kw": 0, "in ungeraden wochen|in ungeraden kalenderwochen|in ungeraden kw|in jeder ungeraden woche|ungerade wochen|ungerade kw": 1},
    lasting="lang",
    calendar_weeks="kw|kalenderwoche",
    with_article="am|zum|vom|beim|bis zum",
    capital_nouns=True,
    day_order="DMY",
    second_is_other=True,
)  # fmt: skip
