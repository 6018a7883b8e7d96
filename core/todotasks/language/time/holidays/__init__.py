"""Holidays as rules, not as tables of dates: `holiday(name, year)` is the day of any year.

Fixed days, weekdays of a month, days from Easter, and the moving ones of the Hebrew, Islamic, Chinese and
Hindu calendars. Names are words (`words/<language>/holidays`). May import `time.arithmetic`.
"""

from todotasks.language.time.holidays.rules import holiday, last_holiday, lasts, next_holiday

__all__ = ["holiday", "last_holiday", "lasts", "next_holiday"]
