"""Random rules, zones and instants against the slow oracle. Zones and days are those where clocks change."""

import os
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.recurrence.oracle import DAYS, CronOracle, RRuleOracle
from todotasks.recurrence import Rule, RuleSpec, parse_rule

# Zone and a local time near a change of its clocks: gaps and folds of an hour, of 30 and 45 minutes, over
# midnight, of a whole day, backward summer time, and several changes in one spring.
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, 2)),
    ("Europe/Berlin", datetime(2026, 10, 25, 2)),
    ("America/New_York", datetime(2026, 11, 1, 1)),
    ("Australia/Lord_Howe", datetime(2026, 4, 5, 1, 30)),
    ("Australia/Lord_Howe", datetime(2026, 10, 4, 2)),
    ("Pacific/Chatham", datetime(2026, 4, 5, 3)),
    ("Pacific/Chatham", datetime(2026, 9, 27, 3)),
    ("Pacific/Apia", datetime(2011, 12, 30)),
    ("Pacific/Kwajalein", datetime(1993, 8, 21)),
    ("Pacific/Kiritimati", datetime(1994, 12, 31)),
    ("Africa/Casablanca", datetime(2026, 2, 15, 3)),
    ("Africa/Casablanca", datetime(2026, 3, 22, 2)),
    ("Africa/El_Aaiun", datetime(2027, 3, 14, 2)),
    ("America/Sao_Paulo", datetime(2018, 11, 4)),
    ("America/Sao_Paulo", datetime(2018, 2, 17, 23)),
    ("Asia/Beirut", datetime(2026, 3, 29)),
    ("Africa/Cairo", datetime(2026, 4, 24)),
    ("Africa/Cairo", datetime(2026, 10, 29, 23)),
    ("America/Nuuk", datetime(2026, 3, 28, 22)),
    ("Asia/Gaza", datetime(2040, 10, 20, 2)),
    ("Antarctica/Troll", datetime(2026, 3, 29, 1)),
    ("Europe/Dublin", datetime(2026, 10, 25, 1)),
    ("Africa/Freetown", datetime(1939, 9, 1)),
    ("America/Caracas", datetime(2007, 12, 9, 3)),
    ("Asia/Pyongyang", datetime(2018, 5, 4, 23, 30)),
    ("Asia/Kathmandu", datetime(1986, 1, 1)),
    ("Europe/Amsterdam", datetime(1937, 7, 1)),
    ("UTC", datetime(2026, 2, 28)),
]


def read(rule: str, start: datetime, zone: str) -> Rule:
    read_rule = parse_rule(RuleSpec(rrule=rule, start=start.isoformat(), time_zone=zone))
    assert isinstance(read_rule, Rule), read_rule
    return read_rule


def by(draw: st.DrawFn, name: str, values: st.SearchStrategy[int], most: int = 3) -> list[str]:
    chosen = draw(st.lists(values, min_size=1, max_size=most, unique=True))
    return [f"{name}={','.join(map(str, chosen))}"]


def signed(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high) | st.integers(-high, -low)


@st.composite
def day_parts(draw: st.DrawFn, freq: str, *, generous: bool = False) -> list[str]:
    """Parts that select days. `generous` ones leave several days a month."""
    parts: list[str] = []
    if draw(st.integers(0, 3)) == 0:
        parts += by(draw, "BYMONTH", st.integers(1, 12), 8 if generous else 3)
    kinds = ["BYDAY", "BYMONTHDAY", "BYWEEKNO", "BYYEARDAY"]
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=1 if generous else 2, unique=True)):
        if kind == "BYMONTHDAY":
            parts += by(draw, kind, signed(1, 31), 6)
        elif kind == "BYYEARDAY":
            parts += by(draw, kind, signed(1, 366), 12)
        elif kind == "BYWEEKNO":
            parts += by(draw, kind, signed(1, 53), 8)
        else:
            nth = freq in ("YEARLY", "MONTHLY") and not any(part.startswith("BYWEEKNO") for part in parts)
            number = signed(1, 5) if freq == "MONTHLY" else signed(1, 53)
            item = st.sampled_from(DAYS)
            if nth and not generous:
                item |= st.tuples(number, st.sampled_from(DAYS)).map(lambda pair: f"{pair[0]}{pair[1]}")
            days = draw(st.lists(item, min_size=1, max_size=4, unique=True))
            parts.append(f"BYDAY={','.join(days)}")
    names = {part.split("=")[0] for part in parts}
    if "BYWEEKNO" in names and any(
        part.startswith("BYDAY=") and any(c.isdigit() for c in part) for part in parts
    ):
        parts = [part for part in parts if not part.startswith("BYWEEKNO")]
    return parts


@st.composite
def coarse_rules(draw: st.DrawFn) -> str:
    """Daily to yearly, with a few times of day."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", *draw(day_parts(freq))]
    if draw(st.booleans()):
        largest = {"DAILY": 40, "WEEKLY": 9, "MONTHLY": 14, "YEARLY": 4}[freq]
        parts.append(f"INTERVAL={draw(st.integers(1, largest))}")
    if draw(st.integers(0, 2)) == 0:
        parts += by(draw, "BYHOUR", st.integers(0, 23))
    if draw(st.integers(0, 2)) == 0:
        parts += by(draw, "BYMINUTE", st.integers(0, 59), 2)
    if draw(st.integers(0, 2)) == 0:
        parts.append(f"WKST={draw(st.sampled_from(DAYS))}")
    if draw(st.integers(0, 3)) == 0 and any(part.startswith("BY") for part in parts):
        parts += by(draw, "BYSETPOS", signed(1, 8))
    return ";".join(parts)


@st.composite
def fine_rules(draw: st.DrawFn) -> str:
    """Every so many hours or minutes."""
    freq = draw(st.sampled_from(["HOURLY", "MINUTELY"]))
    parts = [f"FREQ={freq}", *(draw(day_parts(freq, generous=True)) if draw(st.booleans()) else [])]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 60 if freq == 'HOURLY' else 3000))}")
    if draw(st.integers(0, 2)) == 0:
        parts += by(draw, "BYHOUR", st.integers(0, 23), 6)
    if draw(st.integers(0, 2)) == 0:
        parts += by(draw, "BYMINUTE", st.integers(0, 59), 4)
    if draw(st.integers(0, 4)) == 0 and any(part.startswith("BY") for part in parts):
        parts += by(draw, "BYSETPOS", signed(1, 4), 2)
    return ";".join(parts)


def agree(rule: str, zone: str, start: datetime, window: tuple[datetime, datetime], step: timedelta) -> None:
    """next_after, previous and between give, within the window, exactly what the oracle gives.

    The oracle is asked for more than the window, so that no period is cut (BYSETPOS) and nothing that
    moved over the edge with the clocks is missed.
    """
    margin = timedelta(days=370) if "BYSETPOS" in rule and "YEARLY" in rule else timedelta(days=33)
    low, high = (edge.replace(tzinfo=UTC) for edge in window)
    oracle = RRuleOracle(rule, start)
    asked = oracle.instants(ZoneInfo(zone), window[0] - margin, window[1] + margin, step)
    expected = [at for at in asked if low <= at < high]
    subject = read(rule, start, zone)
    assert subject.between(low, high) == expected
    # One by one, forwards and backwards.
    forward, at = [], subject.next_after(low, inclusive=True)
    while at is not None and at < high:
        forward.append(at)
        at = subject.next_after(at)
    assert forward == expected
    backward, at = [], subject.previous(high)
    while at is not None and at >= low:
        backward.append(at)
        at = subject.previous(at)
    assert backward[::-1] == expected


# Enough to notice a mistake; a change of the engine deserves `TODO_ORACLE_EXAMPLES=2000` once.
EXAMPLES = int(os.environ.get("TODO_ORACLE_EXAMPLES", "50"))
SLOW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@SLOW
@given(
    rule=coarse_rules(),
    change=st.sampled_from(CHANGES),
    before=st.integers(0, 200_000),
    minute=st.integers(0, 1439),
)
@example("FREQ=DAILY", CHANGES[0], 0, 150)
@example("FREQ=DAILY", CHANGES[7], 2 * 1440, 540)
@example("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,15,30,45", CHANGES[4], 1440, 120)
def test_daily_to_yearly_rules_fire_when_the_oracle_says(
    rule: str, change: tuple[str, datetime], before: int, minute: int
) -> None:
    zone, near = change
    start = (near - timedelta(minutes=before)).replace(hour=minute // 60, minute=minute % 60)
    agree(rule, zone, start, (near - timedelta(days=40), near + timedelta(days=400)), timedelta(minutes=1))


@SLOW
@given(
    rule=fine_rules(),
    change=st.sampled_from(CHANGES),
    before=st.integers(0, 30_000),
)
@example("FREQ=HOURLY", CHANGES[0], 1440)
@example("FREQ=MINUTELY;INTERVAL=15", CHANGES[1], 1440)
@example("FREQ=MINUTELY;INTERVAL=7", CHANGES[4], 1440)
@example("FREQ=HOURLY;INTERVAL=5", CHANGES[7], 3000)
def test_hourly_and_minutely_rules_fire_when_the_oracle_says(
    rule: str, change: tuple[str, datetime], before: int
) -> None:
    zone, near = change
    agree(
        rule,
        zone,
        near - timedelta(minutes=before),
        (near - timedelta(days=2), near + timedelta(days=3)),
        timedelta(minutes=1),
    )


@settings(max_examples=max(EXAMPLES // 4, 1), deadline=None)
@given(
    interval=st.integers(1, 100_000),
    seconds=st.lists(st.integers(0, 59), max_size=3, unique=True),
    minutes=st.lists(st.integers(0, 59), max_size=3, unique=True),
    change=st.sampled_from(CHANGES),
    before=st.integers(0, 100_000),
)
def test_secondly_rules_fire_when_the_oracle_says(
    interval: int, seconds: list[int], minutes: list[int], change: tuple[str, datetime], before: int
) -> None:
    zone, near = change
    parts = [f"FREQ=SECONDLY;INTERVAL={interval}"]
    parts += [f"BYSECOND={','.join(map(str, seconds))}"] if seconds else []
    parts += [f"BYMINUTE={','.join(map(str, minutes))}"] if minutes else []
    rule, start = ";".join(parts), near - timedelta(seconds=before)
    window = (near - timedelta(minutes=100), near + timedelta(minutes=100))
    low, high = (edge.replace(tzinfo=UTC) for edge in window)
    # A day is enough to look at: offsets reach from -12 to +14 hours, and the clocks move by an hour.
    asked = RRuleOracle(rule, start).instants(
        ZoneInfo(zone), near - timedelta(hours=27), near + timedelta(hours=27), timedelta(seconds=1)
    )
    assert read(rule, start, zone).between(low, high) == [at for at in asked if low <= at < high]


def field(draw: st.DrawFn, low: int, high: int) -> tuple[str, set[int], bool]:
    """A field of cron: its text, the set it means, whether it begins with a star."""
    everything = set(range(low, high + 1))
    kind = draw(st.sampled_from(["*", "*/n", "list", "range"]))
    if kind == "*":
        return "*", everything, True
    if kind == "*/n":
        step = draw(st.integers(1, high))
        return f"*/{step}", set(range(low, high + 1, step)), True
    if kind == "list":
        chosen = draw(st.lists(st.integers(low, high), min_size=1, max_size=4, unique=True))
        return ",".join(map(str, chosen)), set(chosen), False
    first = draw(st.integers(low, high))
    last = draw(st.integers(first, high))
    return f"{first}-{last}", set(range(first, last + 1)), False


@st.composite
def crons(draw: st.DrawFn) -> tuple[str, CronOracle]:
    fields = [
        field(draw, 0, 59),
        field(draw, 0, 23),
        field(draw, 1, 31) if draw(st.booleans()) else ("*", set(range(1, 32)), True),
        field(draw, 1, 12) if draw(st.integers(0, 3)) == 0 else ("*", set(range(1, 13)), True),
        field(draw, 0, 6) if draw(st.booleans()) else ("*", set(range(7)), True),
    ]
    oracle = CronOracle(
        *(values for _, values, _ in fields),
        either=not (fields[2][2] or fields[4][2]),
        real=fields[0][2] or fields[1][2],
    )
    return " ".join(text for text, _, _ in fields), oracle


@SLOW
@given(cron=crons(), change=st.sampled_from(CHANGES))
def test_cron_fires_when_the_oracle_says(cron: tuple[str, CronOracle], change: tuple[str, datetime]) -> None:
    text, oracle = cron
    zone, near = change
    low, high = near - timedelta(days=2), near + timedelta(days=3)
    margin = timedelta(days=2)
    subject = parse_rule(RuleSpec(cron=text, time_zone=zone))
    if isinstance(subject, list):
        assert "never fires" in subject[0].message
        return
    begin, end = low.replace(tzinfo=UTC), high.replace(tzinfo=UTC)
    expected = [
        at for at in oracle.instants(ZoneInfo(zone), low - margin, high + margin) if begin <= at < end
    ]
    assert subject.between(begin, end) == expected
    backward, at = [], subject.previous(end)
    while at is not None and at >= begin:
        backward.append(at)
        at = subject.previous(at)
    assert backward[::-1] == expected


@SLOW
@given(
    rule=coarse_rules() | fine_rules(),
    change=st.sampled_from(CHANGES),
    before=st.integers(0, 20_000),
    count=st.integers(1, 60),
)
def test_count_ends_after_exactly_so_many_occurrences(
    rule: str, change: tuple[str, datetime], before: int, count: int
) -> None:
    zone, near = change
    start = near - timedelta(minutes=before)
    without = read(rule, start, zone).first(count + 1)
    counted = read(f"{rule};COUNT={count}", start, zone)
    assert counted.first(count + 1) == without[:count]
    # Asked from the far end first, before anything was counted.
    end = datetime(9000, 1, 1, tzinfo=UTC)
    fresh = read(f"{rule};COUNT={count}", start, zone)
    if len(without) > count:
        assert fresh.previous(end) == without[count - 1]
        assert fresh.next_after(without[count - 1]) is None
        assert fresh.next_after(without[0] - timedelta(days=1)) == without[0]


@SLOW
@given(
    rule=coarse_rules() | fine_rules(),
    change=st.sampled_from(CHANGES),
    before=st.integers(0, 20_000),
    ahead=st.integers(0, 60_000_000),
)
def test_next_and_previous_are_inverse(
    rule: str, change: tuple[str, datetime], before: int, ahead: int
) -> None:
    zone, near = change
    subject = read(rule, near - timedelta(minutes=before), zone)
    found = subject.next_after(near.replace(tzinfo=UTC) + timedelta(minutes=ahead))
    if found is None:
        return
    assert subject.next_after(found - timedelta(seconds=1)) == found
    assert subject.next_after(found, inclusive=True) == found
    assert subject.previous(found + timedelta(microseconds=1)) == found
    earlier = subject.previous(found)
    if earlier is not None:
        assert earlier < found
        assert subject.next_after(earlier) == found


@pytest.mark.parametrize(("zone", "near"), CHANGES, ids=[f"{zone} {near:%Y-%m-%d}" for zone, near in CHANGES])
def test_every_quarter_of_an_hour_across_the_change_is_neither_lost_nor_doubled(
    zone: str, near: datetime
) -> None:
    start = near - timedelta(days=2)
    window = (near - timedelta(days=1, hours=6), near + timedelta(days=2))
    for rule in ("FREQ=MINUTELY;INTERVAL=15", "FREQ=DAILY;BYHOUR=0,1,2,3,23;BYMINUTE=0,10,20,30,40,50"):
        agree(rule, zone, start, window, timedelta(minutes=1))
