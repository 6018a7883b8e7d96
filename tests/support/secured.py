"""A Kafka and a PostgreSQL as others run them: TLS by an authority of their own, certificates or passwords.

authority        issues what both sides show
SecuredKafka     SSL with client certificates, SASL_SSL with SCRAM; who has no right is denied
SecuredPostgres  TCP with TLS only, and a password
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import trustme
from cryptography.hazmat.primitives import serialization
from psycopg import sql

from todo_cli.local.backing.kafka import Kafka
from todo_cli.local.backing.postgres import Postgres
from todo_cli.local.folder import Folder
from todo_cli.local.processes import probe
from todo_cli.local.processes.ports import LOOPBACK

Config = dict[str, Any]


class Authority:
    """A certificate authority; `name` is the common name that a broker knows a client by."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._ca = trustme.CA()
        self.pem = self._ca.cert_pem.bytes().decode()
        self.file = folder / "ca.pem"
        self.file.write_text(self.pem)

    def issue(self, *names: str, common_name: str) -> tuple[str, str]:
        """Chain and key, in PEM (PKCS 8, which is what Java reads)."""
        made = self._ca.issue_cert(*names, common_name=common_name)
        chain = "".join(blob.bytes().decode() for blob in made.cert_chain_pems)
        return chain, pkcs8(made.private_key_pem.bytes())


def pkcs8(pem: bytes) -> str:
    key = serialization.load_pem_private_key(pem, None)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def principal(common_name: str) -> str:
    """Who a certificate is for this broker, as for Strimzi's."""
    return f"CN={common_name}"


class SecuredKafka(Kafka):
    """The broker itself is a super user, by its certificate; nobody else may do what no ACL says."""

    def __init__(self, folder: Folder, jars: Path, authority: Authority) -> None:
        super().__init__(folder, jars)
        self._authority = authority
        self._chain, self._key = authority.issue("localhost", LOOPBACK, common_name="broker")

    @property
    def scram_port(self) -> int:
        return self.folder.port("kafka-scram")

    def listens_on(self) -> dict[str, int]:
        return {**super().listens_on(), "kafka-scram": self.scram_port}

    def settings(self) -> dict[str, str | int]:
        def one_line(pem: str) -> str:
            return pem.strip().replace("\n", "\\n")

        return {
            **super().settings(),
            "listeners": (
                f"SSL://{self.address},SASL_SSL://{LOOPBACK}:{self.scram_port},"
                f"CONTROLLER://{LOOPBACK}:{self.controller_port}"
            ),
            "advertised.listeners": f"SSL://localhost:{self.port},SASL_SSL://localhost:{self.scram_port}",
            "listener.security.protocol.map": "SSL:SSL,SASL_SSL:SASL_SSL,CONTROLLER:SSL",
            "inter.broker.listener.name": "SSL",
            "ssl.client.auth": "required",
            "listener.name.sasl_ssl.ssl.client.auth": "none",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            ),
            "ssl.keystore.type": "PEM",
            "ssl.keystore.certificate.chain": one_line(self._chain),
            "ssl.keystore.key": one_line(self._key),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.certificates": one_line(self._authority.pem),
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "ssl.principal.mapping.rules": "RULE:^.*?CN=([^,]+).*$/CN=$1/",
            "super.users": f"User:{principal('broker')}",
        }

    def as_broker(self) -> Config:
        """The settings of an administrator."""
        return self.with_certificate(self._chain, self._key)

    def with_certificate(self, chain: str, key: str) -> Config:
        """As manifests/components/strimzi gives them to the parts."""
        return {
            "bootstrap.servers": f"localhost:{self.port}",
            "security.protocol": "ssl",
            "ssl.ca.pem": self._authority.pem,
            "ssl.certificate.pem": chain,
            "ssl.key.pem": key,
        }

    def with_password(self, user: str, password: str) -> Config:
        return {
            "bootstrap.servers": f"localhost:{self.scram_port}",
            "security.protocol": "sasl_ssl",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": user,
            "sasl.password": password,
            "ssl.ca.pem": self._authority.pem,
        }

    @property
    def probe(self) -> probe.Kafka:
        return probe.Kafka(self.as_broker())


def postgres_programs() -> Path | None:
    """The folder of a PostgreSQL that was built with TLS, which that of the wheel is not."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class SecuredPostgres(Postgres):
    """`url(...)` of the base still reaches it by its socket, as the administrator."""

    USER, PASSWORD = "todotasks", "p#ss/w?rd"

    def __init__(self, folder: Folder, authority: Authority, programs: Path) -> None:
        super().__init__(folder)
        self._authority, self._programs = authority, programs

    @property
    def port(self) -> int:
        return self.folder.port("postgres-tls")

    def url(self, database: str) -> str:
        return f"{super().url(database)}&port={self.port}"

    def verified(self, host: str = "localhost", password: str = PASSWORD, **more: str) -> str:
        """The URL that a person would write: verify-full, and the authority that signed the server's name."""
        said = urlencode({"sslmode": "verify-full", "sslrootcert": str(self._authority.file), **more})
        return f"postgresql://{self.USER}:{quote(password, safe='')}@{host}:{self.port}/todotasks?{said}"

    def listens_on(self) -> dict[str, int]:
        return {"postgres-tls": self.port}

    def prepare(self) -> None:
        user = self._wheel.system_user
        if not (self.data / "PG_VERSION").exists():
            self.data.mkdir(exist_ok=True, mode=0o700)
            if user is not None:
                shutil.chown(self.data, user)
            initdb = [str(self._programs / "initdb"), "-D", str(self.data), "-U", "postgres", "--auth=trust"]
            subprocess.run(initdb, user=user, check=True, capture_output=True, cwd=self.data)
        chain, key = self._authority.issue("localhost", common_name="postgres")
        for name, text in (("server.crt", chain), ("server.key", key)):
            file = self.data / name
            file.write_text(text)
            file.chmod(0o600)
            if user is not None:
                shutil.chown(file, user)
        (self.data / "pg_hba.conf").write_text(
            "local all postgres trust\nhostssl all all all scram-sha-256\nhostnossl all all all reject\n"
        )

    def command(self) -> list[str]:
        command = [str(self._programs / "postgres"), *super().command()[1:]]
        command[command.index("-h") + 1] = LOOPBACK
        settings = ("ssl=on", "ssl_cert_file=server.crt", "ssl_key_file=server.key")
        return [*command, "-p", str(self.port), *(part for each in settings for part in ("-c", each))]

    def on_ready(self) -> None:
        super().on_ready()
        with psycopg.connect(self.url("todotasks"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [self.USER]).fetchone():
                return
            name = sql.Identifier(self.USER)
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(self.PASSWORD))
            )
            connection.execute(sql.SQL("GRANT ALL ON DATABASE todotasks TO {}").format(name))
            connection.execute(sql.SQL("ALTER DATABASE todotasks OWNER TO {}").format(name))
