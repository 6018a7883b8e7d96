"""Keys and certificates of the embedded control plane: an authority, what it signed, tokens.

Made once and kept in the folder, because the kubeconfigs and ServiceAccount tokens that hang on them
must outlive a restart. Certificates are renewed at a start when they are near their end. etcd has an
authority of its own and asks its clients for a certificate: whoever reads etcd reads every Secret, and
loopback alone keeps no other user of the machine out.
"""

import datetime
import ipaddress
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from todo_cli.local.folder import write_atomically

AUTHORITY_DAYS = 3650
ISSUED_DAYS = 365
RENEW_BEFORE_DAYS = 30
DNS_NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
IP_ADDRESSES = ("127.0.0.1", "10.0.0.1")  # 10.0.0.1 is the first address of the service range
SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH


@dataclass(frozen=True)
class KeyPair:
    """A certificate and its key, as two files."""

    certificate: Path
    key: Path

    @classmethod
    def named(cls, folder: Path, name: str) -> "KeyPair":
        return cls(folder / f"{name}.crt", folder / f"{name}.key")

    @property
    def exists(self) -> bool:
        return self.certificate.exists() and self.key.exists()

    def write(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        # The key first: a crash in between leaves no certificate, and both are made anew.
        self.certificate.unlink(missing_ok=True)
        write_atomically(self.key, _private_pem(key))
        write_atomically(self.certificate, certificate.public_bytes(serialization.Encoding.PEM), 0o644)


class Pki:
    """The `pki` folder of a control plane."""

    def __init__(self, folder: Path, addresses: tuple[str, ...] = ()) -> None:
        """`addresses`: where the API server is reached besides loopback and its Service."""
        self.folder = folder
        self._addresses = (*IP_ADDRESSES, *addresses)
        self.authority = KeyPair.named(folder, "ca")
        self.serving = KeyPair.named(folder, "apiserver")
        self.etcd_authority = KeyPair.named(folder, "etcd-ca")
        self.etcd_serving = KeyPair.named(folder, "etcd")
        self.etcd_client = KeyPair.named(folder, "etcd-client")
        self.account_key = folder / "service-accounts.key"
        self.account_public = folder / "service-accounts.pub"
        self.tokens = folder / "tokens.csv"

    def ensure(self) -> None:
        """Make what is missing; nothing that exists and is valid is touched."""
        self.folder.mkdir(exist_ok=True, mode=0o700)
        _ensure_authority(self.authority, self.serving)
        _ensure(self.authority, self.serving, "kube-apiserver", (SERVER,), self._addresses)
        _ensure_authority(self.etcd_authority, self.etcd_serving, self.etcd_client)
        # etcd shows the certificate that it serves with to its peers as well.
        _ensure(self.etcd_authority, self.etcd_serving, "etcd", (SERVER, CLIENT), self._addresses)
        _ensure(self.etcd_authority, self.etcd_client, "kube-apiserver-etcd-client", (CLIENT,))
        if not (self.account_key.exists() and self.account_public.exists()):
            key = ec.generate_private_key(ec.SECP256R1())
            write_atomically(self.account_public, _public_pem(key))
            write_atomically(self.account_key, _private_pem(key))
        if not self.tokens.exists():
            users = ("todotasks-admin", "system:kube-controller-manager")
            lines = [f'{secrets.token_urlsafe(32)},{user},{user},"system:masters"\n' for user in users]
            write_atomically(self.tokens, "".join(lines).encode())

    def client(self, name: str) -> KeyPair:
        """A client certificate of the API server's authority, for a part of Kubernetes that must show one."""
        pair = KeyPair.named(self.folder, name)
        _ensure(self.authority, pair, name, (CLIENT,))
        return pair

    def token_of(self, user: str) -> str:
        for line in self.tokens.read_text().splitlines():
            token, name, _ = line.split(",", 2)
            if name == user:
                return token
        raise KeyError(user)


def _ensure_authority(authority: KeyPair, *signed: KeyPair) -> None:
    if authority.exists:
        return
    for pair in signed:
        pair.certificate.unlink(missing_ok=True)  # an authority that is gone has signed it
    _make_authority(authority)


def _ensure(
    authority: KeyPair,
    pair: KeyPair,
    name: str,
    usages: tuple[x509.ObjectIdentifier, ...],
    addresses: tuple[str, ...] = (),
) -> None:
    if not _is_valid(pair):
        _issue(authority, pair, name, usages, addresses)


def _make_authority(pair: KeyPair) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"todotasks {pair.certificate.stem}")
    certificate = (
        _builder(name, name, key, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signing_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    pair.write(certificate, key)


def _issue(
    authority: KeyPair,
    pair: KeyPair,
    name: str,
    usages: tuple[x509.ObjectIdentifier, ...],
    addresses: tuple[str, ...],
) -> None:
    issuer = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    signer = serialization.load_pem_private_key(authority.key.read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [x509.DNSName(each) for each in DNS_NAMES]
    names += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    certificate = (
        _builder(_name(name), issuer.subject, key, ISSUED_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(_key_usage(signing_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
    pair.write(certificate, key)


def _is_valid(pair: KeyPair) -> bool:
    if not pair.exists:
        return False
    end = x509.load_pem_x509_certificate(pair.certificate.read_bytes()).not_valid_after_utc
    return end - _now() > datetime.timedelta(days=RENEW_BEFORE_DAYS)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_now() - datetime.timedelta(hours=1))
        .not_valid_after(_now() + datetime.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, signing_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signing_certificates,
        crl_sign=signing_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def _public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
