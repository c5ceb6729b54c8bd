"""Texts and their sentences in, named entities out: OntoNotes 5 labels, never over a sentence's border."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.nlp.layers.docs import in_batches, sentence_docs, text_of, word_zone
from pipeline.nlp.names.borders import NameSpan, is_name, trim_name, whole
from pipeline.nlp.names.evidence import by_evidence
from pipeline.nlp.names.sums import with_sums
from pipeline.nlp.names.titled import with_titled
from pipeline.nlp.spans import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc, Token

    from pipeline.nlp.layers.tagger import EntityTagger, Name
    from pipeline.nlp.spans import Sentence

_BATCH_SENTENCES = 256


def tag_entities(
    texts: Sequence[str], sentences: Sequence[Sequence[Sentence]], nlp: Language, tagger: EntityTagger
) -> list[list[Entity]]:
    """Find the names and values of each text; speaker lines and labels are left alone."""
    with word_zone(nlp):
        return [_tag(text, units, nlp, tagger) for text, units in zip(texts, sentences, strict=True)]


def _tag(text: str, units: Sequence[Sentence], nlp: Language, tagger: EntityTagger) -> list[Entity]:
    read = [unit for unit in units if unit.kind not in {"speaker", "label"}]
    entities = []
    for doc, names, unit in _named(sentence_docs(text, read, nlp), read, tagger):
        sentence = text_of(doc)
        for name in names:
            found = trim_name(sentence, NameSpan(doc[name.start].idx, _end(doc[name.end - 1]), name.label))
            if is_name(sentence[found.start : found.end], found.label):
                start, end = unit.start + found.start, unit.start + found.end
                entities.append(Entity(start, end, text[start:end], found.label, unit.index, round(name.chance, 4)))
    entities = with_sums(text, units, whole(text, units, entities))
    return by_evidence(text, units, with_titled(text, units, entities))


def _named(
    docs: Iterable[Doc], units: Iterable[Sentence], tagger: EntityTagger
) -> Iterator[tuple[Doc, list[Name], Sentence]]:
    tagged = (
        pair for batch in in_batches(docs, most=_BATCH_SENTENCES) for pair in zip(batch, tagger.tag(batch), strict=True)
    )
    for (doc, names), unit in zip(tagged, units, strict=True):
        yield doc, names, unit


def _end(token: Token) -> int:
    return int(token.idx + len(token))
