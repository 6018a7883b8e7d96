"""What a person sees while things start: one line per step with its time, and a sign of life in long ones.

A first start compiles a control plane, which takes minutes: nobody must wonder whether it hangs.
Lines only, no cursor tricks, so that a terminal, a log file and CI show the same.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HEARTBEAT = 5.0  # seconds between two signs of life of one step

Write = Callable[[str], None]


class Step:
    """A step that is going on. `detail` is what the next sign of life says."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.detail = ""
        self.result = ""
        self.started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


class Progress:
    """Writes lines and remembers how long each step took."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._lock = threading.Lock()
        self.steps: list[tuple[str, float]] = []

    def say(self, line: str) -> None:
        with self._lock:
            self._write(line)

    @contextmanager
    def step(self, title: str, started: float | None = None) -> Iterator[Step]:
        """Time a step; write its line when it is done, a sign of life every few seconds before.

        `started` (of the monotonic clock) is for a step whose work began earlier, beside others.
        """
        step = Step(title)
        if started is not None:
            step.started = started
        done = threading.Event()

        def heartbeat() -> None:
            while not done.wait(HEARTBEAT):
                detail = f": {step.detail}" if step.detail else ""
                self.say(f"  … {title}{detail} ({step.seconds:.0f} s)")

        beat = threading.Thread(target=heartbeat, name="progress", daemon=True)
        beat.start()
        try:
            yield step
        except BaseException:
            self.say(f"  ✗ {title} after {step.seconds:.1f} s")
            raise
        else:
            self.steps.append((title, step.seconds))
            result = f" {step.result}" if step.result else ""
            self.say(f"  ✓ {title}{result} {step.seconds:.1f} s")
        finally:
            done.set()
            beat.join()


def silent() -> Progress:
    """For callers that show nothing, as the tests' fixtures once everything is built."""
    return Progress(lambda line: None)
