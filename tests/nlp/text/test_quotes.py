import pytest

from pipeline.nlp.text.quotes import find_quotes


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("“Go,” she said. “Now.”", ["“Go,”", "“Now.”"]),
        ('"Go," she said. "Now."', ['"Go,"', '"Now."']),
        ("«Go,» she said.", ["«Go,»"]),
        ("‘Crime is up,’ she said.", ["‘Crime is up,’"]),
        ("'Crime is up,' she said. 'Nobody's here.'", ["'Crime is up,'", "'Nobody's here.'"]),
        ("The boys' 'Go home' signs were from the '90s.", []),
        ("Don't go, they said, 'tis late.", []),
        ("“He said ‘we lost’ and left,” she said.", ["“He said ‘we lost’ and left,”"]),
        ("“One.\n“Two.”", ["“One.", "“Two.”"]),
    ],
)
def test_quotes_are_found_with_their_marks(text: str, quotes: list[str]) -> None:
    assert [text[quote.start : quote.end] for quote in find_quotes(text)] == quotes
