"""The connections that kopf runs on: ours, with the current credential on every request.

A projected token is replaced about once an hour, and a request should not have to fail to find that out.
"""

import aiohttp

from todotasks.kube.client import USER_AGENT
from todotasks.kube.connection.auth import Credentials
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.connection.tls import ssl_context
from todotasks.kube.connection.transport import CONNECT_TIMEOUT

CONNECTIONS = 8  # a watch, the discovery at the start, and some to spare


async def make_session(config: KubeConfig) -> aiohttp.ClientSession:
    """Connections for kopf, bounded, each request with the credential of its moment."""
    credentials = Credentials(config)

    async def authorize(
        request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        credential = await credentials.current()
        if credential.authorization is not None:
            request.headers["Authorization"] = credential.authorization
        if config.tls_server_name is not None:
            request.server_hostname = config.tls_server_name
        response = await send(request)
        if response.status == 401 and credentials.can_change:
            # kopf will ask for a new login; that begins with a credential that was read again.
            await credentials.reload(credential)
        return response

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=CONNECTIONS, ssl=ssl_context(config, await credentials.current())
        ),
        headers={"User-Agent": f"{USER_AGENT} kopf"},
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(sock_connect=CONNECT_TIMEOUT),
        middlewares=(authorize,),
        proxy=config.proxy_url,
    )
