import pytest

from pipeline.cli.children import for_embedded_kafka, worker_command
from pipeline.cli.events import describe, event_table
from pipeline.cli.output import CsvTable, Shown, Tables, note, plural, printable
from pipeline.cli.status import _age


def claim(**changes: object) -> dict[str, object]:
    return {
        "label": "CFS",
        "score": 0.987,
        "types": ["quantity"],
        "article": {"id": "a1", "title": None, "source": "Wire"},
        "sentence": {"text": "Prices\nrose \x1b[2J[bold]4[/bold] percent."},
        "claimant": {"speaker": "Jane Doe", "text": "she"},
        "entities": [],
        **changes,
    }


def test_a_claim_is_one_line_that_cannot_steer_a_terminal() -> None:
    line = describe("claims", claim()).plain
    assert line == "CFS 0.99 Jane Doe: Prices rose  [2J[bold]4[/bold] percent.  [quantity · Wire]"


def test_a_claim_of_the_journalist_has_no_speaker() -> None:
    assert describe("claims", claim(claimant=None)).plain.startswith("CFS 0.99 Prices")


@pytest.mark.parametrize(("canonical", "shown"), [(None, "She [Jane Doe] left."), ("Acme Corporation", "She left.")])
def test_a_claim_without_a_name_of_its_own_is_shown_in_context(canonical: str | None, shown: str) -> None:
    entities = [{"label": "DATE", "canonical": canonical}]
    event = claim(claimant=None, sentence={"text": "She left."}, in_context="She [Jane Doe] left.", entities=entities)
    assert describe("claims", event).plain == f"CFS 0.99 {shown}  [quantity · Wire]"


def test_an_enriched_article_is_counted() -> None:
    event = {
        "article": {"title": None, "text": "Long " * 50},
        "sentences": [{}, {}],
        "entities": [{"label": "ORG"}, {"label": "ORG"}, {"label": "GPE"}],
        "assertions": [{"label": "CFS"}, {"label": "NFS"}],
        "skipped": [],
    }
    line = describe("enriched", event).plain
    assert line.endswith("…  2 sentences; 3 entities (ORG 2, GPE 1); 1 check-worthy")


def test_what_was_not_computed_is_said() -> None:
    event: dict[str, object] = {
        "article": {"title": "Titel", "text": "x"},
        "sentences": [{}],
        "entities": None,
        "skipped": [{"what": "entities", "why": "it is in German"}],
    }
    assert describe("sentences", event).plain == "Titel  1 sentence; no entities: it is in German"


def test_a_rejected_record_says_why_and_where() -> None:
    origin = {"topic": "news.articles", "partition": 3, "offset": 17}
    event = {"reason": "not-json", "error": {"message": "bad"}, "stage": "s", "origin": None, "record": origin}
    assert describe("rejected", event).plain == "not-json bad  [s · news.articles/3/17]"


@pytest.mark.parametrize("event", [{"title": "News", "source": "Wire"}, {"headline": "News", "source": "Wire"}])
def test_an_article_and_a_ninjs_item_are_named_by_their_title(event: dict[str, object]) -> None:
    assert describe("articles", event).plain == "News  [Wire]"


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\u202eb", "a\x00b", "a\nb", "a\x9bb"])
def test_no_character_steers_or_reorders(text: str) -> None:
    assert printable(text).replace("[31m", "") == "a b"


def test_notes_go_to_standard_error_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    note("not read: [red]a\nb[/red]: " + "long " * 60)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("not read: [red]a b[/red]: long")


def test_a_tables_cells_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    Tables(csv=False)(("a", "b"), [("[bold]x[/bold]", "y\x1b[1m")])
    assert capsys.readouterr().out.splitlines()[1].split() == ["[bold]x[/bold]", "y", "[1m"]


def test_a_table_shows_all_of_its_words_in_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    Tables(csv=False)(
        ("place", "stage", "why", "article"), [("0/0", "split_sentences", "not-an-article", "news.articles/0/1")]
    )
    lines = capsys.readouterr().out.splitlines()[1:]
    cells = ["".join(part) for part in zip(*(line.ljust(30) for line in lines), strict=True)]
    read = "".join(part for part in cells).replace(" ", "")
    assert "…" not in read
    assert sorted(read) == sorted("0/0split_sentencesnot-an-articlenews.articles/0/1")


def test_cells_are_numbers_for_programs_and_readable_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    row = ('a, "b"\nc', 1200, Shown("2 h", 7200.5), None)
    for csv, lines in (
        (False, ["name   count  age  none", 'a, "b" c 1,200  2 h']),
        (True, ["name,count,age,none", '"a, ""b""', 'c",1200,7200.5,']),
    ):
        Tables(csv=csv)(("name", "count", "age", "none"), [row])
        assert [line.split() for line in capsys.readouterr().out.splitlines()] == [line.split() for line in lines]


def test_an_empty_line_stands_between_two_tables_as_csv(capsys: pytest.CaptureFixture[str]) -> None:
    tables = Tables(csv=True)
    tables(("a",), [(1,)], title="no part of CSV")
    tables(("b",), [])
    assert capsys.readouterr().out == "a\n1\n\nb\n"


def test_csv_says_every_string(capsys: pytest.CaptureFixture[str]) -> None:
    CsvTable(("Größe \ud800",))
    assert capsys.readouterr().out == "Größe \\ud800\n"


@pytest.mark.parametrize(("number", "words"), [(0, "0 claims"), (1, "1 claim"), (1200, "1,200 claims")])
def test_one_is_singular(number: int, words: str) -> None:
    assert plural(number, "claim") == words


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, "-"), (0.2, "0 s"), (119, "119 s"), (121, "2 min"), (7300, "2 h"), (200_000, "2 d")]
)
def test_ages_are_readable(seconds: float | None, shown: str) -> None:
    assert _age(seconds) == shown


def test_a_worker_of_the_embedded_kafka_hears_nothing_of_another_one() -> None:
    environ = {
        "KAFKA_BOOTSTRAP_SERVERS": "a:1",
        "CLAIMWIRE_KAFKA_SASL_MECHANISM": "PLAIN",
        "CLAIMWIRE_KAFKA_SECURITY_PROTOCOL": "SSL",
        "CLAIMWIRE_KAFKA_SSL_CAFILE": "ca.pem",
        "CLAIMWIRE_KAFKA_JARS": "jars",
        "CLAIMWIRE_WORKER_BATCH": "3",
    }
    assert for_embedded_kafka(environ) == {"CLAIMWIRE_KAFKA_JARS": "jars", "CLAIMWIRE_WORKER_BATCH": "3"}


def test_a_workers_command_line_says_where_and_holds_no_secret() -> None:
    command = worker_command(bootstrap="a:1", prefix="p.", config=None)
    assert command[-5:] == ["worker", "--bootstrap", "a:1", "--prefix", "p."]


def revision(**article: object) -> dict[str, object]:
    changed = {"change": "changed", "before": "It cost 3.", "after": "It cost 4.", "differs": ["number"]}
    return {
        "id": "a-1:0",
        "article": {"id": "a-1", "title": "Bridge", "status": "usable", **article},
        "number": 2,
        "substance": True,
        "claims": [{**changed, "lineage": "l"}],
        "sentences": [
            changed,
            {"change": "added", "before": None, "after": "It\nopens \x1b[2Jtoday.", "differs": []},
            {"change": "removed", "before": "It is shut.", "after": None, "differs": []},
        ],
    }


def test_a_revision_says_what_became_of_claims_and_of_other_sentences() -> None:
    assert describe("revisions", revision()).plain.splitlines() == [
        "Bridge  version 2: facts",
        "  ~ claim: It cost 3. → It cost 4.  [number]",
        "  + sentence: It opens  [2Jtoday.",
        "  - sentence: It is shut.",
    ]


def test_a_revision_of_a_withdrawn_article_says_so() -> None:
    assert describe("revisions", revision(status="withheld", title=None)).plain.startswith("a-1  version 2: withheld")


def test_the_row_of_a_revision_counts_its_claims() -> None:
    table = event_table("revisions")
    assert dict(zip(table.columns, table.cells(revision()), strict=True)) == {
        "id": "a-1:0",
        "article": "a-1",
        "number": 2,
        "status": "usable",
        "substance": True,
        "added": 0,
        "removed": 0,
        "changed": 1,
    }
