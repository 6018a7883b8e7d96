"""A part's identity: the kubeconfig and token that it runs with."""

import json
from pathlib import Path

import pytest

from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.folder import Folder
from todo_cli.local.parts import PARTS, SYSTEM_NAMESPACE, Part


def part_in(folder: Folder, plane: Plane) -> Part:
    return Part(folder, PARTS[0], plane.kubectl, lambda: {"TODO_DATABASE_URL": "postgresql://x"})


def test_a_part_is_known_to_the_api_server_as_its_own_service_account(plane: Plane, tmp_path: Path) -> None:
    part = part_in(Folder.open(tmp_path / "data"), plane)
    part.prepare()
    as_part = Kubectl(plane.kubectl.binary, part.home / "kubeconfig")
    answer = json.loads(as_part("auth", "whoami", "--output=json"))
    user = answer["status"]["userInfo"]["username"]
    assert user == f"system:serviceaccount:{SYSTEM_NAMESPACE}:{part.spec.service_account}"


def test_its_token_is_read_by_its_owner_only_and_is_not_in_the_kubeconfig(
    plane: Plane, tmp_path: Path
) -> None:
    part = part_in(Folder.open(tmp_path / "data"), plane)
    part.prepare()
    token = part.home / "token"
    assert token.stat().st_mode & 0o077 == 0
    assert token.read_text() not in (part.home / "kubeconfig").read_text()


def test_a_token_that_cannot_be_renewed_is_told_and_the_old_one_stays(plane: Plane, tmp_path: Path) -> None:
    part = part_in(Folder.open(tmp_path / "data"), plane)
    part.prepare()
    before = (part.home / "token").read_text()
    part._renew_at = 0.0
    part._kubectl = Kubectl(plane.kubectl.binary, tmp_path / "no-such-kubeconfig")
    problem = part.renew_token_when_due()
    assert problem is not None
    assert (part.home / "token").read_text() == before
    assert part.renew_token_when_due() is None, "the next attempt waits"


def test_each_part_has_its_service_account_in_the_manifests(plane: Plane) -> None:
    for spec in PARTS:
        plane.kubectl("get", "serviceaccount", spec.service_account, f"--namespace={SYSTEM_NAMESPACE}")


def test_a_part_is_given_the_runs_settings_and_not_the_administrators_kubeconfig(
    plane: Plane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", "/the/administrator's")
    part = part_in(Folder.open(tmp_path / "data"), plane)
    given = part.environment()
    assert "KUBECONFIG" not in given
    assert given["TODO_KUBECONFIG"] == str(part.home / "kubeconfig")
    assert given["TODO_DATABASE_URL"] == "postgresql://x"
    assert not part.settings_changed


def test_who_makes_links_of_mails_and_who_opens_them_have_the_same_key_kept_over_a_restart(
    plane: Plane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TODO_MAIL_LINK_KEYS", "TODO_PAGE_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = Folder.open(tmp_path / "data")
    run = {"TODO_DATABASE_URL": "postgresql://x", "TODO_MAIL_FOLDER": "/caught"}
    given = {}
    for _ in range(2):  # as a second start would
        for spec in PARTS:
            part = Part(folder, spec, plane.kubectl, lambda: run)
            part.prepare()
            given[spec.name] = part.wanted_settings()
    keys = {name: settings.get("TODO_MAIL_LINK_KEYS") for name, settings in given.items()}
    assert keys["notifier"] and keys["notifier"] == keys["gateway"]
    assert given["notifier"]["TODO_PAGE_URL"] == given["gateway"]["TODO_PAGE_URL"]
    assert {name for name, key in keys.items() if key} == {"notifier", "gateway"}
    assert [name for name, settings in given.items() if "TODO_MAIL_FOLDER" in settings] == ["gateway"]
    assert (folder.root / "parts" / "mail-link-key").stat().st_mode & 0o077 == 0
