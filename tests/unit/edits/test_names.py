"""Names of what is made: read well, fit where they must, and are the same for the same message."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from todotasks.edits.model.edit import Edit
from todotasks.edits.model.names import (
    LONGEST_NAME,
    free_name,
    idempotency_key,
    next_name,
    renamed,
    slug,
)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Buy milk", "buy-milk"),
        ("Müll rausbringen", "muell-rausbringen"),
        ("crème brûlée 🎂", "creme-brulee"),
        ("don't panic", "dont-panic"),
        ("水やり", "task"),
        ("$(rm -rf /)", "rm-rf"),
        ("--- !!", "task"),
        ("İstanbul'a git", "istanbula-git"),
        ("a" * 80, "a" * 50),
        ("on " * 20 + "and on", "-".join(["on"] * 17)),
    ],
)  # fmt: skip
def test_a_name_follows_from_the_title(title: str, name: str) -> None:
    assert slug(title) == name


@settings(deadline=None)
@given(st.text())
def test_every_title_has_a_name_that_kubernetes_takes(title: str) -> None:
    for name in (slug(title), free_name(title, {slug(title)}), next_name(title, slug(title))):
        assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name)
        assert len(name) <= LONGEST_NAME


def test_a_taken_name_gets_the_next_free_number() -> None:
    assert free_name("Buy milk", {"buy-milk", "buy-milk-2"}) == "buy-milk-3"
    assert next_name("Buy milk", "buy-milk") == "buy-milk-2"
    assert next_name("Buy milk", "buy-milk-2") == "buy-milk-3"
    assert next_name("Room 7", "room-7") == "room-7-2"


def test_another_name_is_another_manifest_and_another_command() -> None:
    manifest = {"metadata": {"name": "a", "namespace": "home"}, "spec": {"title": "a"}}
    edit = renamed(Edit("create", "todotasks", "home", "a", "a", manifest=manifest), "a-2")
    assert (edit.name, edit.manifest and edit.manifest["metadata"]["name"]) == ("a-2", "a-2")
    assert "name: a-2" in edit.kubectl
    assert manifest["metadata"]["name"] == "a"


def test_the_key_tells_owners_messages_and_commands_apart() -> None:
    keys = {idempotency_key(o, k, i) for o in ("ana", "bob") for k in ("k", "l") for i in (0, 1)}
    assert len(keys) == 8
    assert idempotency_key("ana", "k", 0) == idempotency_key("ana", "k", 0)
    assert idempotency_key("ana", "", 0) == ""
