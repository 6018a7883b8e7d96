"""The Hindu lunar calendar: a festival is a lunar day of a lunar month, and the hour at which it must have
come.

Months end with the new moon (as in the south and west of India) and are named by the sign of the stars that
the sun is in when they begin; one in which it enters no sign is left out. Days are those of India.
"""

from datetime import date, timedelta
from math import floor

from todotasks.language.time.holidays.moon import (
    day_at,
    moment_at,
    moon,
    new_moon,
    new_moon_before,
    phase,
    sun,
    sun_reaches,
)

INDIA = 5.5  # hours ahead of UTC
SUNRISE, MORNING, MIDDAY, AFTERNOON, DUSK, EVENING, MIDNIGHT = 6.4, 9.5, 12.3, 14.7, 18.6, 20.3, 24.3
_AYANAMSA_2000, _PRECESSION = 23.853, 50.29 / 3600  # how far the signs have moved from the stars (Lahiri)
_LUNAR_DAY = 12.0  # degrees


def stars(moment: float) -> float:
    """The sun's longitude among the stars."""
    return (sun(moment) - _ayanamsa(moment)) % 360


def _ayanamsa(moment: float) -> float:
    return _AYANAMSA_2000 + _PRECESSION * moment / 365.25


def lunar(year: int, month: int, lunar_day: int, hour: float) -> date | None:
    """The day of a year at whose `hour` the lunar day runs: 1 is Chaitra; 15 is full, 30 is new moon."""
    first = new_moon_before(moment_at(date(year, 1, 1), 0)) - 1
    for number in range(first, first + 15):
        sign = floor(stars(new_moon(number)) / 30)
        if sign != (month - 2) % 12 or sign == floor(stars(new_moon(number + 1)) / 30):
            continue
        found = _in_month(number, lunar_day, hour)
        if found.year == year:
            return found
    return None


def _in_month(number: int, lunar_day: int, hour: float) -> date:
    """The first day of a month whose `hour` lies in the lunar day; where none does, the day that it begins
    on.
    """
    day = day_at(new_moon(number), INDIA) + timedelta(days=max(lunar_day - 3, -1))
    begins = new_moon(number)
    for _ in range(6):
        moment = moment_at(day, hour - INDIA)
        passed = (moment - begins) / 29.53 * 360
        angle = phase(moment) + 360 * round((passed - phase(moment)) / 360)
        if angle >= (lunar_day - 1) * _LUNAR_DAY:
            skipped = hour <= MIDDAY and angle >= lunar_day * _LUNAR_DAY
            return day - timedelta(days=skipped)
        day += timedelta(days=1)
    return day


def sankranti(year: int, sign: int, latest: float) -> date:
    """The day the sun enters a sign of the stars; the next one where that is later than `latest` o'clock."""
    moment = sun_reaches(30.0 * sign, year, stars)
    return day_at(moment + (24 - latest) / 24, INDIA)


def onam(year: int) -> date | None:
    """Thiruvonam: the moon is in Shravana (280° to 293°20') at sunrise, the sun in Leo."""
    day = sankranti(year, 5, 24)
    for _ in range(31):
        day -= timedelta(days=1)
        moment = moment_at(day, SUNRISE - INDIA)
        if 280 <= (moon(moment) - _ayanamsa(moment)) % 360 < 280 + 40 / 3:
            return day
    return None
