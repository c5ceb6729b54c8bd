"""Each check passes where the answer is right and says what is wrong where it is not."""

from __future__ import annotations

import pytest
from behaviour import checks
from behaviour.cases import Check, Result, article
from behaviour.run import results_of, shipped_context

TEXT = 'Ada Quill, the mayor of Oslo, left. "Crime is up 20 percent," Quill said.'
QUOTE = '"Crime is up 20 percent,"'


@pytest.fixture(scope="module")
def result() -> Result:
    return results_of([article(TEXT)], shipped_context())[0]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            checks.sentences("Ada Quill, the mayor of Oslo, left.", '"Crime is up 20 percent," Quill said.'),
            checks.sentences(TEXT),
        ),
        (checks.sentence("Ada Quill, the mayor of Oslo, left."), checks.sentence("Ada Quill, the mayor of Oslo,")),
        (checks.label("Ada Quill", "PERSON"), checks.label("Oslo", "PERSON")),
        (checks.label("Oslo", "GPE", "LOC"), checks.label("the mayor", "PERSON")),
        (checks.no_label("Oslo", "PERSON"), checks.no_label("Oslo", "GPE")),
        (checks.no_label("mayor"), checks.no_label("Oslo")),
        (checks.one_label("Oslo"), checks.one_label("Bergen")),
        (checks.canonical("Quill", "Ada Quill"), checks.canonical("Quill", "Bo Quill")),
        (checks.direct(QUOTE), checks.direct("Crime is up")),
        (checks.speaker_of("Crime is up", "Ada Quill"), checks.speaker_of("Crime is up", None)),
        (checks.speaker_of("Crime is up", None, "ADA QUILL"), checks.speaker_of("left", "Ada Quill")),
        (checks.reported("Crime is up", "said"), checks.reported("Crime is up", "told")),
        (checks.no_cue("left"), checks.no_cue("said")),
        (checks.no_speaker("Oslo"), checks.no_speaker("Ada Quill")),
        (checks.speakers("Ada Quill"), checks.speakers("Oslo", None)),
        (checks.no_content("Quill said"), checks.no_content("20 percent")),
        (checks.within(QUOTE), checks.within('percent," Quill')),
        (checks.claims(1), checks.claims(0)),
        (checks.claim('"Crime is up 20 percent," Quill said.', is_one=True), checks.claim(TEXT, is_one=True)),
        (checks.read(), checks.read(is_read=False)),
    ],
)
def test_a_check_tells_right_from_wrong(right: Check, wrong: Check, result: Result) -> None:
    assert list(right(result)) == []
    assert list(wrong(result))
