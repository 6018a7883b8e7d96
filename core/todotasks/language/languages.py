"""What tells one language from another: frequent words, and the calendar's."""

from todotasks.language.frames_en import CLASSES
from todotasks.language.tables_en import EN


def _calendar(tables: object) -> set[str]:
    words: set[str] = set()
    for name in ("numbers", "months", "weekdays", "relative", "units", "parts", "plural_days", "frequencies"):
        for spellings in getattr(tables, name):
            words.update(word for spelling in spellings.split("|") for word in spelling.split())
    return words


_ENGLISH = "the a an to of and for on in at is are my me it this that with from by not do i you we please can what when all every by done add move task list show mark buy call"

COMMON = {
    "en": frozenset(_ENGLISH.split()) | frozenset(_calendar(EN)) | frozenset(word for words in CLASSES.values() for word in words.split("|")),
    "de": frozenset[str](),
}
