"""The compose file starts each part from its target, with settings that exist."""

import re
from pathlib import Path

import pytest
import yaml

from tests.unit.manifests.test_production import EVERY_SETTING, SETTINGS
from todo_cli.local.parts import PARTS
from todotasks.settings import KAFKA_PREFIX

ROOT = Path(__file__).parents[3]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
BUILT = {name: service for name, service in COMPOSE["services"].items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_each_part_is_a_service_of_its_target() -> None:
    targets = set(re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.MULTILINE))
    assert BUILT.keys() == {part.name for part in PARTS}
    assert {service["build"]["target"] for service in BUILT.values()} == BUILT.keys() & targets


def test_what_is_not_ours_is_named_by_its_digest() -> None:
    base = re.findall(r"^ARG BASE=(\S+)$", DOCKERFILE, re.MULTILINE)
    others = [service["image"] for name, service in COMPOSE["services"].items() if name not in BUILT]
    assert len(base + others) == 3
    for image in base + others:
        assert re.fullmatch(r"docker\.io/[\w/.-]+:[\w.-]+@sha256:[0-9a-f]{64}", image), image


def test_each_setting_exists() -> None:
    for name, service in BUILT.items():
        unknown = {one for one in service["environment"] if one not in EVERY_SETTING}
        assert all(one.startswith(KAFKA_PREFIX) for one in unknown), name


def test_each_part_is_given_what_it_needs() -> None:
    for part in PARTS:
        assert BUILT[part.name]["environment"].keys() >= set(part.settings)


@pytest.mark.parametrize(
    ("part", "required"),
    [
        ("operator", ("database_url", "kafka")),
        ("webhook", ()),
        ("gateway", ()),
        ("notifier", ("database_url", "kafka")),
        ("audit", ("database_url", "kafka", "key_file")),
    ],
)
def test_a_part_starts_with_what_it_is_given(part: str, required: tuple[str, ...]) -> None:
    given = {name: value for name, value in BUILT[part]["environment"].items() if value is not None}
    SETTINGS[part].load(given, required=required)


def test_what_the_dockerfile_copies_is_not_ignored() -> None:
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{source}" for source in copied} <= set(ignored)
    assert all((ROOT / source).exists() for source in copied)
