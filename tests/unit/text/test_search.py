"""What a search finds in a text, whoever compares: PostgreSQL and a list in memory have these lexemes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.text.alike import most_alike
from todotasks.text.analysis import document, lexemes, vocabulary
from todotasks.text.search import BadSearch, read_search

ADDRESS = "see https://example.com/a/b?x=1 for more"
INVOICE = "Pay INV-2026/0042 and close JIRA-1234"
CODE = "fix user_profile.update_avatar() and renderHTMLPage"

FOUND = [
    # words
    ("Buy milk", "milk"),
    ("Buy milk", "MILK buy"),
    ("Reviewing the payments", "review payment"),
    ("Pay rent", "pay the rent"),
    ("Café Münster, Straße 5", "cafe munster strasse"),
    ("Café Münster, Straße 5", "Muenster STRASSE"),
    ("Lunch at Muenster", "Münster"),
    ("groß und schön", "gross schoen"),
    ("Ærøskøbing trip to Łódź", "aeroskobing lodz"),
    ("call O'Brien", "obrien"),
    ("call O'Brien", "o’brien"),
    ("call O'Brien", "brien"),
    ("don't forget", "dont"),
    ("ΑΘΗΝΑ tickets", "αθηνα"),
    ("Ёлка", "елка"),
    ("שָׁלוֹם", "שלום"),
    ("हिन्दी सीखना", "हिन्दी"),
    # a beginning, as the last word
    ("Buy groceries", "groc"),
    ("Buy groceries", "buy gr"),
    ("Meeting", "meeti"),
    # identifiers, whole and in parts
    (INVOICE, "INV-2026/0042"),
    (INVOICE, "inv-2026-0042"),
    (INVOICE, "inv/2026"),
    (INVOICE, "2026/0042"),
    (INVOICE, "0042"),
    (INVOICE, "1234"),
    (INVOICE, "JIRA-1234"),
    (INVOICE, "jira-12"),
    (INVOICE, "#1234"),
    (CODE, "user_profile"),
    (CODE, "update_avatar"),
    (CODE, "update_avatar()"),
    (CODE, "user_profile.update_avatar"),
    (CODE, "profile"),
    (CODE, "profile.update"),
    (CODE, "profile_upd"),
    (CODE, "html"),
    (CODE, "renderhtmlpage"),
    ("HTTPServer2 is down", "httpserver"),
    ("HTTPServer2 is down", "httpser"),
    ("HTTPServer2 is down", "server"),
    ("deploy abc9f86d081884c", "abc9f8"),
    ("deploy abc9f86d081884c", "abc"),
    ("room12 is free", "12"),
    ("Zimmer 12b", "12b"),
    ("v1.2.3 release", "1.2.3"),
    ("v1.2.3 release", "v1.2"),
    ("mail bob.smith@example.com", "bob.smith@example.com"),
    ("mail bob.smith@example.com", "@example.com"),
    ("kubectl get tt -n home -l tag.todotasks.dev/work", "tag.todotasks.dev/work"),
    ("e-mail Bob", "email"),
    ("email Bob", "e-mail"),
    # addresses
    (ADDRESS, "https://example.com/a/b"),
    (ADDRESS, "https://example.com/a/b?x=1"),
    (ADDRESS, "example.com"),
    (ADDRESS, "example"),
    (ADDRESS, "com/a/b"),
    (ADDRESS, "exam"),
    ("see https://a.b/c/d/e/f/g/h/i/j/k/l/m?n=o#p", "https://a.b/c/d/e/f/g/h/i/j/k/l/m"),
    # scripts without spaces
    ("明天买牛奶和面包", "牛奶"),
    ("明天买牛奶和面包", "面包"),
    ("明天买牛奶和面包", "奶"),
    ("明天买牛奶和面包", "买牛奶和面包"),
    ("買iPhone手機", "手機"),
    ("買iPhone手機", "iphone"),
    ("カタカナとひらがな", "ひらがな"),
    ("ｶﾀｶﾅ", "カタカナ"),
    ("우유를 사다", "우유"),
    ("ซื้อนมและขนมปัง", "ขนมปัง"),
    ("１２３ＡＢＣ", "123abc"),
    # symbols
    ("🎂 Anna", "🎂"),
    ("cake🎂for Anna", "🎂"),
    ("👩🏽‍💻 pair", "👩‍💻"),
    ("👍🏽", "👍"),
    ("trip to 🇩🇪", "🇩🇪"),
    ("5 € each", "€"),
    ("❤️ run", "❤"),
]
NOT_FOUND = [
    ("Buy milk", "milky"),
    ("Buy milk", "bread"),
    ("Pay INV-0042/2026", "INV-2026/0042"),
    ("INV 2026, later 0042", "INV-2026/0042"),
    ("update the user_profile", "update_profile"),
    (INVOICE, "042"),
    (INVOICE, "JIRA-12 "),
    ("🇩🇪 trip", "🇪🇩"),
    ("明天买牛奶", "奶牛"),
    ("Buy groceries", "groc now"),
    ("Buy groceries", "groc "),
]


@pytest.mark.parametrize(("text", "said"), FOUND)
def test_it_is_found(text: str, said: str) -> None:
    assert read_search(said).matches(document(text))
    assert read_search(said).matches(document("something", text)), "in the notes as well"


@pytest.mark.parametrize(("text", "said"), NOT_FOUND)
def test_it_is_another_one(text: str, said: str) -> None:
    assert not read_search(said).matches(document(text))


def test_a_tag_is_found_as_a_word() -> None:
    assert read_search("work").matches(document("Report", None, ["work"]))


@pytest.mark.parametrize("said", ["_", "...", "()", "-", "' '", "\u200b", "#", "%", "\u0301"])
def test_a_text_with_nothing_to_find_is_refused_everywhere_in_the_same_words(said: str) -> None:
    with pytest.raises(BadSearch, match="letters, digits, or a sign such as an emoji"):
        read_search(said)


@pytest.mark.parametrize("said", ["", " ", "\t\n"])
def test_a_blank_text_is_no_search(said: str) -> None:
    assert read_search(said).terms == ()


def test_only_fillers_are_looked_for_as_they_are() -> None:
    assert read_search("the who ").matches(document("Tickets for The Who"))
    assert not read_search("the who ").matches(document("Tickets"))


def test_too_many_words_are_refused_with_how_many_are_taken() -> None:
    with pytest.raises(BadSearch, match="9 words are too many: at most 8"):
        read_search("alpha bravo charlie delta echo foxtrot golf hotel india")


@pytest.mark.parametrize(
    ("said", "title", "alike"),
    [
        ("reveiw", "Review the code", True),
        ("grocries", "Buy groceries", True),
        ("mlik", "Buy milk", True),
        ("strase", "Straße fegen", True),
        ("1243", "Pay 1234", False),
        ("cat", "Feed the cot", False),
        ("INV-2026/0024", INVOICE, False),
    ],
)
def test_a_slip_is_read_as_the_word_it_is_next_to(said: str, title: str, *, alike: bool) -> None:
    search = read_search(said)
    assert not search.matches(document(title))
    words = vocabulary(document(title))
    found = {term.word: most_alike(term.word, words) for term in search.terms if term.word}
    assert search.with_slips(found).matches(document(title)) is alike


@given(st.text(max_size=200))
def test_any_text_has_lexemes_that_an_index_can_keep(text: str) -> None:
    for lexeme in lexemes(text):
        assert lexeme
        assert ":" not in lexeme
        assert lexeme.split() == [lexeme], "they are handed over as one text"
        assert len(lexeme.encode("utf-8", "surrogatepass")) <= 2046, "the longest that PostgreSQL keeps"


@given(st.text(max_size=80))
def test_a_title_is_found_by_itself(text: str) -> None:
    try:
        search = read_search(text)
    except BadSearch:
        return
    assert search.matches(document(text))


@given(st.text(alphabet="abcdeÄß", min_size=2, max_size=20), st.integers(2, 19))
def test_each_beginning_of_the_last_word_finds_it(word: str, length: int) -> None:
    assert read_search(f"pay {word[:length]}").matches(document(f"Pay {word}"))
