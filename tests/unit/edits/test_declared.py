"""Which of the changed fields a file declares, read from what is left in an object."""

import json
from typing import Any

import pytest

from todotasks.edits.cluster.declared import LAST_APPLIED, Declared, declared
from todotasks.edits.model.edit import Edit, EditResult


def applied_by(manager: str, spec: dict[str, Any], operation: str = "Apply", **more: Any) -> dict[str, Any]:
    return {"manager": manager, "operation": operation, "fieldsV1": {"f:spec": spec}, **more}


def result(
    patch: dict[str, Any] | None, *managers: dict[str, Any], last: Any = None, came: Any = "done"
) -> EditResult:
    metadata: dict[str, Any] = {"name": "a", "managedFields": list(managers)}
    if last is not None:
        metadata["annotations"] = {LAST_APPLIED: last if isinstance(last, str) else json.dumps(last)}
    edit = Edit(
        "delete" if patch is None else "patch", "todotasks", "home", "a", patch=patch and {"spec": patch}
    )
    return EditResult(edit, came, before={"metadata": metadata, "spec": {}})


SIMPLE = {"spec": {"simple": {"frequency": "Weekly", "time": "08:00"}}}
FLUX = applied_by("kustomize-controller", {"f:due": {}, "f:template": {"f:spec": {"f:title": {}}}})


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (result({"due": "x"}, FLUX), Declared("kustomize-controller", ("spec.due",))),
        (result({"due": None, "priority": "High"}, FLUX), Declared("kustomize-controller", ("spec.due",))),
        (
            result({"template": {"spec": {"title": "x", "notes": "y"}}}, FLUX),
            Declared("kustomize-controller", ("spec.template.spec.title",)),
        ),
        (result({"priority": "High"}, FLUX), None),
        (result({"due": "x"}, applied_by("todotasks-chat", {"f:due": {}}, "Update")), None),
        (result({"due": "x"}, applied_by("operator", {"f:due": {}}, subresource="status")), None),
        (result({"due": "x"}), None),
        (result({"due": "x"}, last={"spec": {"due": "y"}}), Declared("kubectl apply", ("spec.due",))),
        (result({"due": "x"}, last={"spec": {"title": "y"}}), None),
        (result({"due": "x"}, last="{broken"), None),
        (result({"due": "x"}, last=["no object"]), None),
        (
            result({"due": "x", "timeZone": "UTC", "priority": "High"}, FLUX),
            Declared("kustomize-controller", ("spec.due",), ("spec.timeZone",)),
        ),
        (
            result({"simple": {"interval": 2, "time": "09:00"}, "start": "2026-03-05"}, last=SIMPLE),
            Declared("kubectl apply", ("spec.simple.time",), ("spec.simple.interval", "spec.start")),
        ),
        (  # by server-side apply `simple` is one field
            result({"simple": {"interval": 2}, "until": None}, applied_by("flux", {"f:simple": {}})),
            Declared("flux", ("spec.simple",)),
        ),
        (result({"until": "2027-01-01"}, last=SIMPLE), None),
        (result(None, FLUX), Declared("kustomize-controller")),
        (result(None), None),
        (result({"due": "x"}, FLUX, came="refused"), None),
        (result({"due": "x"}, FLUX, came="dry-run"), None),
    ],
)
def test_what_a_file_declares_of_a_change_is_known(done: EditResult, expected: Declared | None) -> None:
    assert declared(done) == expected
