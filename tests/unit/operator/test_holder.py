"""Who may be taken for dead, and who may not."""

import os
import subprocess
import sys

import pytest

from todo_operator.process.holder import holder_name, is_gone


@pytest.fixture(autouse=True)
def outside_of_a_pod(monkeypatch):
    monkeypatch.delenv("POD_NAME", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)


def with_pid(pid: int) -> str:
    return holder_name().replace(f"/{os.getpid()}/", f"/{pid}/")


def test_in_a_pod_it_is_the_pods_name(monkeypatch):
    monkeypatch.setenv("POD_NAME", "operator-7d9f-x2x")
    assert holder_name() == "operator-7d9f-x2x"


def test_two_processes_on_one_machine_are_two():
    code = "from todo_operator.process.holder import holder_name; print(holder_name())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() != holder_name()
    assert is_gone(other.stdout.strip())


def test_a_process_that_lives_is_not_gone_not_even_when_it_is_stopped():
    assert not is_gone(holder_name())
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        sleeper.send_signal(19)  # SIGSTOP
        assert not is_gone(with_pid(sleeper.pid))
    finally:
        sleeper.kill()
    # Killed, and not yet waited for: only its entry in the table is left.
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert is_gone(with_pid(sleeper.pid))
    sleeper.wait()


@pytest.mark.parametrize("holder", ["", "operator-7d9f-x2x", "vm-123", "elsewhere/1/abc", "a/b/c"])
def test_of_others_nothing_is_known(holder):
    assert not is_gone(holder)


def test_another_boot_of_this_machine_tells_nothing():
    assert not is_gone(with_pid(999_999_999).rpartition("/")[0] + "/00000000-1")
