"""`todo-audit`: reads the settings and the key, runs one `Process`. Exit codes: 0 asked to, 1 failed, "
"2 settings."""

import asyncio
import sys
from pathlib import Path

import structlog
import uvloop

from todo_consumers.audit.process import Process
from todo_consumers.audit.settings import AuditSettings
from todotasks.audit import BadKey, Signer
from todotasks.kube import KubeConfig
from todotasks.kube.errors import KubeConfigError
from todotasks.settings import SettingsError
from todotasks.store import BadDatabaseUrl
from todotasks.telemetry import announce, setup_logging, setup_tracing

EXIT_FAILED = 1
EXIT_UNUSABLE = 2

log = structlog.get_logger(__name__)


def main() -> int:
    try:
        settings = AuditSettings.load(required=("database_url", "kafka", "key_file"))
        config = KubeConfig.load(settings.kubeconfig)
        setup_tracing("audit")
        signer = _signer(settings.key_file or "")
    except SettingsError as error:
        return _unusable(*error.problems)
    except KubeConfigError as error:
        return _unusable(str(error))
    setup_logging(settings, "audit")
    announce("audit")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(Process(settings, config, signer).run())
    except BadDatabaseUrl as error:
        return _unusable(str(error))
    except Exception:
        log.exception("ended_by_an_error")
        return EXIT_FAILED


def _signer(path: str) -> Signer:
    try:
        return Signer(Path(path).read_bytes())
    except OSError as error:
        raise SettingsError([f"TODO_AUDIT_KEY_FILE ({path}) cannot be read: {error.strerror}"]) from error
    except BadKey as error:
        raise SettingsError([f"TODO_AUDIT_KEY_FILE ({path}): {error}"]) from error


def _unusable(*problems: str) -> int:
    for problem in problems:
        print(f"todo-audit: {problem}", file=sys.stderr)  # noqa: T201
    return EXIT_UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
