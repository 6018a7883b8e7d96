"""Exports: every column, and nothing that a spreadsheet would run."""

import csv
import io
import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.audit.export import COLUMNS, as_csv, as_jsonl, harmless

ROW = {
    "recordedAt": datetime(2026, 11, 29, 1, 30, tzinfo=timezone(timedelta(hours=1))),
    "seq": 7,
    "actor": "ana",
    "title": "Pay rent",
    "changed": ("spec.due", "spec.title"),
    "coalesced": True,
}


def test_a_row_has_all_columns_in_order() -> None:
    (header, row) = list(
        csv.reader(io.StringIO(as_csv([{**ROW, "related": {"seq": 6, "actor": "ben"}}]).decode()))
    )
    assert tuple(header) == COLUMNS
    read = dict(zip(header, row, strict=True))
    assert (read["seq"], read["changed"], read["coalesced"]) == ("7", "spec.due spec.title", "true")
    assert read["recordedAt"] == "2026-11-29T00:30:00.000000Z"
    assert (read["relatedSeq"], read["relatedActor"], read["uid"]) == ("6", "ben", "")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =cmd|' /C calc'!A0",
        "\u200b=1",
        "＝1+1",
        "\n=1",
        "|x",
        "%0A=1",
    ],
)
def test_a_formula_is_only_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "Pay rent", "a=b", "2026-11-28T22:14:07Z", "task-1", "system:serviceaccount:a:b"]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(st.text(max_size=40))
def test_whatever_a_title_says_the_csv_reads_back_as_one_row(title: str) -> None:
    text = as_csv([{**ROW, "title": title}], header=False).decode()
    (row,) = list(csv.reader(io.StringIO(text, newline="")))
    assert row[COLUMNS.index("title")].lstrip("'") == harmless(title).encode(
        "utf-8", "replace"
    ).decode().lstrip("'")


def test_json_lines_are_one_object_a_line() -> None:
    lines = as_jsonl([ROW, {**ROW, "title": "a\nb"}]).splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["Pay rent", "a\nb"]
