"""Certificates: made once, renewed near their end, and never left without their authority."""

import datetime
from pathlib import Path

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from todo_cli.local.controlplane.pki import KeyPair, Pki

IN_A_YEAR = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=350)


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    made = Pki(tmp_path / "pki")
    made.ensure()
    return made


def signed_by(pair: KeyPair, authority: KeyPair) -> bool:
    certificate = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
    try:
        certificate.verify_directly_issued_by(
            x509.load_pem_x509_certificate(authority.certificate.read_bytes())
        )
    except Exception:
        return False
    return True


def contents(pki: Pki) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in pki.folder.iterdir()}


def test_a_second_start_changes_nothing(pki: Pki) -> None:
    before = contents(pki)
    pki.ensure()
    assert contents(pki) == before


def test_keys_and_tokens_are_for_their_owner_only(pki: Pki) -> None:
    secret = [path for path in pki.folder.iterdir() if path.suffix in {".key", ".csv"}]
    assert len(secret) == 7
    assert all(path.stat().st_mode & 0o077 == 0 for path in secret)


def test_what_is_signed_is_renewed_near_its_end_and_what_hangs_on_the_authority_is_not(pki: Pki) -> None:
    before = contents(pki)
    with time_machine.travel(IN_A_YEAR, tick=False):
        pki.ensure()
    after = contents(pki)
    renewed = {name for name in before if before[name] != after[name]}
    assert renewed == {
        *("apiserver.crt", "apiserver.key", "etcd.crt", "etcd.key", "etcd-client.crt", "etcd-client.key"),
    }
    assert signed_by(pki.serving, pki.authority)


@pytest.mark.parametrize("lost", ["etcd-ca.crt", "etcd-ca.key"])
def test_all_that_a_lost_authority_has_signed_is_signed_anew(pki: Pki, lost: str) -> None:
    (pki.folder / lost).unlink()
    pki.ensure()
    assert signed_by(pki.etcd_serving, pki.etcd_authority)
    assert signed_by(pki.etcd_client, pki.etcd_authority)
    assert signed_by(pki.serving, pki.authority)


def test_a_crash_between_key_and_certificate_leaves_no_pair_that_does_not_fit(pki: Pki) -> None:
    pki.serving.certificate.unlink()
    pki.ensure()
    certificate = x509.load_pem_x509_certificate(pki.serving.certificate.read_bytes())
    public = certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert signed_by(pki.serving, pki.authority)
