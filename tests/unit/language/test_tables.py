"""The tables: frames compile, flags are known, words are lower case, both languages have the same roles."""

import pytest

from todotasks.language.frames.pattern import EFFECTS
from todotasks.language.languages.compiled import get
from todotasks.language.reading.model import INTENTS
from todotasks.language.slots.conditions import CONDITIONS
from todotasks.language.words import roles
from todotasks.language.words.de.calendar import DE
from todotasks.language.words.en.calendar import EN

LANGUAGES = ("en", "de")


def frames(name: str) -> list[tuple[str, set[str]]]:
    index = get(name).frames
    found = [frame for by_word in index.by_first.values() for some in by_word.values() for frame in some]
    found += [frame for some in index.by_anchor.values() for frame in some]
    return [(frame.action, {*frame.conditions, *frame.effects}) for frame in found]


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_frame_has_a_known_action_and_known_conditions_and_effects(name: str) -> None:
    for action, names in frames(name):
        assert action in INTENTS
        assert names <= CONDITIONS.keys() | EFFECTS.keys()


def test_no_condition_or_effect_is_without_a_frame() -> None:
    used = {name for language in LANGUAGES for _, names in frames(language) for name in names}
    assert used == CONDITIONS.keys() | EFFECTS.keys()


@pytest.mark.parametrize("name", LANGUAGES)
def test_words_of_the_lexicon_are_lower_case(name: str) -> None:
    assert [word for word in get(name).lexicon.words if word != word.lower()] == []


@pytest.mark.parametrize("name", LANGUAGES)
def test_words_of_frames_are_lower_case(name: str) -> None:
    assert [word for word in get(name).frames.vocabulary if word != word.lower()] == []


def test_a_second_language_lacks_no_role_that_dates_need() -> None:
    optional = {roles.MERIDIEM, roles.ISH, roles.FILLER, roles.FEW, roles.STARTING}
    needed = {role for role in EN.words if role not in optional}
    assert needed - set(DE.words) <= {roles.ISH, roles.FROM_NOW, roles.COMING, roles.FILLER, roles.OTHER}


def test_an_unknown_language_says_which_are_known() -> None:
    with pytest.raises(ValueError, match='known are "en", "de" and "auto"'):
        get("tlh")
