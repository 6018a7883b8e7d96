"""What follows the core of a recurrence: places, parts of the day, times, weeks, "after completion"."""

from todotasks.language.lexer.tokens import NUMBER, Tokens
from todotasks.language.recurrence.places import DAY_UNIT, between_items, of_months, places, scope, times
from todotasks.language.recurrence.rrule import RuleDraft
from todotasks.language.time.clock import time_range
from todotasks.language.time.expression import Scan, TimeOfDay
from todotasks.language.time.relative_days import title_goes_on
from todotasks.language.words import roles as r

MOST_WEEKS = 53  # of a year


def after_core(rule: RuleDraft, s: Scan, j: int) -> int:
    """Places, parts of the day, times and "after completion" that follow the core."""
    t = s.t
    end = j
    for _ in range(6):
        start = end
        if t.masks[end] & r.COMPLETION:
            rule.completion = True
            end += 1
        if not rule.part and t.masks[end] & (r.PART | r.PLURAL_PART):
            rule.part, end = t.entries[end].part, end + 1
        elif (
            not rule.part
            and t.masks[end] & (r.IN | r.AT | r.ON)
            and t.masks[end + 1] & (r.PART | r.PLURAL_PART)
        ):
            rule.part, end = t.entries[end + 1].part, end + 2
        elif (
            not rule.part
            and t.masks[end] & r.IN
            and t.masks[end + 1] & r.ARTICLE
            and t.masks[end + 2] & r.PART
        ):
            rule.part, end = t.entries[end + 2].part, end + 3
        if rule.part and t.masks[end] & r.AND and t.masks[end + 1] & (r.PART | r.PLURAL_PART):
            rule.parts.append(t.entries[end + 1].part)
            end += 2
        if rule.window is None and rule.freq in {"HOURLY", "MINUTELY"}:
            end = _window(rule, s, end)
        if not rule.times or rule.spread:
            end = times(rule, s, end)
        end = _week_numbers(rule, t, end)
        end = _more_places(rule, t, end)
        if end == start:
            break
    return end


def _week_numbers(rule: RuleDraft, t: Tokens, j: int) -> int:
    """every Friday *in week 12 and 14*"""
    k = j + 1 if t.masks[j] & r.IN else j
    if k == j or rule.weeks or rule.freq not in {"WEEKLY", "YEARLY"}:
        return j
    if not t.masks[k] & r.UNIT or t.entries[k].unit != ("days", 7):
        return j
    end, k = j, k + 1
    while t.kinds[k] == NUMBER and 1 <= t.numbers[k] <= MOST_WEEKS and len(rule.weeks) < MOST_WEEKS:
        rule.weeks.append(t.numbers[k])
        end, k = k + 1, between_items(t, k + 1)
        if k == end:
            break
    return end


def _window(rule: RuleDraft, s: Scan, j: int) -> int:
    """every hour *from 9 to 17* · every 2 hours *between 8am and 8pm* · hourly *during office hours*"""
    t = s.t
    k = j + 1 if t.words[j] == "," else j
    if t.masks[k] & r.OFFICE_HOURS:
        rule.window = TimeOfDay(9), TimeOfDay(17)
        return k + 1
    k += bool(t.masks[k] & (r.FROM | r.BETWEEN | r.SINCE))
    found = time_range(s, k)
    if found is None or found.clock is None or found.end is None or found.end.clock is None:
        return j
    first, last = found.clock.copy(), found.end.clock.copy()
    if (last.hour, last.minute) <= (first.hour, first.minute) and last.hour < 12:
        last.hour += 12  # from 9 to 5
    if (last.hour, last.minute) <= (first.hour, first.minute):
        return j
    rule.window = first, last
    return found.j


def _more_places(rule: RuleDraft, t: Tokens, j: int) -> int:
    """every week *on sunday* · every month *on the 4th* · every year *on the 1st friday* · *in april* · gym
    mon every week
    """
    k = j + 1 if t.words[j] == "," else j
    weeks, odd = divmod(rule.interval, 7)
    if rule.freq == "DAILY" and weeks and not odd and not rule.days:  # every 14 days on tuesday
        n = k + 1 if t.masks[k] & r.ON else k
        if t.masks[n] & (r.WEEKDAY | r.PLURAL_DAY) and (n > k or t.masks[n] & r.PLURAL_DAY):
            rule.freq, rule.interval = "WEEKLY", weeks
            return places(rule, t, n) or j
    if rule.freq == "MONTHLY" and not rule.month_days and not rule.nth and t.masks[k] & (r.AT | r.ON):
        n = k + 1 if not t.masks[k + 1] & r.ARTICLE else k + 2
        if t.masks[n] & (r.END_OF | r.START_OF) and not t.masks[n + 1] & r.OF and (len(t.words[n]) < 12):
            rule.month_days.append(-1 if t.masks[n] & r.END_OF else 1)
            return n + 1  # each month at the end
    if t.masks[k] & r.IN and t.masks[k + 1] & r.MONTH and not rule.months:
        return of_months(rule, t, k)  # every monday in june, july and august
    said = t.masks[k] & (r.ON | r.IN | r.OF) or (k > j and t.masks[k] & r.WEEKDAY)
    placed = t.masks[k] & r.STARTING or rule.month_days or rule.nth or (rule.days and rule.freq != "DAILY")
    if placed and (rule.freq != "WEEKLY" or rule.days):
        unscoped = (rule.nth or rule.set_pos) and not rule.scope
        return (scope(rule, t, j, any_article=True) if unscoped else None) or j
    bare = t.masks[k] & r.PLURAL_DAY or (t.masks[k] & r.WEEKDAY and not title_goes_on(t, k + 1))
    if not said and not (bare and rule.freq == "WEEKLY"):
        return j
    n = k + 1 if t.masks[k] & (r.ON | r.IN | r.OF) else k
    if t.masks[n] & r.A and t.masks[n + 1] & r.WEEKDAY:
        n += 1  # on a monday
    if rule.freq == "WEEKLY" and t.masks[n] & r.EVERY:
        n += 1  # every 2 weeks on every weekday
        if t.masks[n] & r.UNIT and t.entries[n].unit == DAY_UNIT:
            rule.days = list(range(7))
            return n + 1
    bare_unit = t.masks[n] & r.ARTICLE and t.masks[n + 1] & r.UNIT and not t.masks[n + 1] & r.ORD
    if bare_unit and t.kinds[n + 2] != NUMBER:
        return j  # but: on the day 31
    probe = RuleDraft(n, n)
    probe.freq = rule.freq
    end = places(probe, t, n)
    if end is None:
        return j
    if rule.freq == "YEARLY" and probe.days and not probe.set_pos and not rule.weeks:
        weeks = _week_numbers(rule, t, end)  # every year on Fri in week 12
        rule.days.extend(probe.days if weeks > end else ())
        return weeks if weeks > end else j
    if not _fits(rule, probe):
        return j
    rule.days.extend(probe.days)
    rule.part = rule.part or probe.part
    rule.nth.extend(probe.nth)
    rule.month_days.extend(probe.month_days)
    rule.months.extend(probe.months)
    rule.set_pos.extend(probe.set_pos)
    if rule.freq == "YEARLY" and not rule.months and (rule.nth or rule.month_days):
        rule.scope = "year"
    scoped = scope(rule, t, end, any_article=True)
    return scoped or end


def _fits(rule: RuleDraft, probe: RuleDraft) -> bool:
    """Does the place belong to this rule? A monthly rule has no weekday without a number; a daily one has
    none.
    """
    if probe.days and not probe.set_pos:
        return rule.freq in {"MONTHLY", "WEEKLY", "HOURLY", "MINUTELY"} and not rule.days
    if probe.months and not probe.month_days and not probe.nth:
        return rule.freq in {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}
    return rule.freq in {"MONTHLY", "YEARLY"} or (not rule.freq and bool(rule.months))
