"""Whom a connection trusts, and which certificate it shows."""

import os
import ssl
import tempfile
from contextlib import suppress

from todotasks.kube.connection.auth import Credential
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.errors import KubeConfigError


def ssl_context(config: KubeConfig, credential: Credential) -> ssl.SSLContext | bool:
    """For whoever else has to connect as we do (kopf). True: no TLS, the server is http://."""
    if config.server.startswith("http://"):
        return True
    try:
        context = ssl.create_default_context(
            cadata=config.ca_data.decode() if config.ca_data is not None else None
        )
        # Python 3.13 turns this on, and then refuses the CAs that many clusters have (no key identifier).
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if config.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if credential.certificate is not None and credential.key is not None:
            _load_client_certificate(context, credential.certificate, credential.key)
    except (ssl.SSLError, UnicodeDecodeError) as error:
        raise KubeConfigError(f"the certificates for {config.server} cannot be used: {error}") from error
    return context


def _load_client_certificate(context: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    """Python's ssl reads certificates from files only: one that nobody else can read, gone at once."""
    handle, name = tempfile.mkstemp(prefix="todotasks-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(certificate.rstrip(b"\n") + b"\n" + key)
        context.load_cert_chain(name)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)
