import pytest
from resolved import resolve_speaker


@pytest.mark.parametrize(
    ("lines", "source", "names", "speaker"),
    [
        ("Pham Van Duc came.\nPham, 29, said no.", "Pham, 29", {"Pham_Van_Duc": "PERSON"}, "Pham Van Duc"),
        ("Ada Oslo came.\nOslo, 29, said no.", "Oslo, 29", {"Ada_Oslo": "PERSON"}, "Ada Oslo"),
        (
            "Ada Oslo and Ida Oslo came.\nOslo, 29, said no.",
            "Oslo, 29",
            {"Ada_Oslo": "PERSON", "Ida_Oslo": "PERSON"},
            None,
        ),
    ],
)
def test_a_name_with_an_age_is_a_persons(lines: str, source: str, names: dict[str, str], speaker: str | None) -> None:
    assert resolve_speaker(lines, source, **names) == speaker
