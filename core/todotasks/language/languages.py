"""What tells one language from another: frequent words, and the calendar's."""

# ruff: noqa: E501 - a list of words is read along its line

from todotasks.language.frames_de import CLASSES as CLASSES_DE
from todotasks.language.frames_en import CLASSES
from todotasks.language.tables_de import DE
from todotasks.language.tables_en import EN


def _calendar(tables: object) -> set[str]:
    words: set[str] = set()
    for name in ("numbers", "months", "weekdays", "relative", "units", "parts", "plural_days", "frequencies"):
        for spellings in getattr(tables, name):
            words.update(word for spelling in spellings.split("|") for word in spelling.split())
    return words


_ENGLISH = "am pm the a an to of and for on in at is are my me it this that with from by not do i you we please can what when all every by done add move task list show mark buy call"

_GERMAN = (
    "an am in so hat man steht stehen liegt der die das den dem des ein eine einen einem und ist sind war nicht mit von vom zum zur im für auf bei ich mich mir mein meine meinen wir uns du bitte daran dass "
    "wie was wer wann welche alle jeden jede noch schon wieder auch heute kaufen anrufen zahlen abgeben nehmen gießen rausbringen waschen schreiben bezahlen holen machen bringen putzen "
    "überweisen hilfe danke rückgängig erledigt fertig lösche lösch zeige verschiebe verschieb markiere hake benenne weise erinnere termin aufgabe neue uhr bis ab nach vor schlummern wetter hallo guten "
    "zahnarzt friseur milch brot auto arzt müll blumen treffen besprechung geburtstag einkaufen öffne zeig füge"
)

COMMON = {
    "en": frozenset(_ENGLISH.split())
    | frozenset(_calendar(EN))
    | frozenset(word for words in CLASSES.values() for word in words.split("|")),
    "de": frozenset(_GERMAN.split())
    | frozenset(_calendar(DE))
    | frozenset(word for words in CLASSES_DE.values() for word in words.split("|")),
}
