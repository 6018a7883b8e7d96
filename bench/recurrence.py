"""next_after near the start and far from it, against dateutil, croniter and cronsim, in one run.

    python bench/recurrence.py

Prints microseconds of CPU a call (the best of several rounds, so that a busy machine changes little) and the
ratio to ours. `parse` is what a rule costs to read.
"dateutil" is given the rule's start and asked for `after(instant)`, which walks from the start; a call is
given up after a second.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter
from cronsim import CronSim
from dateutil.rrule import rrulestr

from todotasks.recurrence import Rule, RuleSpec, parse_rule

ZONE = "Europe/Berlin"
START = datetime(1990, 1, 1, 9)  # noqa: DTZ001 - wall-clock times: the rule has the zone
NEAR = datetime(1990, 3, 1, 12)  # noqa: DTZ001
FAR = datetime(2026, 11, 21, 12)  # noqa: DTZ001
RRULES = [
    "FREQ=DAILY",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "FREQ=MINUTELY;INTERVAL=15",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
]
CRONS = ["0 9 * * 1-5", "*/15 * * * *", "0 0 29 2 *", "30 2 * * *"]
PATIENCE = 1.0  # seconds


class GivenUp(Exception):
    pass


@contextmanager
def patience() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise GivenUp

    signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def micros(call: Callable[[], object]) -> float | None:
    """Microseconds of a call; None when one call takes longer than our patience."""
    try:
        with patience():
            begin = time.thread_time()
            call()
            once = time.thread_time() - begin
    except GivenUp:
        return None
    number = max(1, int(0.02 / max(once, 1e-5)))
    rounds = []
    for _ in range(7):
        begin = time.thread_time()
        for _ in range(number):
            call()
        rounds.append((time.thread_time() - begin) / number)
    return min(rounds) * 1e6


def read(spec: RuleSpec) -> Rule:
    rule = parse_rule(spec)
    assert isinstance(rule, Rule), rule
    return rule


def row(what: str, when: str, ours: float | None, **others: float | None) -> None:
    cells = [f"{what:48} {when:5} {ours or 0:9.1f}"]
    for name, value in others.items():
        cells.append(
            f"{name} > {PATIENCE:.0f} s"
            if value is None
            else f"{name} {value:9.1f} ({value / (ours or 1):6.1f}x)"
        )
    print("   ".join(cells))


def main() -> None:
    zone = ZoneInfo(ZONE)
    for text in RRULES:
        spec = RuleSpec(rrule=text, start=START, time_zone=ZONE)
        row(
            text,
            "parse",
            micros(lambda s=spec: read(s)),
            dateutil=micros(lambda t=text: rrulestr(t, dtstart=START)),
        )
        rule, theirs = read(spec), rrulestr(text, dtstart=START)
        for when, instant in (("near", NEAR), ("far", FAR)):
            at = instant.replace(tzinfo=zone)
            # dateutil gets naive times: the zone would only make it slower.
            row(
                "",
                when,
                micros(lambda r=rule, a=at: r.next_after(a)),
                dateutil=micros(lambda t=theirs, i=instant: t.after(i)),
            )
    for text in CRONS:
        spec = RuleSpec(cron=text, time_zone=ZONE)
        at = FAR.replace(tzinfo=zone)
        row(
            text,
            "parse",
            micros(lambda s=spec: read(s)),
            croniter=micros(lambda t=text, a=at: croniter(t, a)),
            cronsim=micros(lambda t=text, a=at: CronSim(t, a)),
        )
        rule = read(spec)
        row(
            "",
            "next",
            micros(lambda r=rule, a=at: r.next_after(a)),
            croniter=micros(lambda t=text, a=at: croniter(t, a).get_next(datetime)),
            cronsim=micros(lambda t=text, a=at: next(CronSim(t, a))),
        )
    counted = read(RuleSpec(rrule="FREQ=DAILY;COUNT=100000", start=START, time_zone=ZONE))
    begin = time.thread_time()
    counted.next_after(FAR.replace(tzinfo=zone))
    row("FREQ=DAILY;COUNT=100000, first question", "far", (time.thread_time() - begin) * 1e6)
    row("", "again", micros(lambda: counted.next_after(FAR.replace(tzinfo=zone) + timedelta(days=1))))


if __name__ == "__main__":
    main()
