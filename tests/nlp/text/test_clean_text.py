from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.nlp.spans import Attribution, Entity, Resolved, Sentence, Span
from pipeline.nlp.text.clean_text import CleanText

TEXTS = st.text(st.sampled_from("ab. '`\n\r\u00ad\u200b\ufeff"), max_size=60)
WRAPPED = (
    "The council of Tarn voted on Monday to close two of its four\nschools, and 40 parents are up in arms about it."
)


def shown(text: str) -> str:
    return "".join(text.translate(dict.fromkeys(map(ord, "\u00ad\u200b\ufeff"))).split())


def sentence(start: int, end: int) -> Sentence:
    return Sentence(0, start, end, 0, "sentence")


def entity(text: str, start: int, end: int) -> Entity:
    return Entity(start, end, text[start:end], "PERSON", 0, None)


def test_a_text_is_mostly_read_as_it_came() -> None:
    reading = CleanText("Ada Quill said: “Nobody left.”\nShe left.")
    assert reading.text is reading.source


def test_what_does_not_show_is_left_out_and_names_keep_it() -> None:
    source = "The min\u00adis\u00adter, Ada\u200b Quill\u200b, left."
    reading = CleanText(source)
    assert reading.text == "The minister, Ada Quill, left."
    (found,) = reading.entities_out([entity(reading.text, 14, 23)])
    assert (found.text, source[found.start : found.end]) == ("Ada\u200b Quill", "Ada\u200b Quill")
    assert reading.entities_in([found])[0].text == "Ada Quill"


def test_a_text_of_nothing_that_shows_is_read_as_it_came() -> None:
    assert CleanText("\u200b\ufeff").text == "\u200b\ufeff"


def test_tex_quotes_become_curly_ones_and_spans_hold_both_marks() -> None:
    source = "``Go,'' he said. ''Now,'' she said. He is 5'10'' tall."
    reading = CleanText(source)
    assert reading.text == "“Go,” he said. “Now,” she said. He is 5'10'' tall."
    said = Attribution(Span(6, 8, "he"), Span(9, 13, "said"), Span(0, 5, "“Go,”"), "direct", None, 0)
    (found,) = reading.resolved_out(Resolved([said], [])).attributions
    assert found.content == Span(0, 7, "``Go,''")
    assert found.cue == Span(11, 15, "said")


def test_blanks_inside_guillemets_are_left_out() -> None:
    assert CleanText("« Go\u00a0», he said.").text == "«Go», he said."


def test_a_wrapped_sentence_goes_over_its_line_ends() -> None:
    reading = CleanText(WRAPPED)
    assert reading.text == WRAPPED.replace("\n", " ")
    assert reading.sentences_out([sentence(0, len(reading.text))]) == [sentence(0, len(WRAPPED))]


@given(TEXTS)
def test_a_sentence_comes_back(source: str) -> None:
    reading = CleanText(source)
    start = len(reading.text) - len(reading.text.lstrip())
    own = [sentence(start, len(reading.text.rstrip()))] if reading.text.strip() else []
    for one in reading.sentences_out(own):
        (back,) = reading.sentences_in([one])
        assert reading.text[back.start : back.end].strip() == reading.text.strip()


@given(TEXTS)
def test_everything_that_shows_is_in_a_sentence(source: str) -> None:
    reading = CleanText(source)
    lines, at = [], 0
    for line in reading.text.splitlines(keepends=True):
        if line.strip():
            start = at + len(line) - len(line.lstrip())
            lines.append(sentence(start, start + len(line.strip())))
        at += len(line)
    out = reading.sentences_out(lines)
    assert all(before.end <= after.start for before, after in pairwise(out))
    assert shown("".join(source[one.start : one.end] for one in out)) == shown(source)
