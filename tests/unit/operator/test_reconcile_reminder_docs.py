"""docs/reminders.md and the reasons that reminders and channels give are the same."""

import re
from pathlib import Path

from todo_operator.reconcile.reasons import ReminderReason

PAGE = (Path(__file__).parents[3] / "docs" / "reminders.md").read_text(encoding="utf-8")


def test_each_reason_is_documented_and_no_other():
    rows = re.findall(r"^\| \w+ \| \w+ \| ((?:`[A-Z]\w+`(?:, )?)+) \|", PAGE, re.MULTILINE)
    documented = {word for row in rows for word in re.findall(r"`(\w+)`", row)}
    assert documented == {str(reason) for reason in ReminderReason}
