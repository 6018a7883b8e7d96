"""What has to be had at a time: an authority of our own, what it signed, and when each is replaced. Pure.

    authority   10 years; replaced by a new one when a third of its life is left
    bundle      the authorities that are trusted, the newest first: what `caBundle` has to be
    certificate 90 days; renewed when a third of its life is left, signed by the newest authority *that is
    in force*

An authority comes into force when the API server has it in `caBundle`; only then is something signed by it.
So at no moment is there a certificate served that the configuration does not trust, and rotation refuses no
request.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LIFE = timedelta(days=3650)
CERTIFICATE_LIFE = timedelta(days=90)
SKEW = timedelta(hours=1)  # before now from which a certificate counts: clocks differ
MOST_AUTHORITIES = 3  # trusted at once


@dataclass(frozen=True)
class Lives:
    """How long things are valid; a third of it before the end they are replaced."""

    authority: timedelta = AUTHORITY_LIFE
    certificate: timedelta = CERTIFICATE_LIFE


DEFAULT_LIVES = Lives()


@dataclass(frozen=True)
class Material:
    """PEM texts. `bundle` has the authorities, the newest first; `authority_key` is the key of the newest."""

    bundle: bytes
    authority_key: bytes
    certificate: bytes
    key: bytes
    previous_key: bytes = b""  # of the authority before, until the newest is in force

    def __repr__(self) -> str:
        return "Material(***)"

    @property
    def expires(self) -> datetime:
        return x509.load_pem_x509_certificate(self.certificate).not_valid_after_utc


def next_material(
    have: Material | None, names: Sequence[str], in_force: bytes, now: datetime, lives: Lives = DEFAULT_LIVES
) -> Material:
    """What to have from now on; `have` itself when nothing is due. `in_force` is the `caBundle` as the "
    "API server has it."""
    if have is None or not _is_usable(have, names, now):
        key, authority = _authority(now, lives.authority)
        return _signed(
            Material(_pem(authority), _key_pem(key), b"", b""),
            authority,
            _key_pem(key),
            names=names,
            now=now,
            lives=lives,
        )
    authorities = x509.load_pem_x509_certificates(have.bundle)
    newest = authorities[0]
    if _is_due(newest, now, lives.authority):
        key, newest = _authority(now, lives.authority)
        kept = [each for each in authorities if each.not_valid_after_utc > now][: MOST_AUTHORITIES - 1]
        bundle = b"".join(_pem(each) for each in (newest, *kept))
        return replace(have, bundle=bundle, authority_key=_key_pem(key), previous_key=have.authority_key)
    trusted = _fingerprints(in_force)
    serving = x509.load_pem_x509_certificate(have.certificate)
    is_in_force = newest.fingerprint(hashes.SHA256()) in trusted
    if have.previous_key and is_in_force:
        # The new authority has arrived: from here on everything is signed by it.
        return _signed(
            replace(have, previous_key=b""), newest, have.authority_key, names=names, now=now, lives=lives
        )
    if _is_due(serving, now, lives.certificate):
        if have.previous_key:
            return _signed(have, authorities[1], have.previous_key, names=names, now=now, lives=lives)
        return _signed(have, newest, have.authority_key, names=names, now=now, lives=lives)
    return have


def _is_usable(have: Material, names: Sequence[str], now: datetime) -> bool:
    """Whether it can be gone on with: readable, not expired, for these names, and each key that of its
    certificate (a crash between two files leaves a new key beside an old certificate)."""
    try:
        authorities = x509.load_pem_x509_certificates(have.bundle)
        authority = authorities[0]
        serving = x509.load_pem_x509_certificate(have.certificate)
        if not (_fits(have.authority_key, authority) and _fits(have.key, serving)):
            return False
        if have.previous_key and not (len(authorities) > 1 and _fits(have.previous_key, authorities[1])):
            return False
        stated = serving.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, IndexError, TypeError, x509.ExtensionNotFound):
        return False
    there = {str(name.value) for name in stated}
    return authority.not_valid_after_utc > now and serving.not_valid_after_utc > now and there >= set(names)


def _fits(key: bytes, certificate: x509.Certificate) -> bool:
    return serialization.load_pem_private_key(key, None).public_key() == certificate.public_key()


def _is_due(certificate: x509.Certificate, now: datetime, life: timedelta) -> bool:
    return certificate.not_valid_after_utc - now < life / 3


def _fingerprints(bundle: bytes) -> set[bytes]:
    try:
        return {each.fingerprint(hashes.SHA256()) for each in x509.load_pem_x509_certificates(bundle)}
    except ValueError:
        return set()


def _authority(now: datetime, life: timedelta) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"todotasks-webhook-ca {now:%Y-%m-%dT%H:%M:%SZ}")
    certificate = (
        _builder(name, name, key, now, life)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _signed(
    material: Material,
    authority: x509.Certificate,
    authority_key: bytes,
    *,
    names: Sequence[str],
    now: datetime,
    lives: Lives,
) -> Material:
    signer = serialization.load_pem_private_key(authority_key, None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(_name("todotasks-webhook"), authority.subject, key, now, lives.certificate)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
    return replace(material, certificate=_pem(certificate), key=_key_pem(key))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
