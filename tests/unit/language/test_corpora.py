"""The public corpora: shares of exact readings that must not fall.

`python -m bench.language --failures` prints what is read otherwise. Day parts are a habit: chrono's
morning is at six, Todoist's at nine, ours is Todoist's; the shares count that against us.
"""

import pytest
from bench.language import Row, corpora, later_cases, public_cases, score

DATED = ("date", "datetime", "time")

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(
        not corpora().is_dir(), reason=f"no corpora in {corpora()}; set TODO_CORPORA to where they are"
    ),
]


@pytest.fixture(scope="module")
def table() -> dict[tuple[str, str], Row]:
    return score(list(public_cases()), [])


def share(table: dict[tuple[str, str], Row], *kinds: str, corpus: str = "") -> float:
    rows = [row for (name, kind), row in table.items() if kind in kinds and name.startswith(corpus)]
    return sum(row.right for row in rows) / sum(row.total for row in rows)


def test_dates_and_times_are_exact(table: dict[tuple[str, str], Row]) -> None:
    assert share(table, "date", "datetime", "time") >= 0.94


def test_dates_and_times_are_exact_where_the_day_parts_are_those_of_the_corpus() -> None:
    table = score([case for case in public_cases() if case.kind in DATED], [], habits=True)
    assert share(table, *DATED) >= 0.95


def test_dates_and_times_of_recognizers_are_exact(table: dict[tuple[str, str], Row]) -> None:
    assert share(table, "date", "datetime", "time", corpus="recognizers") >= 0.95


def test_recurrences_give_the_same_next_five_days(table: dict[tuple[str, str], Row]) -> None:
    assert share(table, "recurrence") >= 0.96


def test_sentences_without_a_date_are_left_alone(table: dict[tuple[str, str], Row]) -> None:
    assert share(table, "none") >= 0.97


def test_spoken_intents_are_recognized(table: dict[tuple[str, str], Row]) -> None:
    assert share(table, "intent") >= 0.925


@pytest.fixture(scope="module")
def later() -> dict[tuple[str, str], Row]:
    return score(list(later_cases()), [])


@pytest.mark.skipif(not list(later_cases()), reason="the later halves are not there")
def test_the_days_of_duckling_are_right(later: dict[tuple[str, str], Row]) -> None:
    assert share(later, "day", corpus="duckling") >= 0.94


@pytest.mark.skipif(not list(later_cases()), reason="the later halves are not there")
def test_the_rhythms_of_recurrent_are_right(later: dict[tuple[str, str], Row]) -> None:
    assert share(later, "recurrence", "date", "datetime", corpus="recurrent") >= 0.96
