"""A few lines and the names in them in, whom a source in one of them means out."""

from __future__ import annotations

from pipeline.nlp.spans import Entity, Sentence, Span
from pipeline.nlp.speakers.speakers import Speakers
from pipeline.nlp.text.quotes import Quotes, find_quotes


def resolve_speaker(lines: str, source: str, line: int = -1, /, **labels: str) -> str | None:
    """Resolve ``source`` in a line, the last if none is said.

    ``labels`` are the article's names (with _ for blanks) and their labels. A name behind which stands "said" in a line
    before is who spoke there.
    """
    sentences, entities, at = [], [], 0
    for index, one in enumerate(lines.split("\n")):
        sentences.append(Sentence(index, at, at + len(one), index, "sentence"))
        for name, label in labels.items():
            text = name.replace("_", " ")
            start = one.find(text)
            if start >= 0:
                entities.append(Entity(at + start, at + start + len(text), text, label, index, None))
        at += len(one) + 1
    entities.sort(key=lambda entity: entity.start)
    asked = sentences[line]
    speakers = Speakers(lines, sentences, entities, Quotes(find_quotes(lines)))
    for sentence in sentences[: asked.index]:
        for entity in entities:
            if entity.sentence == sentence.index and " said" in lines[entity.end : entity.end + 6]:
                speakers.speaker_of(Span(entity.start, entity.end, entity.text), sentence.index)
    start = lines.index(source, asked.start)
    return speakers.speaker_of(Span(start, start + len(source), source), asked.index).name
