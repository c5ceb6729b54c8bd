import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.nlp.sentences.language import detect_language, split_by_rules


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The minister said on Monday that the talks were over and that the army was ready for it.", "en"),
        ("NATO says it will send more troops to the region", "en"),
        ("Der Minister sagte am Montag, die Gespr\u00e4che seien beendet.", "de"),
        ("Le ministre a d\u00e9clar\u00e9 lundi que c'\u00e9tait fini.", "fr"),
        ("\u041e\u043d \u0441\u043a\u0430\u0437\u0430\u043b, \u0447\u0442\u043e \u0431\u0443\u0434\u0435\u0442", "ru"),
        ("12345 67890", None),
        ("", None),
        ("Doe, Roe", None),
    ],
)
def test_the_language_is_told_or_not_guessed(text: str, language: str | None) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Chefen sagde mandag, at have og hus er for dyre for alle, der bor langt fra byen for at have ro i livet.",
            "da",
        ),
        (
            "De minister was maandag hier, waar hij is geboren, en zei dat het plan of de wet niet was wat hij wil.",
            "nl",
        ),
        (
            "Results of the day: Ann Doe, Oslo; Ian Roe, Bergen; Ann Poe, Narvik; Joe Moe, Voss; May Loe and Al Noe.",
            "en",
        ),
    ],
)
def test_words_that_languages_share_tell_nothing(text: str, language: str) -> None:
    assert detect_language(text) == language


COUNTRIES = ("Nigeria", "Ghana", "Cameroon", "Liberia", "Jamaica", "Kenya", "India", "Malaysia", "Fiji", "Scotland")
PLACES = ("Lagos", "Accra", "Buea", "Monrovia", "Kingston", "Nairobi", "Delhi", "Penang", "Suva", "Edinburgh")
FORMS = (
    "Unemployment in {country} fell to 4 percent in 2015, Jane Smith said.",
    "Inflation in {country} rises to 12 percent",
    "{place}: Senate passes 3 trillion budget. Buhari to sign, Senate president says.",
    "Army kills 12 militants in {place}, {country}",
    "{country} beats Ghana 2-1",
    "Oil: {country} pumps 2 million barrels daily",
    "{country} coach names squad for World Cup",
    "Why {country} needs more teachers",
    "Fuel prices rise in {country} as currency falls",
    "{place}, {country} \u2014 The state government spent 3 million naira, officials said.",
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("country", "place"), list(zip(COUNTRIES, PLACES, strict=True)))
def test_short_english_is_english_wherever_it_is_from(form: str, country: str, place: str) -> None:
    assert detect_language(form.format(country=country, place=place)) in {"en", None}


@pytest.mark.parametrize(
    "text",
    [
        "Di goment don tok say dem go build new bridge for Lagos, and pipol dey happy sey di work go start dis week.",
        "Wetin we know about di new law wey di president sign for Abuja on Monday and how e go affect you.",
    ],
)
def test_pidgin_is_pidgin(text: str) -> None:
    assert detect_language(text) == "pcm"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Er ging. Sie blieb!\nWarum?", ["Er ging.", "Sie blieb!", "Warum?"]),
        ("\u4ed6\u8d70\u3002\u5979\u7559\u3002", ["\u4ed6\u8d70\u3002", "\u5979\u7559\u3002"]),
        ("\u00bfQui\u00e9n? \u00abNadie.\u00bb Fin", ["\u00bfQui\u00e9n?", "\u00abNadie.\u00bb", "Fin"]),
        ("", []),
    ],
)
def test_other_languages_are_split_by_rules(text: str, sentences: list[str]) -> None:
    assert [text[one.start : one.end] for one in split_by_rules(text)] == sentences


@given(st.text(max_size=200))
def test_rules_lose_nothing(text: str) -> None:
    held = [at for one in split_by_rules(text) for at in range(one.start, one.end)]
    assert [at for at in held if not text[at].isspace()] == [at for at, one in enumerate(text) if not one.isspace()]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dr. Weber zahlte 3 Mio. Euro. Das reichte nicht.", 2),
        ("Am 3. Oktober kam er. Es war spät.", 2),
        ("Das gilt z. B. für Berlin. Mehr nicht.", 2),
        ("M. Dupont est parti. Mme. Durand reste.", 2),
        ("El Sr. García llegó. Era tarde.", 2),
        ("Es waren 12. Das reichte.", 2),
        ("Г. Иванов приехал. Было поздно.", 2),
    ],
)
def test_rules_know_abbreviations_of_other_languages(text: str, count: int) -> None:
    assert len(split_by_rules(text)) == count
