import pytest

from pipeline.nlp.model import Model
from pipeline.nlp.spans import Attribution


def _attributions(text: str, model: Model) -> list[Attribution]:
    sentences = model.split_sentences([text])
    found = model.find_attributions([text], sentences, model.tag_entities([text], sentences))[0].attributions
    for one in found:
        for span in (one.source, one.cue, one.content):
            assert span is None or text[span.start : span.end] == span.text
    return found


def _parts(one: Attribution) -> tuple[str | None, str | None, str, str]:
    source = one.source.text if one.source else None
    cue = one.cue.text if one.cue else None
    return source, cue, one.content.text, one.kind


@pytest.mark.parametrize(
    ("text", "source", "cue", "content", "kind"),
    [
        (
            "Jane Doe said the war was over.",
            "Jane Doe",
            "said",
            "the war was over",
            "indirect",
        ),
        (
            "\u201cThe war is over,\u201d Jane Doe said.",
            "Jane Doe",
            "said",
            "\u201cThe war is over,\u201d",
            "direct",
        ),
        (
            "Jane Doe said the war was \u201can awful waste of lives\u201d.",
            "Jane Doe",
            "said",
            "the war was \u201can awful waste of lives\u201d",
            "mixed",
        ),
        (
            "The war is over, according to NATO.",
            "NATO",
            "according to",
            "The war is over",
            "indirect",
        ),
        (
            "The minister denied the charges.",
            "The minister",
            "denied",
            "the charges",
            "indirect",
        ),
        (
            "The minister did not say when the war would end.",
            "The minister",
            "did not say",
            "when the war would end",
            "indirect",
        ),
        (
            "The agency quoted Jane Doe as saying the war was over.",
            "Jane Doe",
            "saying",
            "the war was over",
            "indirect",
        ),
    ],
)
def test_a_report_has_source_cue_and_content(
    text: str, source: str, cue: str, content: str, kind: str, model: Model
) -> None:
    assert (source, cue, content, kind) in [_parts(one) for one in _attributions(text, model)]


def test_a_journalists_own_sentence_has_none(model: Model) -> None:
    assert _attributions("Two people died in Oslo on Monday.", model) == []


def test_who_asks_stands_behind_the_quote(model: Model) -> None:
    found = _attributions("\u201cWho,\u201d asked Jane Doe, \u201cwas there when it burned?\u201d", model)
    assert {one.source and one.source.text for one in found} == {"Jane Doe"}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Defense Secretary Ashton Carter said the war was over.", "Ashton Carter"),
        ("Ashton Carter came to Oslo on Monday. Carter said the war was over.", "Ashton Carter"),
        ("Ashton Carter said the war was over. He said the army had won it.", "Ashton Carter"),
        ("A spokesman for Ashton Carter said the war was over.", None),
        ("NATO said the war was over.", "NATO"),
        ("Officials said the war was over.", None),
        ("He said the war was over.", None),
    ],
)
def test_the_speaker_is_named_where_it_is_safe(text: str, speaker: str | None, model: Model) -> None:
    assert _attributions(text, model)[-1].speaker == speaker


def test_a_transcript_gives_its_speaker_to_what_follows(model: Model) -> None:
    text = "KENYON: The war was over. Nobody had won it."
    found = _attributions(text, model)
    assert [(one.source and one.source.text, one.content.text, one.speaker) for one in found] == [
        ("KENYON", "The war was over.", "KENYON"),
        ("KENYON", "Nobody had won it.", "KENYON"),
    ]


def test_a_quote_that_goes_on_has_the_same_speaker(model: Model) -> None:
    text = "\u201cThe war is over,\u201d said Jane Doe. \u201cNobody has won it.\u201d"
    assert [one.speaker for one in _attributions(text, model)] == ["Jane Doe", "Jane Doe"]


def test_i_in_a_quote_is_who_is_quoted(model: Model) -> None:
    found = _attributions('"I hope that the war is over," Jane Doe said.', model)
    assert [(one.source and one.source.text, one.speaker) for one in found] == [
        ("Jane Doe", "Jane Doe"),
        ("I", "Jane Doe"),
    ]


def test_a_quote_whose_speaker_comes_later_has_that_one(model: Model) -> None:
    text = "\u201cThe war is over. Nobody has won it,\u201d said Jane Doe."
    assert [one.speaker for one in _attributions(text, model)] == ["Jane Doe", "Jane Doe"]


def test_a_quote_without_speaker_is_still_a_quote(model: Model) -> None:
    found = _attributions("\u201cThe war is over and nobody has won it.\u201d", model)
    assert [(one.source, one.cue, one.kind, one.speaker) for one in found] == [(None, None, "direct", None)]


def test_a_short_cue_behind_a_long_quote_is_read(model: Model) -> None:
    text = "\u201cThe war is over and nobody has won it, whatever they tell you on the radio,\u201d she said."
    assert [(one.source and one.source.text, one.cue and one.cue.text) for one in _attributions(text, model)] == [
        ("she", "said")
    ]


def test_a_quote_with_the_cue_inside_has_two_contents(model: Model) -> None:
    found = _attributions("\u201cThe war,\u201d said Jane Doe, \u201cis over.\u201d", model)
    assert [(one.content.text, one.source and one.source.text, one.speaker) for one in found] == [
        ("\u201cThe war,\u201d", "Jane Doe", "Jane Doe"),
        ("\u201cis over.\u201d", "Jane Doe", "Jane Doe"),
    ]


def test_a_quote_whose_marks_are_reopened_in_the_next_paragraph_goes_on(model: Model) -> None:
    text = "\u201cThe war is over,\u201d said Jane Doe. \u201cIt was long.\n\n\u201cNobody has won it.\u201d"
    assert [one.speaker for one in _attributions(text, model)] == ["Jane Doe"] * 3


@pytest.mark.parametrize(
    "before", ["Jane Doe, the mayor, was angry. ", "Jane Doe said the war was lost.\n\n"], ids=["named", "spoke"]
)
def test_a_floating_quote_is_of_who_was_named_just_before(before: str, model: Model) -> None:
    found = _attributions(f"{before}\u201cIt was a bad day.\u201d", model)
    assert (found[-1].source, found[-1].cue, found[-1].speaker) == (None, None, "Jane Doe")


def test_a_quote_whose_full_stop_stands_behind_its_marks_was_cut_loose_and_is_nobodys(model: Model) -> None:
    found = _attributions("Jane Doe said the war was lost.\n\n\u201cIt was a very bad day\u201d.", model)
    assert (found[-1].kind, found[-1].speaker) == ("direct", None)


def test_quotes_in_html_entities_are_quotes(model: Model) -> None:
    text = "&ldquo;The war is over,&rdquo; Jane Doe said.\n&quot;It&#39;s a good day,&quot; she said."
    found = _attributions(text, model)
    assert [(one.content.text, one.kind, one.speaker) for one in found] == [
        ("&ldquo;The war is over,&rdquo;", "direct", "Jane Doe"),
        ("&quot;It&#39;s a good day,&quot;", "direct", "Jane Doe"),
    ]


def test_a_transcripts_i_is_who_speaks_and_a_full_name_is_kept(model: Model) -> None:
    text = "JANE DOE, HOST: I asked the mayor to resign.\nMILLER: He refused.\nDOE: Thank you."
    found = _attributions(text, model)
    assert {one.speaker for one in found if one.source and one.source.text in {"I", "DOE"}} == {"JANE DOE"}


def test_what_somebody_thought_inside_a_quote_ends_with_the_quote(model: Model) -> None:
    text = "\u201cI thought about it for a long time,\u201d Jane Doe said."
    assert [_parts(one)[:2] for one in _attributions(text, model)] == [("Jane Doe", "said")]
