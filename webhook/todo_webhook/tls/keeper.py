"""Turns the certificates over while the server serves.

Every `LOOK_EVERY` seconds, and at the start: load, decide what is due, save, load into the TLS context,
bring the configuration's `caBundle` into step. A connection that is open keeps the certificate it began
with.
"""

import asyncio
import os
import ssl
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import structlog
from cryptography import x509

from todo_webhook import metrics
from todo_webhook.registration import Registration
from todo_webhook.tls.material import DEFAULT_LIVES, Lives, Material, next_material
from todo_webhook.tls.stores import Store
from todotasks.kube.errors import KubeError

LOOK_EVERY = 10.0  # seconds

log = structlog.get_logger(__name__)


def server_context() -> ssl.SSLContext:
    """A TLS context without a certificate yet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Keeper:
    """One replica's view of the shared certificates."""

    def __init__(
        self,
        store: Store,
        registration: Registration,
        context: ssl.SSLContext,
        names: Sequence[str],
        *,
        lives: Lives = DEFAULT_LIVES,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._registration, self._context = store, registration, context
        self._names, self._lives, self._clock = tuple(names), lives, clock
        self._loaded: Material | None = None
        self.trouble: str | None = "it has no certificate yet"

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Once: everything that is due."""
        try:
            in_force = await self._registration.bundle()
            have, token = await self._store.load()
            wanted = next_material(have, self._names, in_force, self._clock(), self._lives)
            if wanted is not have:
                if not await self._store.save(wanted, token):
                    return  # another replica was faster: look again
                log.info("certificate_renewed", expires=wanted.expires.isoformat())
            self._load(wanted)
            if await self._registration.keep(wanted.bundle):
                log.info("registered", configuration=self._registration.name)
            self.trouble = None
        except (KubeError, OSError, ssl.SSLError) as error:
            # What is loaded goes on serving; a certificate is renewed a third of its life ahead.
            log.warning("certificate_not_kept", error=str(error))
            if self._loaded is None:
                self.trouble = f"it has no certificate: {error}"

    def _load(self, material: Material) -> None:
        if material == self._loaded:
            return
        load_pair(self._context, material.certificate, material.key)
        self._loaded = material
        metrics.CERTIFICATE_EXPIRY.set(material.expires.timestamp())


def load_pair(context: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    """`ssl` reads files only: they exist for the moment of reading, for nobody else."""
    with tempfile.TemporaryDirectory() as folder:
        paths = (Path(folder) / "tls.crt", Path(folder) / "tls.key")
        for path, text in zip(paths, (certificate, key), strict=True):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.write(text)
        context.load_cert_chain(*paths)


class FilesKeeper:
    """Certificates that somebody else writes (cert-manager): loaded anew when they change."""

    def __init__(self, folder: Path, registration: Registration, context: ssl.SSLContext) -> None:
        self._folder, self._registration, self._context = folder, registration, context
        self._seen: tuple[bytes, bytes] | None = None
        self.trouble: str | None = "it has no certificate yet"

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        try:
            pair = ((self._folder / "tls.crt").read_bytes(), (self._folder / "tls.key").read_bytes())
            if pair != self._seen:
                load_pair(self._context, *pair)
                metrics.CERTIFICATE_EXPIRY.set(
                    x509.load_pem_x509_certificate(pair[0]).not_valid_after_utc.timestamp()
                )
                self._seen = pair
                log.info("certificate_loaded", folder=str(self._folder))
            authority = self._folder / "ca.crt"
            # Without it cainjector puts the authority into the configuration; the paths are ours in any case.
            await self._registration.keep(authority.read_bytes() if authority.exists() else None)
            self.trouble = None
        except (KubeError, OSError, ssl.SSLError) as error:
            log.warning("certificate_not_kept", error=str(error))
            if self._seen is None:
                self.trouble = f"it has no certificate: {error}"
