import pytest

from pipeline.web.visible import shortened, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, é, עברית, 👩‍🚀", "plain, é, עברית, 👩‍🚀"),
        ("a\u202egnp.exe\u202c", "a⟦RLO⟧gnp.exe⟦PDF⟧"),
        ("\u2066x\u2069", "⟦LRI⟧x⟦PDI⟧"),
        ("one\ttwo\nthree", "one\ttwo\nthree"),
        ("bell\a, null\0, delete\x7f", "bell␇, null␀, delete␡"),
        ("csi\x9b1m", "csi\N{REPLACEMENT CHARACTER}1m"),
    ],
)
def test_no_control_character_works_in_secret(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_what_is_cut_says_so() -> None:
    assert shortened("abc", 3) == "abc"
    assert shortened("a" * 2000, 3) == "aaa… (1,997 more characters)"
