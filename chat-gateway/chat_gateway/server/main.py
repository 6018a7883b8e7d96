"""`todo-gateway`: reads the settings, runs one `Process`. Exit codes: 0 asked to, 1 failed, 2 settings."""

import asyncio
import sys

import structlog
import uvloop

from chat_gateway.base.settings import GatewaySettings
from chat_gateway.server.process import Process
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import KubeConfigError
from todotasks.settings import SettingsError
from todotasks.store import BadDatabaseUrl
from todotasks.telemetry import announce, setup_logging, setup_tracing

EXIT_FAILED = 1
EXIT_UNUSABLE = 2

log = structlog.get_logger(__name__)


def main() -> int:
    try:
        settings = GatewaySettings.load()
        config = KubeConfig.load(settings.kubeconfig)
        setup_tracing("gateway")
    except SettingsError as error:
        return _unusable(*error.problems)
    except KubeConfigError as error:
        return _unusable(str(error))
    setup_logging(settings, "gateway")
    announce("gateway")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(Process(settings, config).run())
    except SettingsError as error:
        return _unusable(*error.problems)
    except BadDatabaseUrl as error:
        return _unusable(str(error))
    except Exception:
        log.exception("ended_by_an_error")
        return EXIT_FAILED


def _unusable(*problems: str) -> int:
    for problem in problems:
        print(f"todo-gateway: {problem}", file=sys.stderr)  # noqa: T201
    return EXIT_UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
