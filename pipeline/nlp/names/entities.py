"""Texts and their sentences in, named entities out: OntoNotes 5 labels, never over a sentence's border."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pipeline.nlp.layers.documents import in_batches, sentence_docs, text_of, word_zone
from pipeline.nlp.lexicon.dates import SHORT_MONTHS
from pipeline.nlp.lexicon.tables import alternation, words_of
from pipeline.nlp.spans import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc, Token

    from pipeline.nlp.layers.tagger import EntityTagger, Name
    from pipeline.nlp.spans import Sentence

# Names that "The" belongs to, by the guide of news_gold: it never stands before ordinary names.
_THE_STAYS = re.compile(
    r"The (?:New York|Washington|Wall|Los|Associated|Guardian|Times|Economist|Hague|Gambia|Bahamas|Sun|Independent|"
    r"Intercept|Atlantic|New Yorker|Daily|Sunday|Financial|Boston|Hindu|Nation|Lancet|Beatles)\b"
)
# Titles stay outside of a name, by the same guide.
_TITLE = re.compile(rf"(?:{alternation(words_of('titles', 'outside'))})\.? (?=[A-Z])")
_SURNAME = re.compile(r" [A-Z][a-z]+(?=,)")
_KEEP_ARTICLE = frozenset({"DATE", "TIME", "WORK_OF_ART", "CARDINAL", "QUANTITY"})
_POSSESSIVE = re.compile(r"(?<=\w)'s?$|(?<=s)'$")
_PREFIX = re.compile(r"(?:anti|pro|non|ex|post|pre|mid|neo|un|trans)-(?=[A-Z])", re.IGNORECASE)
# Of "U.S.-led" and "Washington-area" the name is the first part (the guide of news_gold).
_COMPOUND_END = re.compile(
    r"-(?:led|area|based|backed|born|held|run|made|owned|style|era|wide|brokered|sponsored|funded|trained|occupied|"
    r"controlled|allied|registered|flagged)$"
)
_ARABIC_ARTICLE = re.compile(r"^(?:al|el|bin|ibn)-", re.IGNORECASE)
_EDGES = " \t\"'.,;:!?()[]{}-\u2013\u2014*_|/\\<>\u2026"
_ABBREVIATED = re.compile(
    rf"(?:\b[A-Z]\.(?:[A-Z]\.)*|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|Bros|No|St|[ap]\.m|{SHORT_MONTHS}))\.?$"
)
_ABBREVIATED_CHARS = 12  # more than the longest of them: a name may be as long as its sentence, and be marks only
_BATCH_SENTENCES = 256
_LABELS_WITH_TEXT = frozenset({"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC"})


class Found(NamedTuple):
    """A name in a sentence, by characters of the sentence."""

    start: int
    end: int
    label: str


def tag_entities(
    texts: Sequence[str], sentences: Sequence[Sequence[Sentence]], nlp: Language, tagger: EntityTagger
) -> list[list[Entity]]:
    """Find the names and values of each text; speaker lines name who speaks and are left alone."""
    with word_zone(nlp):
        return [_tag(text, units, nlp, tagger) for text, units in zip(texts, sentences, strict=True)]


def _tag(text: str, units: Sequence[Sentence], nlp: Language, tagger: EntityTagger) -> list[Entity]:
    read = [unit for unit in units if unit.kind != "speaker"]
    entities = []
    for doc, names, unit in _named(sentence_docs(text, read, nlp), read, tagger):
        sentence = text_of(doc)
        for name in names:
            found = trim_name(sentence, Found(doc[name.start].idx, _end(doc[name.end - 1]), name.label))
            if is_name(sentence[found.start : found.end], found.label):
                start, end = unit.start + found.start, unit.start + found.end
                entities.append(Entity(start, end, text[start:end], found.label, unit.index, round(name.chance, 4)))
    starts = [*(entity.start for entity in entities), len(text)]
    entities = [_with_surname(text, *pair) for pair in zip(entities, starts[1:], strict=True)]
    last_names = surnames(entities)
    return [_as_person(entity, last_names) for entity in entities]


def _with_surname(text: str, entity: Entity, following: int) -> Entity:
    """Take in the surname that the model left out of an apposition: "Its leader, Gunnar Strand, said"."""
    if entity.label != "PERSON" or " " in entity.text or not text.startswith(", ", entity.start - 2):
        return entity
    surname = _SURNAME.match(text, entity.end, following)
    end = surname.end() if surname else entity.end
    return replace(entity, end=end, text=text[entity.start : end])


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


def surnames(entities: Sequence[Entity]) -> frozenset[str]:
    """Give the last words of the full names of people in an article, also without "al-"."""
    lasts = (entity.text.split()[-1] for entity in entities if entity.label == "PERSON" and " " in entity.text)
    return frozenset(form for last in lasts for form in (last, _ARABIC_ARTICLE.sub("", last)) if len(form) > 1)


def _as_person(entity: Entity, last_names: frozenset[str]) -> Entity:
    """Read a bare surname as the person whom the article names in full, not as a body or place."""
    if entity.label in {"ORG", "FAC", "PRODUCT", "WORK_OF_ART", "NORP"} and entity.text in last_names:
        return replace(entity, label="PERSON")
    return entity


def tidy(sentence: str, spans: Sequence[Found]) -> list[Found]:
    """Bring a model's spans to the convention of news_gold: without "the", "'s" and marks at the edges."""
    tidied = (trim_name(sentence, span) for span in spans)
    return [span for span in tidied if is_name(sentence[span.start : span.end], span.label)]


def trim_name(sentence: str, span: Found) -> Found:
    """Leave out a leading "the", titles, a trailing possessive and the marks around a name."""
    start, end, label = span
    while start < end and sentence[start] in _EDGES and not _is_sign(sentence[start : start + 2]):
        start += 1
    if label not in _KEEP_ARTICLE and sentence[start : start + 4].lower() == "the ":
        stays = _THE_STAYS.match(sentence, start, end)
        start += 0 if stays else 4
    title = _TITLE.match(sentence, start, end) if label == "PERSON" else None
    start = title.end() if title else start
    prefix = _PREFIX.match(sentence, start, end)
    start = prefix.end() if prefix else start
    compound = _COMPOUND_END.search(sentence[start:end])
    if compound:
        end = start + compound.start()
    possessive = _POSSESSIVE.search(sentence[start:end])
    if possessive:
        end = start + possessive.start()
    while (
        end > start
        and sentence[end - 1] in _EDGES
        and not _ABBREVIATED.search(sentence, max(start, end - _ABBREVIATED_CHARS), end)
    ):
        end -= 1
    return Found(start, end, label)


def _is_sign(text: str) -> bool:
    return text[:1] in "-." and text[1:2].isdigit()


def is_name(name: str, label: str) -> bool:
    """Refuse what no name can be: nothing, marks only, and people or places without a letter."""
    if label in _LABELS_WITH_TEXT:
        return any(character.isalpha() for character in name)
    return any(character.isalnum() for character in name)
