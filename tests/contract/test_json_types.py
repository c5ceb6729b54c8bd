import pytest

from pipeline.contract.json_types import json_type


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, "an object"),
        ([], "a list"),
        ("", "a string"),
        (True, "a boolean"),
        (1, "a number"),
        (1.5, "a number"),
        (None, "null"),
    ],
)
def test_a_type_is_named_as_json_names_it(value: object, expected: str) -> None:
    assert json_type(value) == expected
