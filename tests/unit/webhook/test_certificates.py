"""Rotation as a walk through the years: at every step what is served is trusted by what is in force."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from todo_webhook.tls.material import Lives, Material, next_material

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("todotasks-webhook.todotasks-system.svc", "127.0.0.1")
LIVES = Lives(authority=timedelta(days=900), certificate=timedelta(days=90))

OTHER = next_material(None, NAMES, b"", NOW, LIVES)  # what a crash in the middle of a change leaves a part of


def trusted_by(material: Material, bundle: bytes) -> bool:
    serving = x509.load_pem_x509_certificate(material.certificate)
    for authority in x509.load_pem_x509_certificates(bundle):
        try:
            serving.verify_directly_issued_by(authority)
        except Exception:
            continue
        return True
    return False


@pytest.mark.parametrize("lag", [0, 1, 20], ids=["at once", "a step late", "twenty steps late"])
def test_at_no_moment_is_there_a_certificate_that_the_api_server_does_not_trust(lag: int) -> None:
    material: Material | None = None
    history: list[bytes] = []
    authorities, served = set(), set()
    for day in range(0, 365 * 10, 2):
        now = NOW + timedelta(days=day)
        in_force = history[-lag - 1] if len(history) > lag else b""
        material = next_material(material, NAMES, in_force, now, LIVES)
        history.append(material.bundle)
        authorities.add(x509.load_pem_x509_certificates(material.bundle)[0].serial_number)
        served.add(material.certificate)
        if in_force:
            assert trusted_by(material, in_force), f"day {day}"
        serving = x509.load_pem_x509_certificate(material.certificate)
        assert serving.not_valid_after_utc > now
    assert len(authorities) > 4
    assert len(served) > 40


def test_what_is_not_due_is_left_alone() -> None:
    made = next_material(None, NAMES, b"", NOW, LIVES)
    assert next_material(made, NAMES, made.bundle, NOW + timedelta(days=59), LIVES) is made
    assert next_material(made, NAMES, made.bundle, NOW + timedelta(days=61), LIVES) is not made


@pytest.mark.parametrize(
    "broken",
    [
        {"certificate": b"nonsense"},
        {"key": b""},
        {"key": OTHER.key},
        {"certificate": OTHER.certificate, "key": OTHER.key, "bundle": OTHER.bundle},
        {"bundle": OTHER.bundle},
        {"previous_key": OTHER.authority_key},
        {"bundle": b""},
        {"authority_key": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"},
    ],
    ids=[
        "no certificate",
        "no key",
        "a new key beside the old certificate",
        "all new but the authority's key",
        "a new bundle beside the old key",
        "a previous key without its authority",
        "no bundle",
        "no authority's key",
    ],
)
def test_what_cannot_be_read_is_made_anew(broken: dict[str, bytes]) -> None:
    from dataclasses import replace  # noqa: PLC0415

    made = next_material(None, NAMES, b"", NOW, LIVES)
    again = next_material(replace(made, **broken), NAMES, made.bundle, NOW, LIVES)
    assert trusted_by(again, again.bundle)
    assert again.bundle != made.bundle


def test_another_name_needs_another_certificate() -> None:
    made = next_material(None, NAMES, b"", NOW, LIVES)
    moved = next_material(made, ("10.0.0.7",), made.bundle, NOW, LIVES)
    names = x509.load_pem_x509_certificate(moved.certificate).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert [str(name.value) for name in names.value] == ["10.0.0.7"]


def test_keys_do_not_show() -> None:
    assert "PRIVATE" not in repr(next_material(None, NAMES, b"", NOW, LIVES))
