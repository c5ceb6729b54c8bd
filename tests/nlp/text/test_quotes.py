import pytest

from pipeline.nlp.text.quotes import find_quotes


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("“Go,” she said. “Now.”", ["“Go,”", "“Now.”"]),
        ('"Go," she said. "Now."', ['"Go,"', '"Now."']),
        ("«Go,» she said.", ["«Go,»"]),
        ("\u2018Crime is up,\u2019 she said.", ["\u2018Crime is up,\u2019"]),
        ("'Crime is up,' she said. 'Nobody's here.'", ["'Crime is up,'", "'Nobody's here.'"]),
        ("The boys' 'Go home' signs were from the '90s.", []),
        ("Don't go, they said, 'tis late.", []),
        ("“He said \u2018we lost\u2019 and left,” she said.", ["“He said \u2018we lost\u2019 and left,”"]),
        ("“One.\n“Two.”", ["“One.", "“Two.”"]),
    ],
)
def test_quotes_are_found_with_their_marks(text: str, quotes: list[str]) -> None:
    assert [text[quote.start : quote.end] for quote in find_quotes(text)] == quotes
