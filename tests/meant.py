"""A few lines and the names in them in, whom a source in the last line means out."""

from __future__ import annotations

from pipeline.nlp.spans import Entity, Sentence, Span
from pipeline.nlp.speakers import Speakers


def speaker_meant(lines: str, source: str, **labels: str) -> str | None:
    """Resolve ``source`` in the last line; ``labels`` are the article's names (with _ for blanks) and their labels.

    A name behind which stands "said" in a line before is who spoke there.
    """
    sentences, entities, at = [], [], 0
    for index, line in enumerate(lines.split("\n")):
        sentences.append(Sentence(index, at, at + len(line), index, "sentence"))
        for name, label in labels.items():
            text = name.replace("_", " ")
            start = line.find(text)
            if start >= 0:
                entities.append(Entity(at + start, at + start + len(text), text, label, index, None))
        at += len(line) + 1
    entities.sort(key=lambda entity: entity.start)
    last = sentences[-1]
    speakers = Speakers(lines, sentences, entities)
    for sentence in sentences[:-1]:
        for entity in entities:
            if entity.sentence == sentence.index and " said" in lines[entity.end : entity.end + 6]:
                speakers.speaker_of(Span(entity.start, entity.end, entity.text), sentence.index)
    start = lines.index(source, last.start)
    return speakers.speaker_of(Span(start, start + len(source), source), last.index)
