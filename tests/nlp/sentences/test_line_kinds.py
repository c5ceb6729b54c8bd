import pytest

from pipeline.nlp.sentences.line_kinds import Head, Layout, lay_out


def _parts(line: str, *, first: bool = False, only: bool = False) -> tuple[str | None, str | None, str | None]:
    layout = lay_out(line, first=first, only=only)
    head = layout.head
    return (line[: head.length].strip() if head else None, head.kind if head else None, layout.rest)


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("BAGHDAD (AP) - Two people died.", "BAGHDAD (AP) -"),
        ("BEIRUT, Lebanon (AP) \u2014 Two people died.", "BEIRUT, Lebanon (AP) \u2014"),
        ("WASHINGTON, March 3 (Reuters) - Two people died.", "WASHINGTON, March 3 (Reuters) -"),
        ("London (CNN) Two people died.", "London (CNN)"),
        ("NEW DELHI: Two people died.", "NEW DELHI:"),
        ("GENEVA, 5 March - Two people died.", "GENEVA, 5 March -"),
        ("(Reuters) - Two people died.", "(Reuters) -"),
        ("PARIS \u2013 Two people died.", "PARIS \u2013"),
        ("TARN, Ohio, Jan. 5, 2024 /PRNewswire/ -- Two people died.", "TARN, Ohio, Jan. 5, 2024 /PRNewswire/ --"),
        ("TARN, Feb. 5, 2020--(BUSINESS WIRE)--Two people died.", "TARN, Feb. 5, 2020--(BUSINESS WIRE)--"),
        ("TARN (AP) _ Two people died.", "TARN (AP) _"),
        ("Mumbai, Mar 3 (PTI) Two people died.", "Mumbai, Mar 3 (PTI)"),
        ("New Delhi: Two people died.", "New Delhi:"),
        ("Tarn, Nev. (KXNV & MyNews9.com)- Two people died.", "Tarn, Nev. (KXNV & MyNews9.com)-"),
        ("(Adds details) LONDON, Jan 5 (Reuters) - Two died.", "(Adds details) LONDON, Jan 5 (Reuters) -"),
        ("By Jane Doe LONDON, Jan 5 (Reuters) - Two died.", "By Jane Doe LONDON, Jan 5 (Reuters) -"),
        ("Abuja \u2013 Two people died.", "Abuja \u2013"),
    ],
)
def test_a_dateline_is_told_from_what_follows(line: str, dateline: str) -> None:
    assert _parts(line) == (dateline, "dateline", None)


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("KENYON: It was late.", "KENYON:"),
        ("Q: Why was it late?", "Q:"),
        ("JANE DOE, HOST: It was late.", "JANE DOE, HOST:"),
        ("SEN. DOE (R-OHIO): It was late.", "SEN. DOE (R-OHIO):"),
        ("MR. O'NEIL-SMITH: It was late.", "MR. O'NEIL-SMITH:"),
        ("JOSÉ ÁLVAREZ: It was late.", "JOSÉ ÁLVAREZ:"),
        (">> KENYON: It was late.", ">> KENYON:"),
        (">> It was late.", ">>"),
        ("SPEAKER 1: It was late.", "SPEAKER 1:"),
        ("Question: Why was it late?", "Question:"),
    ],
)
def test_a_speaker_is_told_from_what_is_said(line: str, speaker: str) -> None:
    assert _parts(line) == (speaker, "speaker", None)


@pytest.mark.parametrize(
    "line",
    [
        "The World Health Organization (WHO) said it was late.",
        "The World Bank (WB), which lent $3 billion, said it was late.",
        "NASA - which employs 18,000 people - said it was late.",
        "Hamas (Gaza) says 300 people were killed.",
        "Jane Doe (CDU) won.",
        "Shares of Acme Inc (ACME.N) rose 4%.",
        "Smith, Doe - The law firm said it was late.",
        "On March 3 - It was late - they left.",
        "The minister: it was late.",
        "It rained - hard.",
        "He came at 5:30 p.m.",
        "NATO said it was late.",
    ],
)
def test_other_heads_belong_to_the_sentence(line: str) -> None:
    assert _parts(line) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "label", "rest"),
    [
        ("MARKETS: Shares fell 2 percent.", "MARKETS:", None),
        ("UPDATE 2-Shares fall 2 percent", "UPDATE 2-", "headline"),
        ("CORRECTED-Shares fall 2 percent", "CORRECTED-", "headline"),
        ("FOOTBALL - Oslo beat Bergen 3-0.", "FOOTBALL -", None),
        ("WORLD CUP: Oslo beat Bergen 3-0.", "WORLD CUP:", None),
        ("BREAKING: Two people died.", "BREAKING:", None),
    ],
)
def test_a_label_announces_the_rest(line: str, label: str, rest: str | None) -> None:
    assert _parts(line) == (label, "label", rest)


def test_letters_with_full_stops_have_the_word_in_an_interview_only() -> None:
    assert lay_out("A. Nobody did.", first=False, only=False, interview=True).head == Head(3, "speaker")
    assert lay_out("A. Doe left.", first=False, only=False).head is None


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("By Jane Doe", "byline"),
        ("By JANE DOE and JOHN ROE, Associated Press", "byline"),
        ("Jane Doe, Reuters", "byline"),
        ("Reporting by Jane Doe; Editing by John Roe", "byline"),
        ("March 3, 2021", "byline"),
        ("Photo: Jane Doe/Getty Images", "caption"),
        ("(Photo by Jane Doe)", "caption"),
        ("\u00a9 2021 The Daily", "caption"),
        ("PHOTO CREDIT: Jane Doe", "caption"),
        ("The new bridge Photo: Jane Doe", "caption"),
        ("The bridge, seen from file. Image credit: City of Oslo.", "caption"),
        ("He sent a video: It showed the bridge.", None),
        ("(SOUNDBITE OF MUSIC)", "caption"),
        ("(Additional reporting by Jane Doe in Oslo; Editing by John Roe)", "byline"),
        ("Jane Doe and John Roe contributed to this report.", "byline"),
        ("With files from Jane Doe.", "byline"),
        ("This article was amended on 5 June 2024. An earlier version said 9 percent.", "notice"),
        ("Correction: An earlier version of this story said 2 million euros.", "notice"),
        ("The Associated Press receives support from 20 foundations.", "notice"),
        ("Subscribe to our newsletter and join 20,000 readers.", "notice"),
        ("READ MORE: What the minister knew", "notice"),
        ("The correction was made on Monday.", None),
        ("What the minister knew", "headline"),
        ("She asked him to support us.", None),
        ("KENYON:", "speaker"),
        ("He left.", None),
        ("- the first of three", None),
        ("and so it went on", None),
        ("The list follows:", None),
    ],
)
def test_a_line_has_a_kind(line: str, kind: str | None) -> None:
    assert _parts(line)[2] == kind


def test_the_first_line_may_be_a_longer_headline() -> None:
    line = "Minister says that the long and winding road to the north will be closed for the winter again"
    assert _parts(line, first=True)[2] == "headline"
    assert _parts(line)[2] is None


@pytest.mark.parametrize("line", ["Who knew?", "Storm hits north!", "Storm hits north"])
def test_a_text_of_one_line_is_a_headline_unless_it_ends_as_a_sentence(line: str) -> None:
    assert lay_out(line, first=True, only=True) == Layout(None, "headline")
    assert lay_out("The storm hit the north.", first=True, only=True) == Layout(None, None)


def test_an_emoji_behind_the_full_stop_makes_no_headline() -> None:
    assert lay_out("Rents rose 4 percent, the council said. \N{GRINNING FACE}\ufe0f", first=True, only=True) == (
        None,
        None,
    )
    assert lay_out("Oslo wins again \N{GRINNING FACE}", first=True, only=True) == (None, "headline")


def test_running_text_without_its_last_full_stop_is_no_headline() -> None:
    assert _parts("It rained. Then it stopped", first=True)[2] is None


def test_a_head_counts_the_blanks_behind_it() -> None:
    assert lay_out("Q:  Why?", first=False, only=False).head == Head(4, "speaker")


def test_a_headline_is_told_from_the_day_behind_it() -> None:
    line = "Minister speaks of the new bridge Thursday, March 4, 2021"
    assert lay_out(line, first=True, only=False) == Layout(Head(34, "headline"), "byline")
    assert lay_out(line, first=False, only=False).head is None


@pytest.mark.parametrize("line", ["The bridge opens on Thursday, March 4, 2021", "When: Thursday, March 4, 2021"])
def test_a_day_that_belongs_to_its_sentence_is_no_byline(line: str) -> None:
    assert lay_out(line, first=True, only=False).head is None


def test_a_day_before_the_first_sentence_is_a_byline() -> None:
    assert _parts("Thursday, 4 March 2021 The bridge was opened.") == ("Thursday, 4 March 2021", "byline", None)
    assert _parts("Thursday, March 4, 2021, was the day.") == (None, None, None)
