"""The pages on search and calendar name what the code takes."""

import re
from pathlib import Path

import msgspec

from chat_gateway.api.calendar.endpoint import CalendarParameters
from chat_gateway.api.params import Filters
from chat_gateway.api.tasks import TaskParameters
from todotasks.store.search.query import SORTS

DOCS = Path(__file__).parents[3] / "docs"


def names(type_: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(type_)}


def test_every_parameter_of_a_search_stands_in_its_table_and_no_other() -> None:
    table = (DOCS / "search.md").read_text().split("| parameter | finds |")[1].split("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == names(TaskParameters)


def test_every_order_is_explained() -> None:
    (row,) = [line for line in (DOCS / "search.md").read_text().splitlines() if line.startswith("| `sort`")]
    assert set(re.findall(r"`(\w+)`", row)) - {"sort"} == set(SORTS)


def test_a_calendar_takes_the_filters_of_a_search_and_its_form() -> None:
    assert names(CalendarParameters) - names(Filters) == {"as"}
    assert names(Filters) < names(TaskParameters)
    assert "?as=events" in (DOCS / "calendar.md").read_text()
