"""How one sees that something serves. A run file keeps the probe, so that `status` can ask as well.

Each `missing()` answers None when it serves, else what it does instead, in words.
"""

import http.client
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from todo_cli.local.controlplane.kubectl import Kubectl, KubectlFailed

HTTP_TIMEOUT = 5.0  # seconds
TCP_TIMEOUT = 2.0  # seconds
KAFKA_TIMEOUT = 1.0  # seconds


class Alive(msgspec.Struct, frozen=True, tag="alive"):
    """Nothing can be asked: it is well as long as its process lives."""

    def missing(self) -> str | None:
        return None


class Http(msgspec.Struct, frozen=True, tag="http"):
    """A path that answers 200."""

    url: str
    authority: str = ""  # the file of the authority that signed the server's certificate
    client: tuple[str, str] | None = None  # the files of our certificate and key, where it asks for one

    def missing(self) -> str | None:
        where = urlsplit(self.url)
        assert where.hostname is not None
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=HTTP_TIMEOUT)
        if where.scheme == "https":
            connection = http.client.HTTPSConnection(
                where.hostname, where.port, timeout=HTTP_TIMEOUT, context=self.tls()
            )
        try:
            connection.request("GET", where.path)
            response = connection.getresponse()
            body = response.read(500).decode(errors="replace").strip()
        except (OSError, http.client.HTTPException) as error:
            return f"no answer on {where.netloc} ({error.__class__.__name__})"
        finally:
            connection.close()
        return None if response.status == 200 else f"{where.path} answers {response.status}: {body}"

    def tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.authority or None)
        if self.client is not None:
            context.load_cert_chain(*self.client)
        return context


class Tcp(msgspec.Struct, frozen=True, tag="tcp"):
    """A port that somebody listens on."""

    host: str
    port: int

    def missing(self) -> str | None:
        try:
            with socket.create_connection((self.host, self.port), timeout=TCP_TIMEOUT):
                return None
        except OSError as error:
            return f"no answer on {self.host}:{self.port} ({error.__class__.__name__})"


class Kafka(msgspec.Struct, frozen=True, tag="kafka"):
    """A broker that answers with its metadata, asked as a client asks."""

    config: dict[str, str]  # of librdkafka

    def missing(self) -> str | None:
        # Imported when asked: `todotasks parse` and `status` of a stopped folder need no librdkafka.
        import confluent_kafka  # noqa: PLC0415
        from confluent_kafka.admin import AdminClient  # noqa: PLC0415

        admin = AdminClient({**self.config, "log_level": 0, "reconnect.backoff.max.ms": 200})
        try:
            admin.list_topics(timeout=KAFKA_TIMEOUT)
        except confluent_kafka.KafkaException as error:
            return str(error.args[0].str())
        return None


class Postgres(msgspec.Struct, frozen=True, tag="postgres"):
    """A database that takes a connection and answers a query."""

    url: str

    def missing(self) -> str | None:
        import psycopg  # noqa: PLC0415

        try:
            with psycopg.connect(self.url, connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error as error:
            return str(error).strip()
        return None


class Cluster(msgspec.Struct, frozen=True, tag="cluster"):
    """An API server that is not ours: known only by a kubeconfig."""

    kubectl: str
    kubeconfig: str

    def missing(self) -> str | None:
        try:
            Kubectl(Path(self.kubectl), Path(self.kubeconfig))("get", "--raw=/readyz", timeout=10)
        except KubectlFailed as error:
            return str(error)
        return None


Probe = Alive | Http | Tcp | Kafka | Postgres | Cluster
