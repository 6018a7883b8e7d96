"""The audit consumer's own settings, beside those that every part has."""

from dataclasses import dataclass

from todotasks.settings import DURATION, PATH, Settings, setting


@dataclass(frozen=True)
class AuditSettings(Settings):
    """The key, and how long the log is kept."""

    key_file: str | None = setting(
        "TODO_AUDIT_KEY_FILE",
        PATH,
        "The private key that signs the heads (Ed25519, PEM without a password): "
        "`openssl genpkey -algorithm ed25519`.",
    )
    retention: float = setting(
        "TODO_AUDIT_RETENTION",
        DURATION,
        "How long entries are kept, in whole months: a month goes when all of it is older.",
        default="90d",
    )
    head_every: float = setting(
        "TODO_AUDIT_HEAD_EVERY",
        DURATION,
        "How often a head is signed and published, if something was added.",
        default="1m",
    )
