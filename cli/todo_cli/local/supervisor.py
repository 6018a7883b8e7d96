"""One run of `todotasks up`: choose, start in order, watch, restart what ends, stop in order.

    prepare    find or build the programs, fetch the jars          (minutes at the first start, then nothing)
    start      Kafka, PostgreSQL, mail beside etcd → API server → CRDs → controllers → manifests → parts
    watch      twice a second: who ended is started again with a backoff, tokens are renewed, logs rotated
    stop       parts, controllers, API server, etcd, then the others; each is waited for

A signal stops the run at any moment. Only while a process is being started does it wait, so that none
runs of which no run file tells.
"""

import os
import shlex
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from todo_cli.local.backing.choice import (
    Cluster,
    External,
    Options,
    choose_api_server,
    choose_kafka,
    choose_postgres,
    choose_smtp,
)
from todo_cli.local.backing.mailbox import Mailbox
from todo_cli.local.backing.smtp import Smtp
from todo_cli.local.bundle import bundled
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.controlplane.plane import ControlPlane
from todo_cli.local.errors import LocalError
from todo_cli.local.folder import Folder, RunFile
from todo_cli.local.parts import PARTS, Part
from todo_cli.local.processes import process
from todo_cli.local.processes.leftovers import SUPERVISOR, in_stop_order, stop_leftovers
from todo_cli.local.processes.service import Service
from todo_cli.local.progress import Progress
from todo_cli.local.sign_in import sign_in_link
from todotasks.settings import Settings, SettingsError

TICK = 0.5  # seconds between two looks at everything
ROTATE_EVERY = 60.0  # seconds
BACKOFF = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds before the first, second, … restart in a row
HOPELESS = 4  # failures in a row after which `up` no longer waits for a part
LIVED_WELL = 60.0  # seconds after which a process counts as healthy again
READY, STARTING = "ready", "starting"
# What an earlier version applied and this one has replaced: left there, every write would pay for it too.
RETIRED = tuple(
    f"{kind}.admissionregistration.k8s.io/{name}.todotasks.dev"
    for kind in ("mutatingadmissionpolicybinding", "mutatingadmissionpolicy")
    for name in ("last-actor", "tag-labels")
)
OURS = ("todotasks", "kubectl-todo", "kubectl_complete-todo")  # scripts that a person calls
TOUR = ("curl", "jq", "psql")  # what the README's tour needs besides


class StopRequested(BaseException):
    """A signal asked us to stop. Not an Exception: nobody who handles errors may swallow it."""


@dataclass
class Watched:
    """A process that must run, and how often it has let us down."""

    service: Service
    started: float
    failures: int = 0
    start_at: float | None = None  # when it is to be started again; None while it runs
    back: bool = True  # False from its end until it serves again


class Supervisor:
    """Holds a data folder and everything that runs in it."""

    def __init__(
        self,
        folder: Folder,
        options: Options,
        progress: Progress,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.folder = folder
        self._options = options
        self._progress = progress
        self._environ = environ
        self._watched: dict[str, Watched] = {}
        self._parts: list[Part] = []
        self._stop = threading.Event()
        self._interruptible = False
        self._pending_rotation = 0.0
        self._mailbox: Mailbox | None = None

    # ── the run ──────────────────────────────────────────────────────────────────────────────────
    def run(self) -> None:
        """Start everything, and return when a signal has asked to stop and all has stopped."""
        with self.folder.exclusive(), self._signals():
            self._say_phase(STARTING)
            try:
                with self._interruptible_by_signal():
                    stop_leftovers(self.folder, self._progress)
                    self._start()
                    missing = self._wait_for_parts()
                self._say_phase(READY)
                self._welcome(missing)
                while not self._stop.wait(TICK):
                    self._tick()
            except StopRequested:
                self._progress.say("stopping before everything was started")
            finally:
                self._stop_all()
                self.folder.clear_run(SUPERVISOR)

    def _say_phase(self, phase: str) -> None:
        run = RunFile(process.record_of(os.getpid()), address=str(self.kubeconfig), taken=phase)
        self.folder.write_run(SUPERVISOR, run)

    @property
    def kubeconfig(self) -> Path:
        """What a person exports."""
        given = self._options.kubeconfig
        return self.folder.root / "kubeconfig" if given is None else given.absolute()

    # ── start ────────────────────────────────────────────────────────────────────────────────────
    def _start(self) -> None:
        self._began = time.monotonic()
        self._progress.say(f"todotasks · data in {self.folder.root}")
        settings = _load_settings(self._environ)
        plane = choose_api_server(self.folder, self._options, self._environ, self._progress)
        self.postgres = choose_postgres(self.folder, settings, self._progress)
        self.kafka = choose_kafka(self.folder, settings, self._environ, self._progress)
        self.smtp = choose_smtp(self.folder, settings, self._progress)
        others = (self.kafka, self.postgres, self.smtp)
        for service in others:
            self._launch(service)
        # They get ready while the control plane starts. Not in a `with`: when that fails, or a signal
        # comes, nobody waits for them; they end as soon as their services are stopped.
        pool = ThreadPoolExecutor(max_workers=len(others), thread_name_prefix="await")
        awaited = [pool.submit(self._await, service) for service in others]
        self.kubectl = self._start_plane(plane)
        if (base := bundled("manifests/local")) is not None:
            with self._progress.step("manifests") as step:
                step.result = f"{len(self.kubectl.apply(base))} objects from {base}"
                self.kubectl("delete", "--ignore-not-found", *RETIRED)
        for future in awaited:
            future.result()
        if isinstance(self.smtp, Smtp):
            self._mailbox = Mailbox(self.smtp.mail)
        if self._options.parts:
            self._parts = [Part(self.folder, spec, self.kubectl, self.run_settings) for spec in PARTS]
            for part in self._parts:
                self._launch(part)

    def _start_plane(self, plane: ControlPlane | Cluster) -> Kubectl:
        if isinstance(plane, Cluster):
            self._launch(plane)
        else:
            for service in (plane.etcd, plane.apiserver):
                self._launch(service)
                self._await(service)
        if (crds := bundled("crds")) is not None:
            with self._progress.step("custom resources") as step:
                step.result = f"{len(plane.kubectl.apply_crds(crds))} kinds from {crds}"
        if isinstance(plane, ControlPlane):
            # Not before the custom resources are there: see controllers.py.
            self._launch(plane.controllers)
            self._await(plane.controllers)
        return plane.kubectl

    def _launch(self, service: Service | External) -> None:
        if isinstance(service, External):
            service.record(self.folder, process.record_of(os.getpid()))
            return
        with self._uninterrupted():
            service.start()
            self._watched[service.name] = Watched(service, time.monotonic())

    def _await(self, service: Service | External) -> None:
        if isinstance(service, External):
            missing = service.probe.missing()
            if missing is not None:
                raise LocalError(f"{service.name} ({service.taken}) does not answer: {missing}")
            return
        with self._progress.step(service.name, self._watched[service.name].started) as step:
            service.wait_ready()
            step.result = " ".join(word for word in ("at", service.address) if service.address)

    def _wait_for_parts(self) -> dict[str, str]:
        """Wait until each part is ready; what is not says why. The rest is useful without it."""
        missing = {part.name: "starting" for part in self._parts}
        deadline = time.monotonic() + max((part.ready_timeout for part in self._parts), default=0.0)
        while any(self._watched[name].failures < HOPELESS for name in missing):
            if time.monotonic() > deadline:
                break
            for part in self._parts:
                if part.name not in missing:
                    continue
                missing[part.name] = part.not_ready() or "" if part.alive else "it ends again and again"
                if missing[part.name]:
                    continue
                del missing[part.name]
                seconds = time.monotonic() - self._watched[part.name].started
                self._progress.say(f"  ✓ {part.name} at {part.address}, {part.taken} {seconds:.1f} s")
            self._tick()
            time.sleep(TICK / 5)
        return missing

    def run_settings(self) -> dict[str, str]:
        """Where the backing services are now, by the names of the parts' settings."""
        return {
            "TODO_DATABASE_URL": self.postgres.address,
            "TODO_KAFKA_BOOTSTRAP": self.kafka.address,
            "TODO_SMTP_URL": self.smtp.address,
            **({"TODO_MAIL_FOLDER": str(self.smtp.mail)} if isinstance(self.smtp, Smtp) else {}),
        }

    def _welcome(self, missing: Mapping[str, str]) -> None:
        say = self._progress.say
        say("")
        for name, reason in missing.items():
            say(f"✗ {name} is not ready: {reason}. The end of its log, {self.folder.log(name)}:")
            for line in self._watched[name].service.tail().splitlines():
                say(f"    {line}")
        word = "Ready" if not missing else "Running, but not all is ready,"
        say(f"{word} after {time.monotonic() - self._began:.1f} s. What to type next:")
        say("")
        say(f"  export KUBECONFIG={shlex.quote(str(self.kubeconfig))}")
        say(f"  export PATH={shlex.quote(str(self._link_programs()))}:$PATH")
        say("  todotasks samples")
        say("  kubectl get todotasks")
        say('  kubectl todo "remind me to water the plants every 3 days at 7pm"')
        gateway = self._watched.get("gateway")
        if gateway is not None and "gateway" not in missing:
            address = gateway.service.address
            say("")
            say("The page, signed in as you. The link works once; `todotasks page` prints another:")
            say("")
            say(f"  {sign_in_link(self.kubeconfig, address) or address}")
        say("")
        absent = [name for name in TOUR if not shutil.which(name, path=self._environ.get("PATH"))]
        if absent:
            say(f"The README's tour uses {' and '.join(absent)} too, which {_is(absent)} not on the PATH.")
        say(
            "`todotasks status` says how things are. Ctrl-C or `todotasks down` stops everything; data stays."
        )

    def _link_programs(self) -> Path:
        """One folder for the PATH: the kubectl of this run, its plugin, todotasks."""
        folder = self.folder.root / "bin"
        folder.mkdir(exist_ok=True)
        ours = Path(sys.executable).parent
        programs = {name: ours / name for name in OURS} | {"kubectl": self.kubectl.binary}
        for name, program in programs.items():
            link = folder / name
            if program.exists() and not (link.is_symlink() and link.readlink() == program):
                fresh = folder / f".{name}.new"
                fresh.unlink(missing_ok=True)
                fresh.symlink_to(program.absolute())
                fresh.replace(link)
        return folder

    # ── watch ────────────────────────────────────────────────────────────────────────────────────
    def _tick(self) -> None:
        now = time.monotonic()
        for watched in self._watched.values():
            self._keep_running(watched, now)
        for part in self._parts:
            if part.alive and part.settings_changed:
                self._progress.say(f"{part.name}: a backing service has moved, starting it again")
                part.stop()
                self._watched[part.name].start_at = now
                self._watched[part.name].back = False
            problem = part.renew_token_when_due()
            if problem is not None:
                self._progress.say(f"{part.name}: its token could not be renewed, trying again: {problem}")
        if self._mailbox is not None:
            for line in self._mailbox.new():
                self._progress.say(line)
        if now > self._pending_rotation:
            self._pending_rotation = now + ROTATE_EVERY
            for name in self._watched:
                self.folder.rotate_log(name)

    def _keep_running(self, watched: Watched, now: float) -> None:
        service = watched.service
        if watched.start_at is None and service.alive:
            if not watched.back and service.not_ready() is None:
                watched.back = True
                service.on_ready()
                self._progress.say(f"✓ {service.name} is back after {now - watched.started:.1f} s")
        elif watched.start_at is None:
            if now - watched.started > LIVED_WELL:
                watched.failures = 0
            pause = BACKOFF[min(watched.failures, len(BACKOFF) - 1)]
            watched.failures += 1
            watched.start_at = now + pause
            watched.back = False
            how = service.how_it_ended()
            self._progress.say(
                f"✗ {service.name} {how}; starting it again in {pause:.0f} s. Its log: {service.log}"
            )
        elif now >= watched.start_at:
            watched.start_at = None
            watched.started = now
            try:
                with self._uninterrupted():
                    service.start()
            except LocalError as error:
                # Counts as one more failure: the next look finds it not running and waits longer.
                self._progress.say(f"✗ {service.name} could not be started: {error}")

    # ── stop ─────────────────────────────────────────────────────────────────────────────────────
    def _stop_all(self) -> None:
        if self._watched:
            self._progress.say("stopping")
        for name in in_stop_order(self._watched):
            service = self._watched[name].service
            with self._progress.step(f"{service.name} stopped"):
                service.stop()

    # ── signals ──────────────────────────────────────────────────────────────────────────────────
    @contextmanager
    def _signals(self) -> Iterator[None]:
        def handle(signum: int, frame: FrameType | None) -> None:
            del signum, frame
            self._stop.set()
            if self._interruptible:
                self._interruptible = False
                raise StopRequested

        caught = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {signum: signal.signal(signum, handle) for signum in caught}
        try:
            yield
        finally:
            for signum, handler in before.items():
                signal.signal(signum, handler)

    @contextmanager
    def _interruptible_by_signal(self) -> Iterator[None]:
        self._interruptible = True
        try:
            yield
        finally:
            self._interruptible = False
        if self._stop.is_set():
            raise StopRequested

    @contextmanager
    def _uninterrupted(self) -> Iterator[None]:
        before, self._interruptible = self._interruptible, False
        try:
            yield
        finally:
            self._interruptible = before
        if before and self._stop.is_set():
            raise StopRequested


def _load_settings(environ: Mapping[str, str]) -> Settings:
    """The same settings, from the same places, as the parts will read."""
    try:
        return Settings.load(environ)
    except SettingsError as error:
        raise LocalError("\n".join(["the settings are wrong:", *error.problems])) from error


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"
