"""Rounds of German, mixed and odd dates that nothing was trained on: their shares must not fall."""

import pytest
from bench.understanding import RIGHT, WRONG, judge, outcome, own_command_cases


@pytest.mark.parametrize(("stem", "least"), [("german", 0.88), ("dates", 0.88)])
def test_rounds_that_were_mended_stay_so(stem: str, least: float) -> None:
    cases = [case for case in own_command_cases() if case.name.startswith(stem)]
    verdicts = [judge(case, outcome(case)) for case in cases]
    assert verdicts.count(RIGHT) / len(verdicts) >= least
    assert verdicts.count(WRONG) / len(verdicts) <= 1 - least
