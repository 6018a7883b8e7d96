"""Which day a holiday is: a rule for each, in few words.

    12-25             a day of a month                   11 thu 4      the fourth Thursday of November
    5 mon -1          the last one                       easter-2      days from another feast
    hindu 7 30 dusk   a lunar day at an hour             islamic 10 1  a day of the Islamic year
    chinese 5 5       a day of a Chinese month           2000-03-07 …  only in these years

Behind a comma stands what happens on a weekend: `nearest` (Saturday to Friday, Sunday to Monday) or `working` (the
next working day); `sunday-1` (a Sunday gives way to its Saturday); or `leap-1` (a day earlier in leap years).
Jewish feasts begin at sunset: the day that is given is the eve's.
"""

# ruff: noqa: E501 - a table is read along its line

from calendar import isleap
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from todotasks.language.time.arithmetic import LAST_YEAR, nth_weekday
from todotasks.language.time.holidays import calendars, hindu

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = {
    "sunrise": hindu.SUNRISE, "morning": hindu.MORNING, "midday": hindu.MIDDAY, "afternoon": hindu.AFTERNOON,
    "dusk": hindu.DUSK, "evening": hindu.EVENING, "midnight": hindu.MIDNIGHT,
}  # fmt: skip
YEARS = 12  # how far to look for a holiday that does not come every year
SUNSET = 18.0  # the sun that enters a sign after it does so on the next day

# What the days of `name+n` are counted from.
_ANCHORS: dict[str, Callable[[int], date | None]] = {
    "easter": calendars.easter, "pascha": calendars.pascha, "rosh": calendars.rosh_hashanah,
    "pesach": calendars.passover, "kislev": calendars.kislev, "shevat": calendars.shevat, "onam": hindu.onam,
    "pongal": lambda year: hindu.sankranti(year, 9, SUNSET), "mesha": lambda year: hindu.sankranti(year, 0, 24),
    "qingming": lambda year: calendars.sun_term(year, 15),
    "advent": lambda year: _on_weekday(date(year, 12, 24), 6, -1) - timedelta(days=21),
    "election": lambda year: _on_weekday(date(year, 11, 2), 1, 1),
    "full-week": lambda year: nth_weekday(year, 4, 5, -1),  # the Saturday that ends the last whole week of April
}  # fmt: skip

RULES: dict[str, str] = {
    # everywhere, or of Europe
    "new-year": "1-1", "new-year-eve": "12-31", "epiphany": "1-6", "valentine": "2-14", "womens-day": "3-8", "pi-day": "3-14",
    "st-patrick": "3-17", "st-joseph": "3-19", "april-fools": "4-1", "st-george": "4-23", "earth-day": "4-22", "walpurgis": "4-30",
    "may-day": "5-1", "st-john": "6-24", "assumption": "8-15", "halloween": "10-31", "reformation-day": "10-31", "all-saints": "11-1",
    "all-souls": "11-2", "guy-fawkes": "11-5", "st-martin": "11-11", "st-andrew": "11-30", "st-nicholas": "12-6", "st-barbara": "12-4",
    "immaculate-conception": "12-8", "st-lucia": "12-13", "christmas-eve": "12-24", "christmas": "12-25", "boxing-day": "12-26",
    "second-christmas-day": "12-26", "st-francis": "10-4", "st-david": "3-1", "orthodox-christmas": "1-7", "orthodox-new-year": "1-14",
    "mothers-day": "5 sun 2", "fathers-day": "6 sun 3", "german-unity": "10-3", "german-fathers-day": "easter+39", "bastille": "7-14",
    "swiss-day": "8-1", "austrian-day": "10-26", "kings-day": "4-27, sunday-1", "liberation-day": "5-5", "europe-day": "5-9",
    "repentance": "advent-11", "advent-1": "advent", "advent-2": "advent+7", "advent-3": "advent+14", "advent-4": "advent+21",
    "sunday-of-the-dead": "advent-7", "remembrance-day-de": "advent-14", "world-childrens-day-de": "9-20", "thanksgiving-de": "10 sun 1",
    "carnival-thursday": "easter-52", "carnival-sunday": "easter-49", "rose-monday": "easter-48", "shrove-tuesday": "easter-47",
    "ash-wednesday": "easter-46", "lent": "easter-46", "palm-sunday": "easter-7", "maundy-thursday": "easter-3", "good-friday": "easter-2",
    "holy-saturday": "easter-1", "easter": "easter", "easter-monday": "easter+1", "ascension": "easter+39", "pentecost": "easter+49",
    "whit-monday": "easter+50", "trinity-sunday": "easter+56", "corpus-christi": "easter+60", "low-sunday": "easter+7",
    "orthodox-easter": "pascha", "orthodox-easter-monday": "pascha+1", "orthodox-good-friday": "pascha-2",
    "orthodox-holy-saturday": "pascha-1", "orthodox-maundy-thursday": "pascha-3", "orthodox-palm-sunday": "pascha-7",
    "lazarus-saturday": "pascha-8", "clean-monday": "pascha-48", "orthodox-ascension": "pascha+39", "orthodox-pentecost": "pascha+49",
    # the United States and Canada
    "mlk": "1 mon 3", "inauguration-day": "1-20", "groundhog-day": "2-2", "lincoln": "2-12", "presidents-day": "2 mon 3",
    "susan-b-anthony": "2-15", "rosa-parks": "2-4", "read-across": "3-2", "texas-independence": "3-2", "casimir-pulaski": "3 mon 1",
    "town-meeting": "3 tue 1", "sewards-day": "3 mon -1", "cesar-chavez": "3-31", "siblings-day": "4-10", "jefferson": "4-13",
    "father-damien": "4-15", "emancipation-day": "4-16, nearest", "tax-day": "4-15, working", "patriots-day": "4 mon 3",
    "san-jacinto": "4-21", "admin-day": "full-week-3", "arbor-day": "4 fri -1", "take-children-to-work": "4 thu 4", "loyalty-day": "5-1",
    "day-of-prayer": "5 thu 1", "cinco-de-mayo": "5-5", "nurses-day": "5-6", "truman": "5-8", "teachers-day-us": "5 tue 1", "ve-day": "5-8",
    "military-spouse": "mothers-day-2", "armed-forces": "5 sat 3", "ems-week": "5 sun 3", "harvey-milk": "5-22",
    "missing-children": "5-25", "memorial-day": "5 mon -1", "d-day": "6-6", "kamehameha": "6-11", "flag-day": "6-14",
    "childrens-day-us": "6 sun 2", "juneteenth": "6-19", "west-virginia": "6-20", "canada-day": "7-1", "independence-day": "7-4",
    "pioneer-day": "7-24", "parents-day": "7 sun 4", "coast-guard-us": "8-4", "purple-heart": "8-7", "victory-day": "8 mon 2",
    "statehood-day": "8 fri 3", "womens-equality": "8-26", "lyndon-johnson": "8-27", "labor-day": "9 mon 1",
    "grandparents-day": "labor-day+6", "patriot-day": "9-11", "california-admission": "9-9", "constitution-day": "9-17",
    "talk-like-a-pirate": "9-19", "leif-erikson": "10-9", "columbus-day": "10 mon 2", "boss-day": "10-16, nearest", "sweetest-day": "10 sat 3",
    "alaska-day": "10-18", "nevada-day": "10 fri -1", "election-day": "election", "veterans-day": "11-11", "thanksgiving": "11 thu 4",
    "black-friday": "thanksgiving+1", "small-business": "thanksgiving+2", "cyber-monday": "thanksgiving+4",
    "giving-tuesday": "thanksgiving+5", "family-day-nevada": "thanksgiving+1", "pearl-harbor": "12-7", "wright-brothers": "12-17",
    "kwanzaa": "12-26", "stephen-foster": "1-13", "dst-start": "3 sun 2", "dst-end": "11 sun 1", "victoria-day": "5-24, monday",
    "family-day": "2 mon 3", "canadian-thanksgiving": "10 mon 2", "truth-and-reconciliation": "9-30", "remembrance-day": "11-11",
    "super-tuesday": "3 tue 1, leap; 2008-02-05", "super-duper-tuesday": "2008-02-05", "mini-tuesday": "2004-02-03",
    # the Commonwealth and others
    "commonwealth-day": "3 mon 2", "early-may": "5 mon 1", "spring-bank": "5 mon -1", "summer-bank": "8 mon -1", "australia-day": "1-26",
    "anzac-day": "4-25", "waitangi-day": "2-6", "mothering-sunday": "easter-21", "burns-night": "1-25", "remembrance-sunday": "11 sun 2",
    "st-swithin": "7-15", "africa-day": "5-25", "mandela-day": "7-18", "dia-de-muertos": "11-2", "mexican-independence": "9-16",
    # days of the world
    "braille": "1-4", "holocaust": "1-27", "cancer-day": "2-4", "radio-day": "2-13", "mother-language": "2-21", "wildlife": "3-3",
    "happiness": "3-20", "poetry": "3-21", "down-syndrome": "3-21", "water": "3-22", "meteorological": "3-23", "tuberculosis": "3-24",
    "theatre": "3-27", "autism": "4-2", "health-day": "4-7", "book-day": "4-23", "malaria": "4-25", "intellectual-property": "4-26",
    "dance": "4-29", "jazz": "4-30", "star-wars": "5-4", "press-freedom": "5-3", "red-cross": "5-8", "families": "5-15", "museum": "5-18",
    "bee": "5-20", "biodiversity": "5-22", "no-tobacco": "5-31", "global-parents": "6-1", "childrens-day": "6-1", "bicycle": "6-3", "environment": "6-5", "oceans": "6-8",
    "blood-donor": "6-14", "child-labour": "6-12", "refugee": "6-20", "yoga": "6-21", "music": "6-21", "population": "7-11", "hepatitis": "7-28",
    "friendship": "7-30", "youth": "8-12", "humanitarian": "8-19", "literacy": "9-8", "democracy": "9-15", "peace": "9-21", "car-free": "9-22",
    "tourism": "9-27", "heart": "9-29", "older-persons": "10-1", "vegetarian": "10-1", "non-violence": "10-2", "animal": "10-4", "teachers-day": "10-5",
    "post": "10-9", "mental-health": "10-10", "girl-child": "10-11", "sight": "10 thu 2", "food": "10-16", "un-day": "10-24", "science": "11-10",
    "vegan": "11-1", "singles-day": "11-11", "kindness": "11-13", "diabetes": "11-14", "mens-day": "11-19", "toilet": "11-19", "universal-children": "11-20", "philosophy": "11 thu 3",
    "television": "11-21", "violence-against-women": "11-25", "aids": "12-1", "disability": "12-3", "human-rights": "12-10", "migrants": "12-18",
    "safety-at-work": "4-28", "towel-day": "5-25", "zero-discrimination": "3-1", "kidney": "3 thu 2", "sleep": "3 fri 3", "programmers-day": "9-13, leap-1",
    "sysadmin-day": "7 fri -1", "womens-entrepreneurship": "11-19",
    # India
    "youth-day-in": "1-12", "army-day-in": "1-15", "lohri": "1-13", "republic-day-in": "1-26", "martyrs-day-in": "1-30", "coast-guard-in": "2-1",
    "science-day-in": "2-28", "ambedkar": "4-14", "technology-day-in": "5-11", "independence-day-in": "8-15", "teachers-day-in": "9-5", "engineers-day-in": "9-15",
    "gandhi-jayanti": "10-2", "air-force-in": "10-8", "childrens-day-in": "11-14", "navy-day-in": "12-4", "vijay-diwas": "12-16", "farmers-day-in": "12-23", "rabindra-jayanti": "5-9, leap-1",
    "pongal": "pongal", "boghi": "pongal-1", "mattu-pongal": "pongal+1", "kaanum-pongal": "pongal+2", "vaisakhi": "mesha",
    "onam": "onam", "first-onam": "onam-1", "third-onam": "onam+1", "parsi-new-year": "every 365 2018-08-17",
    "ugadi": "hindu 1 1 sunrise", "rama-navami": "hindu 1 9 midday", "mahavir-jayanti": "hindu 1 13 sunrise", "hanuman-jayanti": "hindu 1 15 sunrise",
    "vesak": "hindu 2 15 sunrise", "akshaya-tritiya": "hindu 2 3 midday", "ratha-yatra": "hindu 4 2 sunrise", "guru-purnima": "hindu 4 15 sunrise",
    "naag-panchami": "hindu 5 5 sunrise", "raksha-bandhan": "hindu 5 15 afternoon", "janmashtami": "hindu 5 23 midnight", "ganesh-chaturthi": "hindu 6 4 midday",
    "navaratri": "hindu 7 1 sunrise", "maha-saptami": "hindu 7 7 sunrise", "durga-ashtami": "hindu 7 8 sunrise", "maha-navami": "hindu 7 9 sunrise",
    "dussehra": "hindu 7 10 afternoon", "valmiki-jayanti": "hindu 7 15 sunrise", "karva-chauth": "hindu 7 19 evening",
    "diwali": "hindu 7 30 dusk", "dhanteras": "diwali-2", "naraka-chaturdashi": "diwali-1", "govardhan-puja": "diwali+1", "bhai-dooj": "diwali+2",
    "chhath": "hindu 8 6 dusk", "guru-nanak": "hindu 8 15 sunrise", "guru-gobind-singh": "hindu 10 7 sunrise", "vasant-panchami": "hindu 11 5 morning",
    "guru-ravidass": "hindu 11 15 sunrise", "maha-shivaratri": "hindu 11 29 midnight", "holika-dahan": "hindu 12 15 afternoon", "holi": "holika-dahan+1",
    # Jewish: the evening before
    "rosh-hashanah": "rosh-1", "yom-kippur": "rosh+8", "sukkot": "rosh+13", "hoshana-rabbah": "rosh+19", "shemini-atzeret": "rosh+20", "simchat-torah": "rosh+21",
    "hanukkah": "kislev+23", "tu-bishvat": "shevat+13", "purim": "pesach-31", "shushan-purim": "pesach-30", "passover": "pesach-1",
    "yom-hashoah": "pesach+12, shoah", "yom-haatzmaut": "pesach+20, haatzmaut", "lag-baomer": "pesach+32", "shavuot": "pesach+49",
    "tisha-bav": "rosh-51, av", "tu-bav": "rosh-46",
    # Islamic
    "islamic-new-year": "islamic 1 1", "ashura": "islamic 1 10", "mawlid": "islamic 3 12", "isra": "islamic 7 27", "ramadan": "islamic 9 1",
    "laylat-al-qadr": "islamic 9 27", "jumuatul-wida": "islamic 10 1, friday", "eid-al-fitr": "islamic 10 1", "arafah": "islamic 12 9",
    "eid-al-adha": "islamic 12 10", "nowruz": "3-20",
    # East Asia
    "chinese-new-year": "chinese 1 1", "chinese-new-year-eve": "chinese-new-year-1", "lantern-festival": "chinese 1 15", "qingming": "qingming",
    "dragon-boat": "chinese 5 5", "qixi": "chinese 7 7", "mid-autumn": "chinese 8 15", "double-ninth": "chinese 9 9",
    "earth-hour": "3 sat -1, holy",
}  # fmt: skip

# How many days those last that are more than one.
_LASTS = {
    "hanukkah": 8, "rosh-hashanah": 3, "passover": 9, "sukkot": 9, "shavuot": 3, "ramadan": 30, "navaratri": 9, "kwanzaa": 7,
    "ems-week": 7, "lent": 46,
}  # fmt: skip


def lasts(name: str) -> int:
    """How many days a holiday lasts."""
    return _LASTS.get(name, 1)


@cache
def holiday(name: str, year: int) -> date | None:
    """Its day in a year; None where there is none, or no such holiday."""
    rule = RULES.get(name)
    if rule is None or not 1 < year < LAST_YEAR:
        return None
    body, _, change = rule.partition(", ")
    try:
        day = _day(body, year)
        return _moved(day, change, year) if day and change else day
    except (ValueError, OverflowError):
        return None


def _day(rule: str, year: int) -> date | None:
    first, *rest = rule.split()
    match first:
        case "hindu":
            return hindu.lunar(year, int(rest[0]), int(rest[1]), _HOURS[rest[2]])
        case "islamic":
            return calendars.islamic_in(year, int(rest[0]), int(rest[1]))
        case "chinese":
            return calendars.chinese(year, int(rest[0]), int(rest[1]))
        case "every":  # so many days, whatever the year
            base, step = date.fromisoformat(rest[1]), int(rest[0])
            ahead = -((base.toordinal() - date(year, 1, 1).toordinal()) // step)
            return base + timedelta(days=step * ahead)
    if len(rest) == 2:
        return nth_weekday(year, int(first), _DAYS.index(rest[0]), int(rest[1]))
    if first[0].isdigit():
        *said, month, day = (int(part) for part in first.split("-"))
        return date(year, month, day) if not said or said[0] == year else None
    return _counted(first, year)


def _counted(rule: str, year: int) -> date | None:
    """thanksgiving+1: days from another feast."""
    for sign in ("+", "-"):
        name, _, days = rule.rpartition(sign)
        if name and days.isdigit() and rule not in _ANCHORS:
            day = _anchor(name, year)
            return day + timedelta(days=int(sign + days)) if day else None
    return _anchor(rule, year)


def _anchor(name: str, year: int) -> date | None:
    return _ANCHORS[name](year) if name in _ANCHORS else holiday(name, year)


def _on_weekday(day: date, weekday: int, step: int) -> date:
    """The first such weekday from a day on, or the last up to it."""
    ahead = (weekday - day.weekday()) % 7 if step > 0 else -((day.weekday() - weekday) % 7)
    return day + timedelta(days=ahead)


def _moved(day: date, change: str, year: int) -> date | None:
    """What becomes of a day by its weekday or its year."""
    change, _, special = change.partition("; ")
    if special and int(special[:4]) == year:
        return date.fromisoformat(special)
    weekday = day.weekday()
    match change:
        case "nearest":
            return day + timedelta(days={5: -1, 6: 1}.get(weekday, 0))
        case "working":  # of taxes: neither a weekend nor Emancipation Day
            while day.weekday() > 4 or day == holiday("emancipation-day", year):
                day += timedelta(days=1)
            return day
        case "sunday-1":
            return day - timedelta(days=weekday == 6)
        case "leap-1":
            return day - timedelta(days=isleap(year))
        case "leap":
            return day if isleap(year) else None
        case "monday":
            return _on_weekday(day, 0, -1)
        case "friday":  # the last one of Ramadan
            return _on_weekday(day - timedelta(days=1), 4, -1)
        case "holy":  # gives way to Holy Saturday
            return day - timedelta(days=7 * (day == calendars.easter(year) - timedelta(days=1)))
        case "shoah":  # not beside a Sabbath
            return day + timedelta(days={4: -1, 6: 1}.get(weekday, 0) - 1)
        case "haatzmaut":
            return day + timedelta(days={4: -1, 5: -2, 0: 1}.get(weekday, 0) - 1)
        case "av":
            return day + timedelta(days=(weekday == 5) - 1)
    return day


def next_holiday(name: str, first: date) -> date | None:
    """The first such holiday from a day on; not every one comes every year."""
    found = (holiday(name, year) for year in range(first.year, first.year + YEARS))
    return next((day for day in found if day and day >= first), None)


def last_holiday(name: str, before: date) -> date | None:
    found = (holiday(name, year) for year in range(before.year, before.year - YEARS, -1))
    return next((day for day in found if day and day < before), None)
