"""Where sun and moon stand: what the calendars of China and India are made of.

The largest terms of Meeus, "Astronomical Algorithms" (1998), chapters 25, 47 and 49: good to a hundredth of a degree,
which is a minute of the moon. Longitudes are degrees of the ecliptic of the day; moments are days since noon UTC
of 1 January 2000.
"""

# ruff: noqa: E501 - a table is read along its line

from collections.abc import Callable
from datetime import date
from functools import cache
from math import floor, radians, sin

MONTH = 29.530588861  # days from new moon to new moon, in the mean
YEAR = 365.2422
_FIRST_NEW = 5.09766  # the mean new moon of January 2000
_CENTURY = 36525.0
_NOON_2000 = date(2000, 1, 1).toordinal() + 0.5

# (millionths of a degree; multiples of D, M, M', F): the sines of the moon's longitude
_MOON = (
    (6288774, 0, 0, 1, 0), (1274027, 2, 0, -1, 0), (658314, 2, 0, 0, 0), (213618, 0, 0, 2, 0), (-185116, 0, 1, 0, 0),
    (-114332, 0, 0, 0, 2), (58793, 2, 0, -2, 0), (57066, 2, -1, -1, 0), (53322, 2, 0, 1, 0), (45758, 2, -1, 0, 0),
    (-40923, 0, 1, -1, 0), (-34720, 1, 0, 0, 0), (-30383, 0, 1, 1, 0), (15327, 2, 0, 0, -2), (-12528, 0, 0, 1, 2),
    (10980, 0, 0, 1, -2), (10675, 4, 0, -1, 0), (10034, 0, 0, 3, 0), (8548, 4, 0, -2, 0), (-7888, 2, 1, -1, 0),
    (-6766, 2, 1, 0, 0), (-5163, 1, 0, -1, 0), (4987, 1, 1, 0, 0), (4036, 2, -1, 1, 0), (3994, 2, 0, 2, 0),
    (3861, 4, 0, 0, 0), (3665, 2, 0, -3, 0), (-2689, 0, 1, -2, 0), (-2602, 2, 0, -1, 2), (2390, 2, -1, -2, 0),
    (-2348, 1, 0, 1, 0), (2236, 2, -2, 0, 0),
)  # fmt: skip


def moment_at(day: date, hour: float) -> float:
    """An hour of a day, UTC, as a moment."""
    return day.toordinal() + hour / 24 - _NOON_2000


def day_at(moment: float, zone: float) -> date:
    """The day of a moment where clocks are `zone` hours ahead of UTC."""
    return date.fromordinal(floor(moment + zone / 24 + _NOON_2000))


def sun(moment: float) -> float:
    t = moment / _CENTURY
    m = radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * sin(m) + 0.019993 * sin(2 * m) + 0.000289 * sin(3 * m)
    return (280.46646 + 36000.76983 * t + centre - 0.00569) % 360


def moon(moment: float) -> float:
    t = moment / _CENTURY
    d = radians(297.8501921 + 445267.1114034 * t)
    m = radians(357.5291092 + 35999.0502909 * t)
    n = radians(134.9633964 + 477198.8675055 * t)
    f = radians(93.2720950 + 483202.0175233 * t)
    total = sum(size * sin(a * d + b * m + c * n + e * f) for size, a, b, c, e in _MOON)
    return (218.3164477 + 481267.88123421 * t + total / 1e6) % 360


def phase(moment: float) -> float:
    """How far the moon is ahead of the sun: 0 is new, 180 is full."""
    return (moon(moment) - sun(moment)) % 360


@cache
def new_moon(number: int) -> float:
    """The moment of a new moon, counted from January 2000."""
    return _settled(_FIRST_NEW + MONTH * number, phase, MONTH / 360)


def new_moon_before(moment: float) -> int:
    """The number of the last new moon at or before a moment."""
    number = floor((moment - _FIRST_NEW) / MONTH) + 1
    while new_moon(number) > moment:
        number -= 1
    return number


def sun_reaches(longitude: float, year: int, shift: Callable[[float], float] = sun) -> float:
    """When the sun comes to a longitude in a year; `shift` may count it from the stars."""
    begin = moment_at(date(year, 1, 1), 0)
    guess = begin + ((longitude - shift(begin)) % 360) / 360 * YEAR
    return _settled(guess, lambda moment: shift(moment) - longitude, YEAR / 360)


def _settled(guess: float, angle: Callable[[float], float], days: float) -> float:
    """The moment near `guess` where an angle is nought; `days`: how long it takes for a degree."""
    for _ in range(6):
        off = (angle(guess) + 180) % 360 - 180
        guess -= off * days
        if abs(off) < 1e-5:
            break
    return guess
