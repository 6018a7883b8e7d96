"""One gateway process. Any number of them may run side by side: what they share is PostgreSQL."""

import asyncio
import os
import signal
import ssl
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime

# Modules that a command line shares import these when they are needed; here the first message would wait.
import rapidfuzz  # noqa: F401
import structlog

import todotasks.edits.plan.changing  # noqa: F401
from chat_gateway.access.cookie import Sessions
from chat_gateway.access.cursors import Cursors
from chat_gateway.access.identity import Access, Identities
from chat_gateway.access.limits import Limits
from chat_gateway.base.settings import GatewaySettings
from chat_gateway.http.context import Gateway
from chat_gateway.http.probes import keep_asking, live, ready
from chat_gateway.server.app import build_app
from chat_gateway.server.listener import serving
from todotasks.api.stamps import MAIL_LINK_USER
from todotasks.kube.client import KubeClient
from todotasks.kube.connection.config import KubeConfig
from todotasks.language.understanding import understand
from todotasks.mail_links import MailLinks
from todotasks.retry import Backoff, SayOnce, keep_trying
from todotasks.settings import SettingsError
from todotasks.store import Store, StoreError
from todotasks.telemetry import measure_loop_lag, start_health_server

CALLERS_CONNECTIONS = 64
REVIEW_CONNECTIONS = 16
STATE_CONNECTIONS = 2
MAIL_CONNECTIONS = 4
RETRY_FOR = 5.0  # seconds; an API server that restarts refuses writes for about three
RETRY_REVIEW_FOR = 2.0  # seconds; everybody waits behind this one
READ_CERTIFICATE_EVERY = 60.0  # seconds
FIRST_WORDS = ("buy milk tomorrow", "morgen Milch kaufen")  # one sentence of each language
MIGRATE_AGAIN = Backoff(5.0, 5.0)  # while PostgreSQL is away at the start

log = structlog.get_logger(__name__)


async def open_gateway(settings: GatewaySettings, config: KubeConfig, stack: AsyncExitStack) -> Gateway:
    """The parts of a process, closed with `stack`."""
    kube = await stack.enter_async_context(
        KubeClient(config, max_connections=CALLERS_CONNECTIONS, retry_for=RETRY_FOR)
    )
    reviews = await stack.enter_async_context(
        KubeClient(config.anonymous(), max_connections=REVIEW_CONNECTIONS, retry_for=RETRY_REVIEW_FOR)
    )
    mail = await stack.enter_async_context(
        KubeClient(
            replace(config, impersonate=MAIL_LINK_USER),
            max_connections=MAIL_CONNECTIONS,
            retry_for=RETRY_FOR,
        )
    )
    cursors = Cursors([key.reveal() for key in settings.session_keys or ()])
    store = None
    if settings.database_url is not None:
        store = await stack.enter_async_context(
            await Store.open(
                settings.database_url.reveal(), application_name="todotasks-gateway", sealer=cursors
            )
        )
    return Gateway(
        settings=settings,
        kube=kube,
        identities=Identities(reviews, kube),
        access=Access(reviews),
        limits=Limits(settings),
        sessions=Sessions(settings),
        cursors=cursors,
        mail_links=MailLinks([key.reveal() for key in settings.mail_link_keys or ()]),
        mail=mail,
        store=store,
    )


class Process:
    """`await run()` returns the exit code."""

    def __init__(self, settings: GatewaySettings, config: KubeConfig) -> None:
        self._settings, self._config = settings, config
        self._stop = asyncio.Event()

    async def run(self) -> int:
        settings = self._settings
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        tls = tls_context(settings)
        read_first_words()
        async with AsyncExitStack() as stack:
            gateway = await open_gateway(settings, self._config, stack)
            health = await start_health_server(
                settings.health_port,
                live=lambda: live(gateway),
                ready=lambda: ready(gateway),
                host=settings.health_host,
            )
            stack.push_async_callback(health.close)
            own = await stack.enter_async_context(KubeClient(self._config, max_connections=STATE_CONNECTIONS))
            jobs = [asyncio.create_task(measure_loop_lag(), name="lag")]
            if gateway.store is not None:
                jobs.append(asyncio.create_task(_migrate(gateway.store), name="migrate"))
            if tls is not None:
                jobs.append(asyncio.create_task(_renew(tls, settings), name="certificate"))
            try:
                async with serving(
                    build_app(gateway),
                    settings.host,
                    settings.port,
                    tls=tls,
                    grace=settings.shutdown_grace,
                ) as listening:
                    # Not before: whoever is told "ready" comes to the port at once.
                    jobs.append(asyncio.create_task(keep_asking(own, gateway.state), name="state"))
                    log.info("started", port=listening.port, scheme=listening.scheme, health=health.port)
                    await self._stop.wait()
            finally:
                for job in jobs:
                    job.cancel()
                await asyncio.gather(*jobs, return_exceptions=True)
        log.info("ended")
        return 0


def read_first_words() -> None:
    """What is compiled at the first message is so before anybody sends one, not while all wait."""
    for words in FIRST_WORDS:
        understand(words, datetime.now(UTC))


async def _migrate(store: Store) -> None:
    """The schema, as soon as PostgreSQL is there; until then what needs it answers 503."""
    told = SayOnce(log, "no_database")
    await keep_trying(store.migrate, on=StoreError, backoff=MIGRATE_AGAIN, told=told)
    await keep_trying(store.read_texts_anew, on=StoreError, backoff=MIGRATE_AGAIN, told=told)


def tls_context(settings: GatewaySettings) -> ssl.SSLContext | None:
    """HTTPS if a certificate is set; a `SettingsError` that says what is wrong with it."""
    if settings.tls_cert is None and settings.tls_key is None:
        return None
    if settings.tls_cert is None or settings.tls_key is None:
        raise SettingsError(["TODO_GATEWAY_TLS_CERT and TODO_GATEWAY_TLS_KEY belong together: set both"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.tls_cert, settings.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            [f"TODO_GATEWAY_TLS_CERT ({settings.tls_cert}) and _KEY cannot be used: {error}"]
        ) from error
    return context


async def _renew(context: ssl.SSLContext, settings: GatewaySettings) -> None:
    """cert-manager writes new files in time; new connections get the new certificate."""
    assert settings.tls_cert is not None
    seen = os.stat(settings.tls_cert).st_mtime_ns
    while True:
        await asyncio.sleep(READ_CERTIFICATE_EVERY)
        try:
            now = os.stat(settings.tls_cert).st_mtime_ns
            if now != seen:
                context.load_cert_chain(settings.tls_cert, settings.tls_key)
                seen = now
                log.info("certificate_renewed")
        except (OSError, ssl.SSLError) as error:
            # The old one goes on; the files may be half written.
            log.warning("certificate_not_renewed", error=str(error))
