"""Asking a local server whether it is ready, over HTTP."""

import http.client
import ssl
from pathlib import Path

from todo_cli.local.ports import LOOPBACK

TIMEOUT = 5.0  # seconds


def missing(port: int, path: str, *, authority: Path | None = None) -> str | None:
    """None when the path answers 200; else what it does instead, in words."""
    connection: http.client.HTTPConnection
    if authority is None:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT)
    else:
        context = ssl.create_default_context(cafile=str(authority))
        connection = http.client.HTTPSConnection(LOOPBACK, port, timeout=TIMEOUT, context=context)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read(500).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return f"no answer on port {port} ({error.__class__.__name__})"
    finally:
        connection.close()
    return None if response.status == 200 else f"{path} answers {response.status}: {body}"
