"""The shape of a language's calendar words: plain data that `lexer.lexicon` compiles.

`words` gives, for each role, its words separated by `|`; a phrase of several words counts as one. The
dictionaries give words that carry a value. A key may list several spellings, separated by `|`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# A unit is what one step adds: months, days or seconds; "workday" steps over Saturday and Sunday.
Unit = tuple[str, int]


@dataclass(frozen=True)
class Tables:
    """The calendar words of one language."""

    name: str
    numbers: Mapping[str, float]
    ordinals: Mapping[str, int]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    plural_days: Mapping[str, int]
    units: Mapping[str, Unit]
    day_parts: Mapping[str, tuple[int, str]]  # a weekday and its part in one word: Samstagmorgen
    plural_day_parts: Mapping[str, tuple[int, str]]  # samstagmorgens: every one
    relative: Mapping[str, int]
    relative_parts: Mapping[str, tuple[int, str]]
    parts: Mapping[str, str]
    plural_parts: Mapping[str, str]
    clock_words: Mapping[str, int]
    meridiem: Mapping[str, int]
    few: Mapping[str, float]
    next_words: Mapping[str, int]
    frequencies: Mapping[str, tuple[int, Unit]]
    once: Mapping[str, int]
    holidays: Mapping[str, str]
    quarters: Mapping[str, int]
    seasons: Mapping[str, int]  # 1 is spring; 0 is "season" itself
    zones: Mapping[str, str]
    ends: Mapping[str, str]
    words: Mapping[int, str]
    # Weekdays in one or two letters, which count only in a list of them: mo-fr, tu/th, m/w/f.
    day_letters: Mapping[str, int] = field(default_factory=dict)
    # Several weekdays in one word.
    day_sets: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    # How a nought is said in a time of day: twelve oh three.
    spoken_zeros: tuple[str, ...] = ()
    # Frequent misspellings that an edit distance of one does not reach.
    misspelt: Mapping[str, str] = field(default_factory=dict)
    # Words that look like a misspelling of a calendar word and are not.
    not_misspelt: str = ""
    # "half nine" is 9:30 in English, "halb neun" is 8:30 in German.
    half_before: bool = False
    # "7 Uhr abends": the word for every evening says which half of the day.
    parts_after_clock: bool = False
    # German writes every noun with a capital: it tells no name and no end of a sentence.
    capital_nouns: bool = False
    # "3. Mai": a number with a dot is an ordinal.
    ordinal_dot: bool = False
    # In which weeks of the year, by their number: 0 is every even one, 1 every odd one.
    week_parity: Mapping[str, int] = field(default_factory=dict)
    # Behind a length of time these say how long: "drei Wochen lang".
    lasting: str = ""
    # These name nothing but a week of the year: "KW 8".
    calendar_weeks: str = ""
    # Prepositions that hold an article: "am siebzehnten" is "an dem siebzehnten".
    with_article: str = ""
    # 1/2 is 2 January (DMY) or 1 February's opposite (MDY), where the caller has no wish.
    day_order: str = "MDY"
    # The spelled-out "every second Tuesday" means every other one.
    second_is_other: bool = True
