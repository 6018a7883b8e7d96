"""The data folder: whose it is, what it remembers, and what it refuses."""

import json
import os
from pathlib import Path

import pytest

from todo_cli.local.errors import AlreadyRunning, FolderError
from todo_cli.local.folder import ROTATE_BYTES, Folder, RunFile, write_atomically
from todo_cli.local.processes import process

THIS = process.record_of(os.getpid())


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path / "a" / "b")
    assert json.loads((folder.root / "folder.json").read_text()) == {"format": 1, "ports": {}}


def test_an_empty_folder_becomes_ours_and_a_full_one_does_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    Folder.open(tmp_path / "empty")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").touch()
    with pytest.raises(FolderError, match="not made by todotasks"):
        Folder.open(tmp_path / "full")


def test_a_file_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderError, match="is a file, not a folder"):
        Folder.open(tmp_path / "file")


@pytest.mark.parametrize(
    "content",
    [
        "",  # a crash of the file system
        "{",  # half of it
        "[]",  # somebody else's JSON
        '{"format": "1", "ports": {}}',  # a number that became a text
    ],
)
def test_a_marker_that_cannot_be_read_says_what_to_do(tmp_path: Path, content: str) -> None:
    Folder.open(tmp_path / "data")
    (tmp_path / "data" / "folder.json").write_text(content)
    with pytest.raises(FolderError, match=r"remove .*data and start again; otherwise restore"):
        Folder.open(tmp_path / "data")


def test_the_data_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    Folder.open(tmp_path / "data")
    (tmp_path / "data" / "folder.json").write_text('{"format": 2, "ports": {}}')
    with pytest.raises(FolderError, match="data format 2, this todotasks writes format 1"):
        Folder.open(tmp_path / "data")


def test_a_port_is_the_same_when_the_folder_is_opened_again(tmp_path: Path) -> None:
    chosen = Folder.open(tmp_path / "data").port("kafka")
    assert Folder.open(tmp_path / "data").port("kafka") == chosen


def test_two_names_never_get_one_port(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path / "data")
    assert len({folder.port(f"service-{number}") for number in range(50)}) == 50


def test_a_run_file_counts_while_exactly_its_process_lives(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path / "data")
    folder.write_run("here", RunFile(THIS))
    folder.write_run("reused", RunFile(process.ProcessRecord(THIS.pid, THIS.created - 3600)))
    assert set(folder.running()) == {"here"}
    assert set(folder.runs()) == {"here", "reused"}


def test_a_damaged_run_file_counts_as_none(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path / "data")
    (folder.root / "run" / "etcd.json").write_text("{")
    assert folder.read_run("etcd") is None
    assert folder.running() == {}


def test_only_one_run_holds_a_folder(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path / "data")
    assert not folder.is_held()
    with folder.exclusive(), pytest.raises(AlreadyRunning), Folder.open(tmp_path / "data").exclusive():
        pass
    assert not folder.is_held()


def test_a_large_log_moves_aside_while_its_process_goes_on_writing(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path / "data")
    with folder.log("etcd").open("ab") as writer:
        writer.write(b"x" * (ROTATE_BYTES + 1))
        writer.flush()
        folder.rotate_log("etcd")
        writer.write(b"after")
    assert folder.log("etcd").read_bytes() == b"after"
    assert folder.log("etcd").with_suffix(".log.1").stat().st_size == ROTATE_BYTES + 1


def test_a_secret_is_readable_by_its_owner_only_from_the_first_moment(tmp_path: Path) -> None:
    write_atomically(tmp_path / "token", b"secret")
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["token"]
