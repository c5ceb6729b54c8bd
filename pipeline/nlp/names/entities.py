"""Texts and their sentences in, named entities out: OntoNotes 5 labels, never over a sentence's border."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.layers.docs import in_batches, sentence_docs, text_of, word_zone
from pipeline.nlp.names.borders import NameSpan, is_name, trim_name, whole
from pipeline.nlp.names.evidence import by_evidence
from pipeline.nlp.names.sums import with_sums
from pipeline.nlp.names.titled import with_titled
from pipeline.nlp.spans import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    named = _names_of({text[unit.start : unit.end]: unit for unit in read}, text, nlp, tagger)
    entities = [
        Entity(start, end, text[start:end], name.label, unit.index, name.score)
        for unit in read
        for name in named[text[unit.start : unit.end]]
        for start, end in [(unit.start + name.start, unit.start + name.end)]
    ]
    entities = with_sums(text, units, whole(text, units, entities))
    return by_evidence(text, units, with_titled(text, units, entities))


class _Named(NamedTuple):
    """A name in a sentence."""

    start: int
    end: int
    label: str
    score: float


def _names_of(
    distinct: Mapping[str, Sentence], text: str, nlp: Language, tagger: EntityTagger
) -> dict[str, list[_Named]]:
    """Return the names of sentences, by what the sentences say: an equal one is read once."""
    docs = in_batches(sentence_docs(text, list(distinct.values()), nlp), most=_BATCH_SENTENCES)
    tagged = (pair for batch in docs for pair in zip(batch, tagger.tag(batch), strict=True))
    return {said: list(_trimmed(doc, names)) for said, (doc, names) in zip(distinct, tagged, strict=True)}


def _trimmed(doc: Doc, names: Iterable[Name]) -> Iterator[_Named]:
    sentence = text_of(doc)
    for name in names:
        found = trim_name(sentence, NameSpan(doc[name.start].idx, _end(doc[name.end - 1]), name.label))
        if is_name(sentence[found.start : found.end], found.label):
            yield _Named(found.start, found.end, found.label, round(name.chance, 4))


def _end(token: Token) -> int:
    return int(token.idx + len(token))
