import pytest

from pipeline.nlp.layers.docs import sentence_docs, word_zone
from pipeline.nlp.model import Model

_TEXT = (
    "Defense Secretary Ashton Carter told The New York Times on Wednesday that NATO had sent 2,000 troops to Syria.\n"
    "  In the  United States , prices rose 3.5 percent to $ 20 billion last year; the Bank of England's plan failed.\n"
    "OSLO (AP) - Two people died.\nBy\nMr. Doe\n...\nThe Organization for Security and Co-operation in Europe"
)


def test_names_are_those_of_spacy(model: Model) -> None:
    units = model.split_sentences([_TEXT])[0]
    with word_zone(model.nlp):
        docs = list(sentence_docs(_TEXT, units, model.nlp))
        found = [{name[:3] for name in names} for names in model.tagger.tag(docs)]
        tagged = map(model.nlp.get_pipe("ner"), docs)
        wanted = [{(span.start, span.end, span.label_) for span in doc.ents} for doc in tagged]
    assert found == wanted
    assert sum(map(len, found)) > 8


def test_chances_are_probabilities(model: Model) -> None:
    units = model.split_sentences([_TEXT])[0]
    with word_zone(model.nlp):
        names = [name for names in model.tagger.tag(list(sentence_docs(_TEXT, units, model.nlp))) for name in names]
    assert all(0 < name.chance <= 1 for name in names)


def test_a_word_is_embedded_once_and_the_memory_of_words_is_bounded(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = model.split_sentences([_TEXT])[0]

    def tag() -> list[tuple[int, int, str, float]]:
        with word_zone(model.nlp):
            found = model.tagger.tag(list(sentence_docs(_TEXT, units, model.nlp)))
        return [(*name[:3], round(name.chance, 5)) for names in found for name in names]

    first = tag()
    monkeypatch.setattr("pipeline.nlp.layers.tok2vec._KEPT_WORDS", 3)
    assert tag() == first


def test_nothing_in_nothing_out(model: Model) -> None:
    with word_zone(model.nlp):
        assert model.tagger.tag([]) == []
        assert model.tagger.tag([model.nlp.make_doc("")]) == [[]]
