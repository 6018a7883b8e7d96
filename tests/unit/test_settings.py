"""Settings: names, defaults, mistakes told all at once, secrets that stay secret."""

import copy
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from todotasks.settings import (
    SECRET,
    SETTINGS,
    Secret,
    Settings,
    SettingsError,
    setting,
    settings_of,
)

PASSWORD = "correct-horse"
URL = f"postgresql://todo:{PASSWORD}@db/todo"


def problems(environ: dict[str, str], **options: Any) -> list[str]:
    with pytest.raises(SettingsError) as refusal:
        Settings.load(environ, **options)
    return refusal.value.problems


def test_nothing_given_is_a_complete_set_of_defaults() -> None:
    given = Settings.load({})
    assert given == Settings()
    assert (given.namespace, given.watch_namespace, given.health_port) == ("todotasks-system", "", 8080)
    assert (given.log_level, given.log_format, given.lease_duration, given.write_rate) == (
        "info",
        "json",
        15,
        400,
    )
    assert given.database_url is None
    assert given.kafka == {}


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("TODO_DATABASE_URL", URL, "database_url", Secret(URL)),
        (
            "TODO_DATABASE_URL",
            "postgresql:///todo?host=/run",
            "database_url",
            Secret("postgresql:///todo?host=/run"),
        ),
        ("TODO_KUBECONFIG", "/a:/b", "kubeconfig", "/a:/b"),
        ("KUBECONFIG", "/a", "kubeconfig", "/a"),
        ("TODO_WATCH_NAMESPACE", "team-a", "watch_namespace", "team-a"),
        ("TODO_HEALTH_PORT", "0", "health_port", 0),
        ("TODO_LOG_LEVEL", "DEBUG", "log_level", "debug"),
        ("TODO_LOG_FORMAT", "console", "log_format", "console"),
        ("TODO_LEASE_DURATION", "1m30s", "lease_duration", 90.0),
        ("TODO_WRITE_RATE", "2.5", "write_rate", 2.5),
        ("TODO_SMTP_URL", "smtps://mail:465", "smtp_url", Secret("smtps://mail:465")),
        ("TODO_LOG_LEVEL", "", "log_level", "info"),  # empty is not given: how charts leave a value out
    ],
)
def test_a_setting_is_read_from_its_variable(name: str, text: str, field: str, value: object) -> None:
    assert getattr(Settings.load({name: text}), field) == value


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("TODO_HEALTH_PORT", "eighty", "must be a port, 0 to 65535, got 'eighty'"),
        ("TODO_HEALTH_PORT", "65536", "must be a port, 0 to 65535, got '65536'"),
        ("TODO_LOG_LEVEL", "loud", "must be one of debug, info, warning, error, got 'loud'"),
        ("TODO_LEASE_DURATION", "15", "must be a duration of at least 1s, such as 15s or 1m30s, got '15'"),
        ("TODO_LEASE_DURATION", "0s", "must be a duration of at least 1s, such as 15s or 1m30s, got '0s'"),
        ("TODO_WRITE_RATE", "0", "must be a number above 0, got '0'"),
        ("TODO_WRITE_RATE", "nan", "must be a number above 0, got 'nan'"),
        ("TODO_WRITE_RATE", "inf", "must be a number above 0, got 'inf'"),
        ("TODO_NAMESPACE", "Team_A", "must be the name of a namespace"),
        ("TODO_NAMESPACE", "-a", "must be the name of a namespace"),
        ("TODO_NAMESPACE", "a" * 64, "must be the name of a namespace"),
        ("TODO_DATABASE_URL", "mysql://x/y", "must be a URL that begins with postgresql:// or postgres://"),
        (
            "TODO_SMTP_URL",
            "mail:25",
            "must be a URL that begins with smtp:// or smtps:// or smtp+starttls://",
        ),
    ],
)
def test_a_wrong_value_says_what_would_be_right(name: str, text: str, complaint: str) -> None:
    [problem] = problems({name: text})
    assert problem.startswith(f"{name} (the environment) ")
    assert complaint in problem


def test_all_mistakes_are_told_at_once() -> None:
    told = problems(
        {"TODO_HEALTH_PORT": "x", "TODO_LOG_LEVEL": "x", "TODO_DATABSE_URL": URL},
        required=("database_url", "kafka"),
    )
    assert len(told) == 5
    text = "\n".join(told)
    assert "TODO_DATABASE_URL is not set: The PostgreSQL" in text
    assert "TODO_KAFKA_BOOTSTRAP is not set" in text
    assert "TODO_DATABSE_URL (the environment) is no setting: did you mean TODO_DATABASE_URL?" in text


def test_what_is_required_and_given_is_no_mistake() -> None:
    environ = {"TODO_DATABASE_URL": URL, "TODO_KAFKA_BOOTSTRAP": "k:9092"}
    given = Settings.load(environ, required=("database_url", "kafka"))
    assert given.kafka == {"bootstrap.servers": "k:9092"}


def test_names_that_are_like_none_of_ours_belong_to_somebody_else() -> None:
    assert Settings.load({"TODO_CORPORA": "x", "HOME": "/"}) == Settings()


def test_every_property_of_librdkafka_passes_through() -> None:
    environ = {
        "TODO_KAFKA_BOOTSTRAP": "a:1,b:2",
        "TODO_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "TODO_KAFKA_SASL_PASSWORD": PASSWORD,
        "TODO_KAFKA_SSL_CA_LOCATION": "/ca.pem",
    }
    given = Settings.load(environ)
    assert given.kafka == {
        "bootstrap.servers": "a:1,b:2",
        "security.protocol": "SASL_SSL",
        "sasl.password": PASSWORD,
        "ssl.ca.location": "/ca.pem",
    }


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.yaml", "TODO_LOG_LEVEL: debug\nTODO_HEALTH_PORT: 9000\nTODO_KAFKA_BOOTSTRAP: k:1\n"),
        ("s.toml", 'TODO_LOG_LEVEL = "debug"\nTODO_HEALTH_PORT = 9000\nTODO_KAFKA_BOOTSTRAP = "k:1"\n'),
    ],
)
def test_a_file_has_the_same_names_and_the_environment_wins(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    given = Settings.load({"TODO_SETTINGS_FILE": str(file), "TODO_LOG_LEVEL": "error"})
    assert (given.log_level, given.health_port) == ("error", 9000)
    assert given.kafka == {"bootstrap.servers": "k:1"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("TODO_HEALTH_PORT: [1]", "TODO_HEALTH_PORT ({file}) must be a single value, got a list"),
        ("- 1", "TODO_SETTINGS_FILE ({file}) must be lines of NAME: value"),
        ("a: b: c", "TODO_SETTINGS_FILE ({file}) is not YAML"),
        ("TODO_HEALTH_PORT: x", "TODO_HEALTH_PORT ({file}) must be a port"),
        ("TODO_LOG_LEVL: debug", "TODO_LOG_LEVL ({file}) is no setting: did you mean TODO_LOG_LEVEL?"),
    ],
)
def test_a_mistake_in_the_file_names_the_file(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(text)
    [problem] = problems({"TODO_SETTINGS_FILE": str(file)})
    assert problem.startswith(complaint.format(file=file))


def test_an_empty_file_is_no_mistake_and_a_missing_one_is(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    [problem] = problems({"TODO_SETTINGS_FILE": str(file)})
    assert "cannot be read: No such file" in problem
    file.write_text("# nothing yet\n")
    assert Settings.load({"TODO_SETTINGS_FILE": str(file)}) == Settings()


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────
def test_no_secret_shows_in_a_repr_or_a_text() -> None:
    given = Settings.load({"TODO_DATABASE_URL": URL, "TODO_KAFKA_SASL_PASSWORD": PASSWORD})
    assert PASSWORD not in f"{given!r} {given} {given.database_url} {given.kafka!r} {given.kafka}"
    assert given.database_url is not None
    assert given.database_url.reveal() == URL


def test_no_secret_shows_in_a_complaint(tmp_path: Path) -> None:
    assert PASSWORD not in "".join(problems({"TODO_DATABASE_URL": URL.replace("postgresql", "mysql")}))
    assert PASSWORD not in "".join(problems({"TODO_SMTP_URL": f"smtp://u:{PASSWORD}@h:port"}))
    file = tmp_path / "s.toml"
    file.write_text(f"TODO_DATABASE_URL = {URL}\n")
    assert PASSWORD not in "".join(problems({"TODO_SETTINGS_FILE": str(file)}))


def test_a_secret_is_not_written_anywhere() -> None:
    with pytest.raises(TypeError, match="not written"):
        pickle.dumps(Secret(PASSWORD))
    with pytest.raises(TypeError, match="not written"):
        copy.deepcopy(Secret(PASSWORD))


# ── the table ────────────────────────────────────────────────────────────────────────────────────────
def test_every_field_is_in_the_table_with_a_sentence() -> None:
    assert [item.field for item in SETTINGS] == list(Settings.__dataclass_fields__)
    assert all(item.name.startswith("TODO_") and item.doc.endswith((".", "`.")) for item in SETTINGS)


def test_every_default_is_written_as_a_person_would_write_it() -> None:
    environ = {item.name: item.default for item in SETTINGS if not item.is_prefix}
    assert Settings.load(environ) == Settings()


def test_a_part_adds_settings_of_its_own() -> None:
    @dataclass(frozen=True)
    class Mine(Settings):
        key: Secret | None = setting("TODO_KEY", SECRET, "The key.")

    assert Mine.load({"TODO_KEY": PASSWORD, "TODO_LOG_LEVEL": "debug"}).key == Secret(PASSWORD)
    assert settings_of(Mine)[-1].name == "TODO_KEY"
