"""Annotated sentences in, a fine-tuned entity tagger out: Explosion's md network goes on learning from these names.

It learns in two passes: the wires, then all sources, many of their people renamed with names of the whole world.
"""

from __future__ import annotations

import logging
import random
import time
from typing import TYPE_CHECKING, Any

from spacy.training import Example as SpacyExample
from thinc.api import Adam, fix_random_seed

from pipeline.nlp.text.characters import plain
from pipeline.training.cultures import trained
from pipeline.training.entity_scores import score, source_of
from pipeline.training.scoring import SEED
from pipeline.training.swaps import rename

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Span

    from pipeline.training.data.datasets import Example

_WIRES, _WEB = 2_000, 2_500  # sentences in each epoch of the second pass
_OFTEN = 2  # so often newspapers and the press are seen in one: there are few of them
_RENAMED = 0.45  # share of the sentences
_DROPOUT = 0.2
_BATCH_WORDS = 600
_CAPITALS, _TITLE_CASE, _NO_STOP = 0.05, 0.05, 0.1  # shares of sentences made to look like headlines

_log = logging.getLogger(__name__)


def train(
    nlp: Language, draw: Callable[[], Sequence[Example]], dev_set: Sequence[Example], *, epochs: int, rate: float
) -> float:
    """Fine-tune ``nlp``'s ``ner`` in place; keep the averaged weights of the epoch with the best F1 on dev, returned.

    The F1 is the mean over the sources of dev: none of them decides alone.

    Args:
        nlp: a pipeline with a trained ``ner``.
        draw: gives the sentences of the next epoch.
        dev_set: what the epochs are compared by.
        epochs: how often sentences are drawn.
        rate: how much is learned from a batch in the first epoch; a tenth of it in the last.
    """
    fix_random_seed(SEED)
    shuffle = random.Random(SEED)  # noqa: S311  (no secret)
    ner: Any = nlp.get_pipe("ner")
    optimizer = Adam(rate, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    best, best_bytes = _mean_score(nlp, dev_set), ner.to_bytes()
    for epoch in range(epochs):
        start = time.perf_counter()
        losses: dict[str, float] = {}
        examples = [one for example in draw() for one in _examples(nlp, example, shuffle)]
        shuffle.shuffle(examples)
        optimizer.learn_rate = rate * (1 - 0.9 * epoch / (epochs - 1))
        for batch in _batches(examples):
            ner.update(batch, drop=_DROPOUT, sgd=optimizer, losses=losses)
        with ner.model.use_params(optimizer.averages):
            figure = _mean_score(nlp, dev_set)
            if figure > best:
                best, best_bytes = figure, ner.to_bytes()
        _log.info("ner epoch %d: loss %.0f dev %.2f, %.0f s", epoch, losses["ner"], figure, time.perf_counter() - start)
    ner.from_bytes(best_bytes)
    return best


def mixture(train_set: Sequence[Example], web: Sequence[Example]) -> Callable[[], list[Example]]:
    """Draw the epochs of the second pass, each with other sentences and other names."""
    random_ = random.Random(SEED)  # noqa: S311  (no secret)
    cultures = list(trained().values())
    wires = [example for example in train_set if source_of(example) == "news"]
    rare = [example for example in train_set if source_of(example) != "news"]

    def renamed(examples: Iterable[Example]) -> Iterator[Example]:
        kept: list[Example] = []
        for example in examples:
            if random_.random() < _RENAMED:
                kept.append(example)
            else:
                yield example
        yield from rename(kept, lambda: random_.choice(cultures).person(random_))

    def draw() -> list[Example]:
        sample = random_.sample(wires, min(len(wires), _WIRES))
        often = [one for _ in range(_OFTEN) for one in renamed(rare)]
        return [*renamed(sample), *often, *random_.sample(web, min(len(web), _WEB))]

    return draw


def _mean_score(nlp: Language, examples: Sequence[Example]) -> float:
    sources = {source_of(example) for example in examples}
    figures = (score(nlp, [one for one in examples if source_of(one) == source])["all"] for source in sources)
    return sum(figures) / len(sources)


def _examples(nlp: Language, example: Example, shuffle: random.Random) -> Iterator[SpacyExample]:
    text = plain(example.text)
    spans = [(mention.start, mention.end, mention.label) for mention in example.mentions]
    chance = shuffle.random()
    if chance < _CAPITALS:
        text = _same_length(text, text.upper())
    elif chance < _CAPITALS + _TITLE_CASE:
        text = _same_length(text, _title_case(text))
    if shuffle.random() < _NO_STOP and text.endswith("."):
        text = text[:-1]
        spans = [(start, min(end, len(text)), label) for start, end, label in spans]
    doc = nlp.make_doc(text)
    aligned = [doc.char_span(*span, alignment_mode="expand") for span in spans]
    reference = doc.copy()
    kept = _without_overlap(span for span in aligned if span is not None)
    reference.set_ents(kept)
    yield SpacyExample(doc, reference)


def _without_overlap(spans: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _same_length(text: str, other: str) -> str:
    return other if len(other) == len(text) else text


def _title_case(text: str) -> str:
    small = {"a", "an", "the", "of", "in", "on", "at", "to", "for", "and", "or", "but", "with", "as", "by", "from"}
    return " ".join(word if word in small else word[:1].upper() + word[1:] for word in text.split(" "))


def _batches(examples: Sequence[SpacyExample]) -> Iterator[list[SpacyExample]]:
    batch: list[SpacyExample] = []
    words = 0
    for example in examples:
        batch.append(example)
        words += len(example.reference)
        if words >= _BATCH_WORDS:
            yield batch
            batch, words = [], 0
    if batch:
        yield batch
