"""Other calendars' days in ours: the Hebrew year, the months of Umm al-Qura, the Chinese months, both
Easters.
"""

from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from math import floor

from todotasks.language.time.holidays.moon import (
    day_at,
    moment_at,
    new_moon,
    new_moon_before,
    sun,
    sun_reaches,
)

# ── Easter ───────────────────────────────────────────────────────────────────────────────────────────────


def easter(year: int) -> date:
    """Easter Sunday (Gregorian), by Butcher's rule."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def pascha(year: int) -> date:
    """Easter Sunday of the Orthodox churches, in our calendar: Meeus' rule for the Julian one."""
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=year // 100 - year // 400 - 2)


# ── the Hebrew calendar ──────────────────────────────────────────────────────────────────────────────────
_HEBREW_EPOCH = -1373427  # the day before the first of Tishri of year 1, as an ordinal of ours
_FROM_NISAN = 163  # days from Passover to the New Year behind it


def rosh_hashanah(year: int) -> date:
    """The first of Tishri that lies in a year of ours."""
    hebrew = year + 3761
    before, now, after = (_molad_day(hebrew + n) for n in (-1, 0, 1))
    late = 2 if after - now == 356 else 1 if now - before == 382 else 0
    return date.fromordinal(_HEBREW_EPOCH + now + late)


def _molad_day(hebrew: int) -> int:
    months = (235 * hebrew - 234) // 19
    parts = 12084 + 13753 * months
    day = 29 * months + parts // 25920
    return day + 1 if 3 * (day + 1) % 7 < 3 else day


def passover(year: int) -> date:
    return rosh_hashanah(year) - timedelta(days=_FROM_NISAN)


def kislev(year: int) -> date:
    """The first of Kislev: Heshvan before it has 29 days or 30."""
    length = (rosh_hashanah(year + 1) - rosh_hashanah(year)).days
    return rosh_hashanah(year) + timedelta(days=30 + 29 + (length % 10 == 5))


def shevat(year: int) -> date:
    """The first of Shevat of the Hebrew year that began in the year before."""
    length = (rosh_hashanah(year) - rosh_hashanah(year - 1)).days
    return kislev(year - 1) + timedelta(days=30 - (length % 10 == 3) + 29)


# ── the Islamic calendar ─────────────────────────────────────────────────────────────────────────────────
# Umm al-Qura as it was published for 1343 to 1500 after the Hijra: six hexadecimal digits a year, two bits
# a month, how many days it has over 28 (a month was put right afterwards now and then, so 28 and 31 occur).
_MONTHS = (
    "9a6a2a59999999d8a65a69695a69a5999a5c999a8e6659a69995a69999999a66966669999999a6599a5999999aa65969a9965999999a"
    "99999999999999999a9998a999999a99999999999999999a999a6999999999666a66659a666666999a5a99996965a99996669a999999"
    "6666669999999a65999a69666699999999999a59a9a5999a59999a69999999999a999a6599999a59999a99599a9999699a65999a9966"
    "669999999a66666669a6599a666599a999666a665969a9965a69999999a66666669999669a66599a9996669a65969a9965a69a5966a6"
    "6659a699996699a66599a9996669a6659aa6595aa69656a69996669a65999a66996669a6599a69965a9a65969a6966666999966a6665"
    "9a69996669a59999a66666669a59969a96599a999666a66599a69966669999999a6696666a65966a69659a9999669a66599a69996669"
    "a65999a996666a59996a66665a66999666a665969a9965a6a65969a6665a6699999999a6659a6999666a66596a9996669a65999a6666"
    "5a69a59699a9659a699996699a6599a6996666a65966a69659a6a59669a66599a669666669a6599a69965a6a65969a6965a66a59999a"
    "66659a6999666a66599a699666699a5999a69665a6a59666a66599a9996669a59999a666666669a5966a"
)
FIRST_HIJRI, _HIJRI_BEGINS = 1343, date(1924, 8, 1)
LAST_HIJRI = FIRST_HIJRI + len(_MONTHS) // 6 - 1


def islamic(hijri: int, month: int, day: int) -> date | None:
    """A day of Umm al-Qura in our calendar; None outside of the years that it is published for."""
    if not FIRST_HIJRI <= hijri <= LAST_HIJRI:
        return None
    return _HIJRI_BEGINS + timedelta(days=_month_starts()[12 * (hijri - FIRST_HIJRI) + month - 1] + day - 1)


@cache
def _month_starts() -> tuple[int, ...]:
    """Days from the first month of the table to each of its months."""
    years = (int(_MONTHS[place : place + 6], 16) for place in range(0, len(_MONTHS), 6))
    lengths = (28 + (year >> 2 * (11 - month) & 3) for year in years for month in range(12))
    return tuple(accumulate(lengths, initial=0))


def islamic_in(year: int, month: int, day: int) -> date | None:
    """The first such day in a year of ours: the Islamic year is eleven days shorter."""
    guess = round((year - 622) * 33 / 32)
    for hijri in range(guess - 1, guess + 3):
        found = islamic(hijri, month, day)
        if found is not None and found.year == year:
            return found
    return None


# ── the Chinese calendar ─────────────────────────────────────────────────────────────────────────────────
_BEIJING = 8  # hours ahead of UTC


def chinese(year: int, month: int, day: int) -> date:
    """A day of the Chinese year that begins in a year of ours; leap months are no holidays."""
    winter, following = (_month_of_winter(each) for each in (year - 1, year))
    leap = 13
    if following - winter == 13:  # the first month in which the sun enters no sign is counted twice
        leap = next(n for n in range(1, 13) if _sign_at(winter + n) == _sign_at(winter + n + 1))
    number = winter + month + 1
    number += leap <= month + 1
    return _begins(number) + timedelta(days=day - 1)


def _begins(number: int) -> date:
    return day_at(new_moon(number), _BEIJING)


def _sign_at(number: int) -> int:
    """The sign that the sun is in when the day of a new moon begins."""
    return floor(sun(moment_at(_begins(number), -_BEIJING)) / 30)


def _month_of_winter(year: int) -> int:
    """The eleventh month: the solstice lies in it."""
    solstice = sun_reaches(270, year)
    number = new_moon_before(solstice) + 1
    while _begins(number) > day_at(solstice, _BEIJING):
        number -= 1
    return number


def sun_term(year: int, longitude: float) -> date:
    """The day the sun comes to a longitude, in China: 15° is Qingming."""
    return day_at(sun_reaches(longitude, year), _BEIJING)
