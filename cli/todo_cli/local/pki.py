"""Keys and certificates of the embedded control plane: an authority, a serving certificate, tokens.

Made once and kept in the folder, because the kubeconfigs and ServiceAccount tokens that hang on them
must outlive a restart. The serving certificate is renewed at a start when it is near its end.
"""

import datetime
import ipaddress
import secrets
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from todo_cli.local.folder import write_atomically

AUTHORITY_DAYS = 3650
SERVING_DAYS = 365
RENEW_BEFORE_DAYS = 30
DNS_NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
IP_ADDRESSES = ("127.0.0.1", "10.0.0.1")  # 10.0.0.1 is the first address of the service range


class Pki:
    """The `pki` folder of a control plane."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = folder / "ca.crt"
        self.authority_key = folder / "ca.key"
        self.serving = folder / "apiserver.crt"
        self.serving_key = folder / "apiserver.key"
        self.account_key = folder / "service-accounts.key"
        self.account_public = folder / "service-accounts.pub"
        self.tokens = folder / "tokens.csv"

    def ensure(self) -> None:
        """Make what is missing; nothing that exists and is valid is touched."""
        self.folder.mkdir(exist_ok=True, mode=0o700)
        if not (self.authority.exists() and self.authority_key.exists()):
            self._make_authority()
        if not self._serving_is_valid():
            self._make_serving()
        if not (self.account_key.exists() and self.account_public.exists()):
            key = ec.generate_private_key(ec.SECP256R1())
            write_atomically(self.account_public, _public_pem(key))
            write_atomically(self.account_key, _private_pem(key))
        if not self.tokens.exists():
            lines = [
                f'{secrets.token_urlsafe(32)},todotasks-admin,todotasks-admin,"system:masters"',
                f"{secrets.token_urlsafe(32)},system:kube-controller-manager,"
                'system:kube-controller-manager,"system:masters"',
            ]
            write_atomically(self.tokens, ("\n".join(lines) + "\n").encode())

    def token_of(self, user: str) -> str:
        for line in self.tokens.read_text().splitlines():
            token, name, _ = line.split(",", 2)
            if name == user:
                return token
        raise KeyError(user)

    def _make_authority(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("todotasks")
        certificate = (
            _builder(name, name, key, AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signing_certificates=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        write_atomically(self.authority_key, _private_pem(key))
        write_atomically(self.authority, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
        self.serving.unlink(missing_ok=True)  # it was signed by an authority that is gone

    def _make_serving(self) -> None:
        authority = x509.load_pem_x509_certificate(self.authority.read_bytes())
        signer = serialization.load_pem_private_key(self.authority_key.read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName(name) for name in DNS_NAMES]
        names += [x509.IPAddress(ipaddress.ip_address(address)) for address in IP_ADDRESSES]
        certificate = (
            _builder(_name("kube-apiserver"), authority.subject, key, SERVING_DAYS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(_key_usage(signing_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
            )
            .sign(signer, hashes.SHA256())
        )
        write_atomically(self.serving_key, _private_pem(key))
        write_atomically(self.serving, certificate.public_bytes(serialization.Encoding.PEM), 0o644)

    def _serving_is_valid(self) -> bool:
        if not (self.serving.exists() and self.serving_key.exists()):
            return False
        end = x509.load_pem_x509_certificate(self.serving.read_bytes()).not_valid_after_utc
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
