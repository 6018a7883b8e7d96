"""What holds for any text: no exception, bounded work, the same answer twice, spans within the text."""

from datetime import datetime

from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.language.saying import NOW, read
from tests.unit.work import calls_of
from todotasks.api.visible import one_line
from todotasks.language import describe
from todotasks.language.languages.compiled import get
from todotasks.language.reading.model import INTENTS
from todotasks.language.reading.serialize import as_object

MOST_CALLS = 200_000  # of functions, for ten thousand characters: where work is squared it is millions
SIGNS = [*",.-:/()#@!\"'?;&+~€½\n0123456789", "10:30", "1/2", "2026-05-01", "p1", "#home", "@bob"]
WORDS = sorted(
    word
    for name in ("en", "de")
    for word in {*get(name).lexicon.words, *get(name).frames.vocabulary}
    if word.isalpha()
)
sentences = st.lists(st.sampled_from(WORDS) | st.sampled_from(SIGNS), min_size=1, max_size=30).map(" ".join)


@given(st.text(max_size=300) | sentences)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_has_a_reading(text: str) -> None:
    reading = read(text)
    for each in reading.commands:
        assert each.action in INTENTS
        assert describe(each).endswith(".")
        assert describe(each) == one_line(describe(each)), "it commands no terminal and hides nothing"
        for span in each.spans:
            assert 0 <= span.start <= span.end <= len(text)
            assert text[span.start : span.end] == span.text
        if isinstance(each.due, datetime):
            assert each.due.tzinfo is not None
        if each.recurrence:
            rrulestr(each.recurrence.rrule.replace("UNTIL=", "UNTIL="), dtstart=datetime(2026, 3, 4))
    assert as_object(reading)["intent"] == reading.intent


@given(sentences)
@settings(max_examples=100, deadline=None)
def test_the_same_words_always_mean_the_same(text: str) -> None:
    assert read(text) == read(text)


@given(st.sampled_from(WORDS + SIGNS), st.sampled_from(WORDS + SIGNS), st.sampled_from(["", " ", "-"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_ten_thousand_characters_are_read_in_bounded_work(one: str, two: str, joint: str) -> None:
    text = (f"{one}{joint}{two} " * 10_000)[:10_000]
    assert calls_of(lambda: read(text)) < MOST_CALLS


@given(st.datetimes(min_value=datetime(1970, 1, 3), max_value=datetime(2900, 1, 1)), sentences)
@settings(max_examples=100, deadline=None)
def test_any_moment_can_be_read_from(moment: datetime, text: str) -> None:
    read(text, now=moment.replace(tzinfo=NOW.tzinfo))
