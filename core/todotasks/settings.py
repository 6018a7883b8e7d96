"""Settings, by the same names everywhere: environment variables first, then one file.

Each setting is one line of a class: its name, one parser that says what it accepts, its default and a
sentence about it. `load` reads them all and, if anything is wrong, raises one `SettingsError` that
names every mistake: which setting, where it stood, what was given (never for a secret), what would be
accepted. The file (`TODO_SETTINGS_FILE`, YAML or TOML) holds the same names: `TODO_LOG_LEVEL: debug`.

A part with settings of its own subclasses `Settings`; `SETTINGS` and `settings_of` list them for the
documentation and its test.
"""

import difflib
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Generic, Literal, NamedTuple, NoReturn, Self, TypeVar
from urllib.parse import urlsplit

import yaml

from todotasks.api.durations import DurationError, parse_duration

T = TypeVar("T")

SETTINGS_FILE = "TODO_SETTINGS_FILE"
KAFKA_PREFIX = "TODO_KAFKA_"
SIMILAR = 0.88  # likeness from which an unknown name counts as a misspelt one


class SettingsError(Exception):
    """What is wrong with the settings, all of it. `problems` has one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Secret:
    """A text that does not show in a log, a repr or a traceback. `reveal()` where it is used."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not written anywhere")


class KafkaConfig(dict[str, str]):
    """librdkafka's configuration. Its repr names the properties and hides their values."""

    def __repr__(self) -> str:
        return f"KafkaConfig({', '.join(sorted(self))})"


class Parser(NamedTuple, Generic[T]):
    """`accepts` completes the sentence "… must be …"."""

    accepts: str
    parse: Callable[[str], T]
    secret: bool = False


class Setting(NamedTuple):
    """One row of the documentation, and how its value is read."""

    name: str
    field: str
    parser: Parser[Any]
    default: str
    doc: str
    fallbacks: tuple[str, ...] = ()
    is_prefix: bool = False


def setting(
    name: str,
    parser: Parser[Any],
    doc: str,
    *,
    default: str | None = None,
    fallbacks: tuple[str, ...] = (),
    is_prefix: bool = False,
) -> Any:
    """A field of a settings class. The default is written as a person would, and parsed like it."""
    metadata = {"setting": Setting(name, "", parser, default or "", doc, fallbacks, is_prefix)}
    if is_prefix:
        return field(default_factory=lambda: parser.parse(""), metadata=metadata)
    return field(default=parser.parse(default) if default is not None else None, metadata=metadata)


def _text(text: str) -> str:
    return text


def _one_of(*choices: str) -> Parser[Any]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError
        return text.lower()

    return Parser(f"one of {', '.join(choices)}", parse)


def _flag(text: str) -> bool:
    try:
        return {"true": True, "false": False}[text.lower()]
    except KeyError as error:
        raise ValueError from error


def _url(*schemes: str) -> Parser[Secret]:
    def parse(text: str) -> Secret:
        parts = urlsplit(text)
        _ = parts.port  # raises if it is no number
        if parts.scheme not in schemes or not (parts.netloc or parts.query):
            raise ValueError
        return Secret(text)

    return Parser(f"a URL that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}", parse, True)


def _number(accepts: str, convert: Callable[[str], T], holds: Callable[[T], bool]) -> Parser[T]:
    def parse(text: str) -> T:
        value = convert(text)
        if not holds(value):
            raise ValueError
        return value

    return Parser(accepts, parse)


def _namespace(text: str) -> str:
    plain = text.replace("-", "a")
    if text and not (
        len(text) <= 63 and plain.isalnum() and plain.isascii() and text == text.lower().strip("-")
    ):
        raise ValueError
    return text


def _seconds(text: str) -> float:
    return parse_duration(text).total_seconds()


TEXT = Parser("a text", _text)
SECRET = Parser("a text", Secret, secret=True)
PATH = Parser("a path", _text)
NAMESPACE = Parser("the name of a namespace (lower-case letters, digits, inner hyphens)", _namespace)
FLAG = Parser("true or false", _flag)
PORT = _number("a port, 0 to 65535", int, lambda port: 0 <= port <= 65535)
RATE = _number("a number above 0", float, lambda rate: 0 < rate < float("inf"))
DURATION = _number("a duration of at least 1s, such as 15s or 1m30s", _seconds, lambda s: s >= 1)
URL_POSTGRESQL = _url("postgresql", "postgres")
URL_SMTP = _url("smtp", "smtps", "smtp+starttls")
KAFKA = Parser("a text", lambda text: KafkaConfig(), secret=True)


@dataclass(frozen=True)
class Settings:
    """What every part shares. Durations are in seconds."""

    database_url: Secret | None = setting(
        "TODO_DATABASE_URL",
        URL_POSTGRESQL,
        "The PostgreSQL that holds the mirror, the outbox and the audit log.",
    )
    kafka: KafkaConfig = setting(
        KAFKA_PREFIX,
        KAFKA,
        "Any property of librdkafka: `TODO_KAFKA_SASL_USERNAME` is its `sasl.username`. "
        "`TODO_KAFKA_BOOTSTRAP` is short for `TODO_KAFKA_BOOTSTRAP_SERVERS`.",
        is_prefix=True,
    )
    kubeconfig: str | None = setting(
        "TODO_KUBECONFIG",
        PATH,
        "The cluster, and who we are there. Without it: the pod's ServiceAccount, then ~/.kube/config.",
        fallbacks=("KUBECONFIG",),
    )
    namespace: str = setting(
        "TODO_NAMESPACE", NAMESPACE, "Where our own Leases live.", default="todotasks-system"
    )
    watch_namespace: str = setting(
        "TODO_WATCH_NAMESPACE", NAMESPACE, "The one namespace that is looked after; empty: all.", default=""
    )
    health_port: int = setting(
        "TODO_HEALTH_PORT",
        PORT,
        "Where /healthz, /readyz and /metrics are served; 0: any free port.",
        default="8080",
    )
    health_host: str = setting(
        "TODO_HEALTH_HOST", TEXT, "The address they are served on; empty: all addresses.", default=""
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "TODO_LOG_LEVEL",
        _one_of("debug", "info", "warning", "error"),
        "The least that is logged.",
        default="info",
    )
    log_format: Literal["json", "console"] = setting(
        "TODO_LOG_FORMAT",
        _one_of("json", "console"),
        "One JSON object a line, or for a terminal.",
        default="json",
    )
    smtp_url: Secret | None = setting("TODO_SMTP_URL", URL_SMTP, "The mail server for reminders by email.")
    lease_duration: float = setting(
        "TODO_LEASE_DURATION", DURATION, "How long a dead leader is waited for.", default="15s"
    )
    write_rate: float = setting(
        "TODO_WRITE_RATE", RATE, "Status writes a second that the API server is given.", default="400"
    )

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, *, required: tuple[str, ...] = ()) -> Self:
        """Read all settings; `required` names fields that this process cannot do without."""
        problems: list[str] = []
        given = _Given(os.environ if environ is None else environ, problems)
        values: dict[str, Any] = {}
        for item in settings_of(cls):
            value = given.kafka() if item.is_prefix else given.value(item)
            if value is not None:
                values[item.field] = value
            if item.field in required and not value:
                example = f"{KAFKA_PREFIX}BOOTSTRAP" if item.is_prefix else item.name
                problems.append(f"{example} is not set: {item.doc}")
        given.look_for_misspelt({name for item in settings_of(cls) for name in (item.name, *item.fallbacks)})
        if problems:
            raise SettingsError(problems)
        return cls(**values)


def settings_of(kind: type[Settings]) -> tuple[Setting, ...]:
    """The table of a settings class: what there is to set."""
    return tuple(one.metadata["setting"]._replace(field=one.name) for one in fields(kind))


SETTINGS = settings_of(Settings)


class _Given:
    """What the environment and the file say, with the place of each, for the messages."""

    def __init__(self, environ: Mapping[str, str], problems: list[str]) -> None:
        self._problems = problems
        self._values: dict[str, tuple[str, str]] = {}  # name -> (text, where it stands)
        path = environ.get(SETTINGS_FILE, "")
        if path:
            self._values.update(dict(self._read(Path(path))))
        self._values.update({name: (text, "the environment") for name, text in environ.items()})

    def value(self, item: Setting) -> Any:
        """The parsed value; None if it was not given or is wrong. An empty text counts as not given."""
        for name in (item.name, *item.fallbacks):
            text, where = self._values.get(name, ("", ""))
            if not text:
                continue
            try:
                return item.parser.parse(text)
            except (ValueError, DurationError):
                got = "something else" if item.parser.secret else repr(text)
                self._problems.append(f"{name} ({where}) must be {item.parser.accepts}, got {got}")
                return None
        return None

    def kafka(self) -> KafkaConfig:
        config = KafkaConfig()
        for name, (text, _) in sorted(self._values.items()):
            if name.startswith(KAFKA_PREFIX) and text:
                key = name.removeprefix(KAFKA_PREFIX).lower().replace("_", ".")
                config["bootstrap.servers" if key == "bootstrap" else key] = text
        return config

    def look_for_misspelt(self, known: set[str]) -> None:
        """A name like ours that is none of ours is most likely meant to be one of ours."""
        for name, (_, where) in self._values.items():
            if name.startswith("TODO_") and name not in known and not name.startswith(KAFKA_PREFIX):
                for alike in difflib.get_close_matches(name, known, n=1, cutoff=SIMILAR):
                    self._problems.append(f"{name} ({where}) is no setting: did you mean {alike}?")

    def _read(self, path: Path) -> Iterator[tuple[str, tuple[str, str]]]:
        try:
            text = path.read_text(encoding="utf-8")
            document = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
        except OSError as error:
            self._problems.append(f"{SETTINGS_FILE} ({path}) cannot be read: {error.strerror or error}")
            return
        except (tomllib.TOMLDecodeError, yaml.YAMLError, UnicodeDecodeError):
            # The parser's own message quotes the line, and the line may hold a password.
            kind = "TOML" if path.suffix == ".toml" else "YAML"
            self._problems.append(f"{SETTINGS_FILE} ({path}) is not {kind}")
            return
        if document is None:
            return
        if not isinstance(document, Mapping):
            self._problems.append(f"{SETTINGS_FILE} ({path}) must be lines of NAME: value")
            return
        for name, value in document.items():
            if isinstance(value, bool):
                yield str(name), (str(value).lower(), str(path))
            elif isinstance(value, (str, int, float)):
                yield str(name), (str(value), str(path))
            elif value is not None:
                self._problems.append(f"{name} ({path}) must be a single value, got a {type(value).__name__}")
