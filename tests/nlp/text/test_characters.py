from hypothesis import given
from hypothesis import strategies as st

from pipeline.nlp.text.characters import plain


def test_quotes_hyphens_and_blanks_become_plain() -> None:
    assert plain("\u201cIt\u2019s\u00a0done\u201d \u2010 now\t\x00") == '"It\'s done" - now  '


@given(st.text())
def test_a_text_keeps_its_length(text: str) -> None:
    assert len(plain(text)) == len(text)
