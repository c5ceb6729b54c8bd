from pipeline.nlp.layers.docs import sentence_docs, word_zone
from pipeline.nlp.model import Model

_TEXT = (
    "Defense Secretary Ashton Carter told The New York Times on Wednesday that NATO had sent 2,000 troops to Syria.\n"
    "  In the  United States , prices rose 3.5 percent to $ 20 billion last year; the Bank of England's plan failed.\n"
    '"Two people died," said the police, who had been told so.\nBy\nMr. Doe\n...\n-'
)


def test_a_parse_is_that_of_spacy(model: Model) -> None:
    units = model.split_sentences([_TEXT])[0]
    with word_zone(model.nlp):
        found = list(model.parser.parse(sentence_docs(_TEXT, units, model.nlp)))
        wanted = list(sentence_docs(_TEXT, units, model.nlp))
        for name in ("tok2vec", "tagger", "parser"):
            wanted = [model.nlp.get_pipe(name)(doc) for doc in wanted]
        for one, other in zip(found, wanted, strict=True):
            assert [(token.tag_, token.dep_, token.head.i) for token in one] == [
                (token.tag_, token.dep_, token.head.i) for token in other
            ]
    assert len({token.dep_ for doc in wanted for token in doc}) > 8


def test_each_document_stays_one_sentence(model: Model) -> None:
    with word_zone(model.nlp):
        units = model.split_sentences([_TEXT])[0]
        assert [len(list(doc.sents)) for doc in model.parser.parse(sentence_docs(_TEXT, units, model.nlp))] == [
            1
        ] * len(units)


def test_nothing_in_nothing_out(model: Model) -> None:
    assert list(model.parser.parse([])) == []
