"""The chart's table, its schema and its defaults say the same."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from tests.unit.manifests.test_production import EVERY_SETTING

CHART = Path(__file__).parents[3] / "manifests" / "chart"
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
SCHEMA = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))


def test_the_defaults_are_what_the_schema_allows_and_nothing_is_left_out() -> None:
    jsonschema_rs.validate(SCHEMA, VALUES)
    assert SCHEMA["properties"].keys() - {"global"} == VALUES.keys()


def test_the_values_for_clouds_are_what_the_schema_allows_and_settings_that_there_are() -> None:
    files = sorted(CHART.glob("values-*.yaml"))
    assert [file.stem for file in files] == ["values-aks", "values-gke", "values-minikube", "values-oke"]
    for file in files:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
        jsonschema_rs.validate(SCHEMA, given)
        for name, value in given.get("settings", {}).items():
            EVERY_SETTING[name].parser.parse(value)


def test_each_value_stands_in_the_table_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `(\S+)` \| (.+?) \| (.+) \|$", (CHART / "README.md").read_text(), re.MULTILINE)
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    assert {name.split(".")[0] for name, _, _ in rows} == VALUES.keys()
    for name, default, meaning in rows:
        value: Any = VALUES
        for key in name.split("."):
            value = value[key]
        shown = ", ".join(f"{part} {count}" for part, count in value.items()) if name == "replicas" else None
        assert default == (shown or f"`{json.dumps(value)}`"), name
        assert f"# {meaning}\n" in text, name


def test_the_links_of_the_chart_lead_to_the_folders() -> None:
    for link in (CHART / "files").iterdir():
        assert link.is_symlink()
        assert not Path(link.readlink()).is_absolute()
        assert list(link.resolve().rglob("*.yaml")), link
