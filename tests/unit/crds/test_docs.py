"""The page of the kind TodoTask says what the operator and the CRD say."""

import re
from pathlib import Path

import yaml

from tests.support import crds
from todo_operator.reconcile.reasons import TaskCondition, TaskReason

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "tasks.md").read_text(encoding="utf-8")


def test_each_reason_is_documented() -> None:
    missing = [reason for reason in TaskReason if f"`{reason}`" not in PAGE]
    assert missing == []


def test_no_reason_is_documented_that_nobody_gives() -> None:
    rows = re.findall(r"^\| (?:\w+ \| \w+ \| )?((?:`[A-Z]\w+`(?:, )?)+) \|", PAGE, re.MULTILINE)
    documented = {word for row in rows for word in re.findall(r"`(\w+)`", row)}
    assert documented == {str(reason) for reason in TaskReason}


def test_each_condition_is_documented_here_and_in_the_crd() -> None:
    (described,) = (
        node.schema["description"]
        for node in crds.all_nodes()
        if (node.kind, node.path) == ("TodoTask", "status.conditions")
    )
    for condition in TaskCondition:
        assert f"{condition}:" in described
        assert re.search(rf"^\| {condition} \||^{condition} is for", PAGE, re.MULTILINE)


def test_each_selectable_field_is_documented() -> None:
    for field in crds.version(crds.load()["TodoTask"])["selectableFields"]:
        assert f"`{field['jsonPath'][1:]}`" in PAGE


def test_the_example_has_only_fields_of_the_crd() -> None:
    fields = crds.version(crds.load()["TodoTask"])["schema"]["openAPIV3Schema"]["properties"]["spec"][
        "properties"
    ]
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    documents = [document for block in blocks for document in yaml.safe_load_all(block)]
    assert documents
    for document in documents:
        assert document["spec"].keys() <= fields.keys()


def test_links_lead_somewhere() -> None:
    for page in (DOCS / "tasks.md", DOCS / "permissions.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
