"""Sets that label people, bodies and places alone in, the same with all labels of OntoNotes out, by a tagger's opinion.

Where a set says that a name is a person, a body or a place, it is; where it says nothing, dates, numbers, nationalities
and the like are what a tagger finds there. Which kind of place it is ("GPE", "LOC", "FAC") the tagger says as well.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.nlp.names.borders import Found, tidy
from pipeline.training.datasets import Mention, without_leaks
from pipeline.training.entity_scores import names_of, predict
from pipeline.training.gold import read_iob

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from spacy.language import Language

    from pipeline.training.datasets import Example

# Web, encyclopedia, news accounts; what their labels are called here.
_FILES = (
    "ner_uner_ewt/en_ewt-ud-train.2022-12-02.iob2",
    "ner_wikigold/wikigold.conll.txt",
    "ner_crossner/politics",
    "ner_btc/g.conll",
)
_KINDS = {
    **dict.fromkeys(("PER", "PERSON", "POLITICIAN"), "PERSON"),
    **dict.fromkeys(("ORG", "ORGANISATION", "POLITICALPARTY"), "ORG"),
    **dict.fromkeys(("LOC", "LOCATION", "COUNTRY"), "GPE"),
}
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_NAMED = _PLACES | {"PERSON", "ORG"}
_LAND = re.compile(
    r"\b(?:River|Sea|Ocean|Mountains?|Mount|Lake|Valley|Desert|Gulf|Peninsula|Bay|Africa|Asia|Europe|East)\b"
)


def complete(data: Path, nlp: Language, held_out: Iterable[Example]) -> list[Example]:
    """Read the sets' sentences with names, less those held out, with the labels of ``nlp`` beside their own."""
    examples = [example for name in _FILES for example in read_iob(data / name) if _is_prose(example)]
    kept = without_leaks(examples, held_out)
    docs = predict(nlp, (example.text for example in kept))
    return [_merged(example, names_of(doc)) for example, doc in zip(kept, docs, strict=True)]


def _is_prose(example: Example) -> bool:
    """Tell a sentence with names from one without, and from a tweet with its tags."""
    return bool(example.mentions) and not {"#", "@"} & set(example.text)


def _merged(example: Example, found: set[Found]) -> Example:
    said = tidy(
        example.text,
        [
            Found(one.start, one.end, _KINDS[one.label.upper()])
            for one in example.mentions
            if one.label.upper() in _KINDS
        ],
    )
    places = {(one.start, one.end): one.label for one in found if one.label in _PLACES}
    own = [one if one.label != "GPE" else one._replace(label=_place(example.text, one, places)) for one in said]
    taken = {at for one in own for at in range(one.start, one.end)}
    others = [one for one in found if one.label not in _NAMED and taken.isdisjoint(range(one.start, one.end))]
    mentions = tuple(Mention(one.start, one.end, one.label) for one in sorted([*own, *others]))
    return replace(example, mentions=mentions)


def _place(text: str, one: Found, places: dict[tuple[int, int], str]) -> str:
    known = places.get((one.start, one.end))
    return known or ("LOC" if _LAND.search(text, one.start, one.end) else "GPE")
