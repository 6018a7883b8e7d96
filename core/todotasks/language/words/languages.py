"""The languages there are: a folder of tables each, an entry here. A third is added nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass

from todotasks.language.words.calendar_schema import Tables
from todotasks.language.words.command_schema import Domain, Speech
from todotasks.language.words.de import calendar as de_calendar
from todotasks.language.words.de import commands as de_commands
from todotasks.language.words.de import frames as de_frames
from todotasks.language.words.de import small as de_small
from todotasks.language.words.de import topics as de_topics
from todotasks.language.words.en import calendar as en_calendar
from todotasks.language.words.en import commands as en_commands
from todotasks.language.words.en import frames as en_frames
from todotasks.language.words.en import small as en_small
from todotasks.language.words.en import topics as en_topics
from todotasks.language.words.small_schema import SmallWords


@dataclass(frozen=True, slots=True)
class LanguageTables:
    """All tables of one language."""

    calendar: Tables
    commands: Speech
    topics: Domain
    frames: list[tuple[str, str, str]]  # action, pattern, conditions
    classes: Mapping[str, str]  # the word classes that patterns name
    small: SmallWords


LANGUAGES = {
    "en": LanguageTables(
        en_calendar.EN,
        en_commands.SPEECH,
        en_topics.DOMAIN,
        en_frames.FRAMES,
        en_frames.CLASSES,
        en_small.SMALL,
    ),
    "de": LanguageTables(
        de_calendar.DE,
        de_commands.SPEECH,
        de_topics.DOMAIN,
        de_frames.FRAMES,
        de_frames.CLASSES,
        de_small.SMALL,
    ),
}
