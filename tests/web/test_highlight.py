from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract.codec import decode
from pipeline.contract.events import EnrichedV1, Entity
from pipeline.web.highlight import Piece, highlight
from pipeline.web.render import render, web_link

EXAMPLE = Path(__file__).parents[2] / "pipeline" / "contract" / "examples" / "enriched.v1.json"


def example() -> EnrichedV1:
    return decode(EnrichedV1, EXAMPLE.read_bytes())


def text_of(line: list[Piece]) -> str:
    return "".join(run.text for piece in line for quote in piece.quotes for part in quote.parts for run in part.runs)


def test_each_line_is_a_paragraph_with_every_character_in_it() -> None:
    event = example()
    view = highlight(event, threshold=0.5)
    assert [text_of(line) for line in view.paragraphs] == event.article.text.split("\n")
    assert text_of(view.title) == event.article.title


def test_claims_quotes_roles_and_names_are_where_the_event_has_them() -> None:
    view = highlight(example(), threshold=0.5)
    pieces = [piece for line in view.paragraphs for piece in line if piece.claim]
    assert [(piece.index, piece.strength) for piece in pieces] == [(2, 3), (3, 2)]
    quotes = [quote for piece in pieces for quote in piece.quotes]
    said = [quote for quote in quotes if quote.attribution]
    assert [quote.attribution.speaker for quote in said if quote.attribution] == ["the harbour board", "Ines Calder"]
    roles = {part.role: "".join(run.text for run in part.runs) for quote in quotes for part in quote.parts if part.role}
    assert roles == {"source": "Ines Calder, who chairs the board", "cue": "said"}
    names = {(run.text, run.group) for quote in quotes for part in quote.parts for run in part.runs if run.entity}
    assert ("Ines Calder", "person") in names
    assert ("April", "time") in names


spans = st.tuples(st.integers(0, 300), st.integers(0, 300))


@given(st.lists(spans, max_size=8), st.lists(spans, max_size=8))
def test_offsets_that_do_not_fit_lose_no_character(
    sentences: list[tuple[int, int]], names: list[tuple[int, int]]
) -> None:
    event = example()
    broken = event.model_copy(
        update={
            "sentences": [
                event.sentences[2].model_copy(update={"start": start, "end": end, "index": index})
                for index, (start, end) in enumerate(sentences)
            ],
            "entities": [Entity(start=start, end=end, text="x", label="?", sentence=0) for start, end in names],
        }
    )
    view = highlight(broken, threshold=0.5)
    assert [text_of(line) for line in view.paragraphs] == event.article.text.split("\n")
    assert "<article" in render("report_article.html", view=view, prefix="a1-")


def test_only_addresses_of_the_web_become_links() -> None:
    assert web_link("https://example.org/a") == "https://example.org/a"
    assert [web_link(url) for url in ("javascript:alert(1)", "data:text/html,x", "//x", "http://[", "", None)] == [
        None
    ] * 6
