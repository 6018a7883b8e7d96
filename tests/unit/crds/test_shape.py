"""What each CRD owes, whatever it is about: bounds, list types, words for `kubectl explain`, columns."""

import json
import re
from collections import defaultdict

import pytest

from tests.support import crds
from tests.support.crds import Node

KINDS = crds.load()
NODES = [node for node in crds.all_nodes() if not node.path.startswith("metadata")]
RULES = crds.all_rules()

# Columns that show elapsed time. A moment that may lie in the future must not be among them: the API
# server prints <invalid> for it.
PAST_MOMENTS = {
    ".metadata.creationTimestamp",
    ".status.completionTime",
    ".status.firedAt",
    ".status.lastScheduleTime",
}


def each(nodes: list[Node]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("node", nodes, ids=[f"{node.kind}.{node.path}" for node in nodes])


@each([node for node in NODES if node.schema["type"] == "string" and node.path not in {"kind", "apiVersion"}])
def test_each_string_has_a_longest_length(node: Node) -> None:
    bounded = node.schema.keys() & {"maxLength", "enum"} or node.schema.get("format") == "date-time"
    assert bounded, "an unbounded string: rules on it cost too much, and it fills etcd"


@each([node for node in NODES if node.schema["type"] == "array"])
def test_each_list_is_bounded_and_says_how_two_writers_share_it(node: Node) -> None:
    assert "maxItems" in node.schema
    assert node.schema["x-kubernetes-list-type"] in {"atomic", "set", "map"}
    if node.schema["x-kubernetes-list-type"] == "map":
        keys = node.schema["x-kubernetes-list-map-keys"]
        assert set(keys) <= set(node.schema["items"]["required"])


@each([node for node in NODES if "additionalProperties" in node.schema])
def test_each_map_is_bounded(node: Node) -> None:
    assert "maxProperties" in node.schema


@each([node for node in NODES if node.schema["type"] == "integer" and node.path.startswith("spec")])
def test_each_number_that_people_write_has_a_range(node: Node) -> None:
    assert {"minimum", "maximum"} <= node.schema.keys()


@each([node for node in NODES if not node.path.endswith(("[]", ".*"))])
def test_each_field_is_described_in_sentences(node: Node) -> None:
    description = node.schema.get("description", "")
    assert description.endswith("."), f"{node.path}: {description!r}"
    assert description[0].isupper()


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.kind}.{rule.path}: {rule.message}" for rule in RULES])
def test_each_rule_says_in_words_what_is_wrong(rule: crds.Rule) -> None:
    assert 10 < len(rule.message) < 250
    assert not rule.message.endswith("."), "it stands at the end of a line of the API server's"
    assert "matches" not in rule.message
    assert "regex" not in rule.message


def test_fields_of_one_shape_are_checked_by_one_rule() -> None:
    """The same message never stands for two rules, so that no copy is mended alone."""
    ways = defaultdict(set)
    for rule in RULES:
        if "[" not in rule.rule.split("matches")[0]:
            ways[rule.message].add(rule.rule)
    assert {message: found for message, found in ways.items() if len(found) > 1} == {}


def test_a_rules_template_is_a_task_but_for_what_the_occurrence_gives() -> None:
    def spec(kind: str, prefix: str) -> dict[str, crds.Schema]:
        found = [node for node in NODES if node.kind == kind and node.path.startswith(f"{prefix}.")]
        return {node.path.removeprefix(prefix): node.schema for node in found}

    task, template = spec("TodoTask", "spec"), spec("RecurrenceRule", "spec.template.spec")
    assert task.keys() == template.keys()
    different = {path for path in task if task[path] != template[path]}
    assert different == {".due", ".timeZone", ".completed"}
    for path in different:
        ours, theirs = dict(task[path]), dict(template[path])
        for key in ("description", "default"):
            ours.pop(key, None)
            theirs.pop(key, None)
        assert ours == theirs
    assert "default" not in template[".completed"], "a default would set what must be absent"


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_short_and_outside_of_all(kind: str) -> None:
    names = KINDS[kind]["spec"]["names"]
    assert names["categories"] == ["todo"], "in `all`, kubectl delete all --all would delete the tasks"
    assert names["listKind"] == f"{kind}List"
    assert KINDS[kind]["metadata"]["name"] == f"{names['plural']}.{KINDS[kind]['spec']['group']}"


def test_short_names_are_unique() -> None:
    words = [word for crd in KINDS.values() for word in crd["spec"]["names"]["shortNames"]]
    assert len(words) == len(set(words)) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_columns_show_elapsed_time_only_of_what_is_past(kind: str) -> None:
    columns = crds.version(KINDS[kind])["additionalPrinterColumns"]
    assert {column["jsonPath"] for column in columns if column["type"] == "date"} <= PAST_MOMENTS
    assert any(column["name"] == "Age" and not column.get("priority") for column in columns)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_object_has_a_status_that_nobody_has_observed(kind: str) -> None:
    version = crds.version(KINDS[kind])
    assert version["subresources"] == {"status": {}}
    status = version["schema"]["openAPIV3Schema"]["properties"]["status"]
    assert status["default"] == {"observedGeneration": -1}
    assert "required" not in status, "a required field would make every new object invalid"
    assert "phase" not in status["properties"]


@pytest.mark.parametrize("kind", KINDS)
def test_at_most_eight_fields_can_be_selected(kind: str) -> None:
    assert 1 <= len(crds.version(KINDS[kind])["selectableFields"]) <= 8


@pytest.mark.parametrize("kind", KINDS)
def test_a_crd_fits_into_the_annotation_of_a_client_side_apply(kind: str) -> None:
    assert len(json.dumps(KINDS[kind])) < 128 * 1024  # it takes 256 KiB


def test_conditions_are_the_same_shape_in_each_kind() -> None:
    shapes = {
        json.dumps(node.schema["items"], sort_keys=True) for node in NODES if node.path == "status.conditions"
    }
    assert len(shapes) == 1


def test_each_condition_that_a_column_shows_is_described() -> None:
    for kind, crd in KINDS.items():
        described = next(n for n in NODES if n.kind == kind and n.path == "status.conditions")
        for column in crds.version(crd)["additionalPrinterColumns"]:
            for name in re.findall(r'@\.type=="(\w+)"', column["jsonPath"]):
                assert f"{name}:" in described.schema["description"], (kind, name)
