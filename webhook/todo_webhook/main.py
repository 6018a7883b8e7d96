"""`todo-webhook`: reads the settings, runs one `Process`. Exit codes: 0 asked to, 1 failed, 2 settings."""

import asyncio
import sys

import structlog
import uvloop

from todo_webhook.process import Process
from todo_webhook.settings import WebhookSettings
from todotasks.kube import KubeConfig
from todotasks.kube.errors import KubeConfigError
from todotasks.settings import SettingsError
from todotasks.telemetry import announce, setup_logging, setup_tracing

EXIT_FAILED = 1
EXIT_UNUSABLE = 2

log = structlog.get_logger(__name__)


def main() -> int:
    try:
        settings = WebhookSettings.load()
        config = KubeConfig.load(settings.kubeconfig)
        setup_tracing("webhook")
    except SettingsError as error:
        return _unusable(*error.problems)
    except KubeConfigError as error:
        return _unusable(str(error))
    setup_logging(settings, "webhook")
    announce("webhook")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(Process(settings, config).run())
    except SettingsError as error:
        return _unusable(*error.problems)
    except Exception:
        log.exception("ended_by_an_error")
        return EXIT_FAILED


def _unusable(*problems: str) -> int:
    for problem in problems:
        print(f"todo-webhook: {problem}", file=sys.stderr)  # noqa: T201
    return EXIT_UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
