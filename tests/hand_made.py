"""Language functions by hand for tests that want to know exactly what a stage gets: they find what a test says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pipeline.contract.events import Article, Origin, Pipeline
from pipeline.nlp.spans import Assertion, Attribution, Entity, Resolved, Sentence, Span
from pipeline.stages.context import Context, Nlp, Split, Tagged, Texts
from pipeline.stages.split_sentences import Arrival

ORIGIN = Origin(topic="news.articles", partition=3, offset=17, timestamp=1_935_396_000_123)
PIPELINE = Pipeline(version="9.9.9", model="hand-made-1", model_hash="00ff")


def article(text: str = "No. Yes.", **fields: Any) -> Article:
    return Article(**{"id": "a-1", "text": text, **fields})


def arrival(text: str = "No. Yes.", *, origin: Origin = ORIGIN, **fields: Any) -> Arrival:
    return Arrival(article(text, **fields), origin)


def context(*, threshold: float = 0.5, **functions: Callable[..., Any]) -> Context:
    """A sentence ends at each full stop, a capital X is an entity, nothing is a claim, nobody said it; or otherwise."""
    found = Nlp(
        split_sentences=lambda texts: [split_at_stops(text) for text in texts],
        tag_entities=find_every_x,
        canonical_names=lambda fields: [[entity.text.lower() for entity in entities] for _, entities in fields],
        classify_claims=lambda _texts, split, _tagged: [[assertion() for _ in sentences] for sentences in split],
        find_attributions=lambda texts, _split, _tagged: [Resolved([], []) for _ in texts],
        detect_language=lambda _text: "en",
        split_by_rules=lambda text: [Sentence(0, 0, len(text), 0, "sentence")],
    )
    return Context(nlp=replace(found, **functions), pipeline=PIPELINE, threshold=threshold)


def split_at_stops(text: str) -> list[Sentence]:
    stretches = re.finditer(r"[^.\s][^.]*\.?", text)
    return [Sentence(n, match.start(), match.end(), n, "sentence") for n, match in enumerate(stretches)]


def find_every_x(texts: Texts, split: Split) -> list[list[Entity]]:
    return [
        [
            Entity(place, place + 1, "X", "ORG", sentence.index, None)
            for sentence in sentences
            for place in range(sentence.start, sentence.end)
            if text[place] == "X"
        ]
        for text, sentences in zip(texts, split, strict=True)
    ]


def assertion(*, score: float = 0.0, label: str = "NFS") -> Assertion:
    return Assertion(label, score, {"NFS": 1 - score, "UFS": 0.0, "CFS": score}, (), ("by hand",))  # type: ignore[arg-type]


def asserted(*scores: float) -> Callable[[Texts, Split, Tagged], list[list[Assertion]]]:
    """A classifier that gives these scores to the sentences of the batch, in their order."""

    def classify(_texts: Texts, split: Split, _tagged: Tagged) -> list[list[Assertion]]:
        left = iter(scores)
        return [[assertion(score=next(left)) for _ in sentences] for sentences in split]

    return classify


def attributed(*found: Sequence[Attribution]) -> Callable[[Texts, Split, Tagged], list[Resolved]]:
    """A finder that gives these attributions to the texts of the batch, in their order."""
    return lambda _texts, _split, _tagged: [Resolved(list(of_text), []) for of_text in found]


def said(start: int, end: int, *, by: str | None = "she", cue: str | None = "said", sentence: int = 0) -> Attribution:
    return Attribution(
        source=None if by is None else Span(0, len(by), by),
        cue=None if cue is None else Span(0, len(cue), cue),
        content=Span(start, end, "." * (end - start)),
        kind="indirect",
        speaker=None if by is None else by.upper(),
        sentence=sentence,
    )
