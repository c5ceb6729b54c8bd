"""A folder in, the loaded model out: everything learned, read once, offline."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from threadpoolctl import threadpool_limits

from pipeline.errors import UsageError
from pipeline.nlp.claims.cascade import Cascade
from pipeline.nlp.claims.classify import classify_claims
from pipeline.nlp.layers.parser import Parser
from pipeline.nlp.layers.senter import Senter
from pipeline.nlp.layers.slim_spacy import spacy
from pipeline.nlp.layers.tagger import EntityTagger
from pipeline.nlp.layers.vector_index import WordRows
from pipeline.nlp.names.canonical import canonical_names
from pipeline.nlp.names.entities import tag_entities
from pipeline.nlp.sentences.splitting import split_sentences
from pipeline.nlp.speakers.attributions import find_attributions
from pipeline.nlp.text.clean_text import CleanText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.language import Language

    from pipeline.nlp.spans import Assertion, Entity, Resolved, Sentence

SHIPPED = Path(__file__).parent.parent / "model"

_KEPT_CHUNKS = 40_000  # what stands between blanks, with its tokens: 4 MB; each is tokenised up to three times
# What the layers and the rules ask of a word. English sets 14 more (is it a stop word, like a URL, a currency ...):
# nobody reads them, and they take two thirds of the time of a new word.
_READ_ATTRIBUTES = frozenset(
    spacy.attrs.IDS[name] for name in ("LANG", "LOWER", "NORM", "PREFIX", "SUFFIX", "SHAPE", "IS_SPACE")
)


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned: the spaCy components and the claim classifier, under one name, version and hash."""

    name: str
    version: str
    hash: str
    nlp: Language
    senter: Senter
    tagger: EntityTagger
    parser: Parser
    claims: Cascade
    _last_read: dict[str, CleanText] = field(default_factory=dict, repr=False)

    def _readings(self, texts: Sequence[str]) -> list[CleanText]:
        """Return the texts as they are read. Those of the last call are kept: one layer after another takes them."""
        readings = [self._last_read.get(text) or CleanText(text) for text in texts]
        self._last_read.clear()
        self._last_read.update(zip(texts, readings, strict=True))
        return readings

    def _read(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sequence[Sentence]],
        entities: Sequence[Sequence[Entity]],
    ) -> _Read:
        readings = self._readings(texts)
        return _Read(
            readings,
            [reading.text for reading in readings],
            [reading.sentences_in(units) for reading, units in zip(readings, sentences, strict=True)],
            [reading.entities_in(names) for reading, names in zip(readings, entities, strict=True)],
        )

    def split_sentences(self, texts: Sequence[str]) -> list[list[Sentence]]:
        """Split each text into sentences, in order."""
        readings = self._readings(texts)
        found = split_sentences([reading.text for reading in readings], self.nlp, self.senter)
        return [reading.sentences_out(units) for reading, units in zip(readings, found, strict=True)]

    def tag_entities(self, texts: Sequence[str], sentences: Sequence[Sequence[Sentence]]) -> list[list[Entity]]:
        """Return the names and values of each text, in order."""
        readings = self._readings(texts)
        units = [reading.sentences_in(one) for reading, one in zip(readings, sentences, strict=True)]
        found = tag_entities([reading.text for reading in readings], units, self.nlp, self.tagger)
        return [reading.entities_out(names) for reading, names in zip(readings, found, strict=True)]

    def canonical_names(self, fields: Sequence[tuple[str, Sequence[Entity]]]) -> list[list[str | None]]:
        """Return the fullest form of each name in an article, field by field; None for dates, amounts and numbers."""
        readings = zip(self._readings([text for text, _ in fields]), fields, strict=True)
        return canonical_names([(reading.text, reading.entities_in(entities)) for reading, (_, entities) in readings])

    def classify_claims(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sequence[Sentence]],
        entities: Sequence[Sequence[Entity]],
    ) -> list[list[Assertion]]:
        """Return one assertion for each sentence of each text, in order."""
        read = self._read(texts, sentences, entities)
        return classify_claims(read.texts, read.sentences, read.entities, self.claims)

    def find_attributions(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sequence[Sentence]],
        entities: Sequence[Sequence[Entity]],
    ) -> list[Resolved]:
        """Return the attributions of each text, by the sentence in which their content starts, and its references."""
        read = self._read(texts, sentences, entities)
        found = find_attributions(read.texts, read.sentences, read.entities, self.nlp, self.parser)
        return [reading.resolved_out(one) for reading, one in zip(read.readings, found, strict=True)]


class _Read(NamedTuple):
    """Texts as they are read, with what was found in them."""

    readings: list[CleanText]
    texts: list[str]
    sentences: list[Sequence[Sentence]]
    entities: list[Sequence[Entity]]


def load_model(path: Path | None = None) -> Model:
    """Read a model folder; the shipped one by default.

    Raises:
        UsageError: the folder is missing, incomplete or of another version.
    """
    folder = path or SHIPPED
    try:
        meta = orjson.loads((folder / "meta.json").read_bytes())
        use_one_core()
        nlp = load_spacy(folder / "spacy")
        claims = Cascade.read(folder / "claims")
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(
            f"The model in {folder} cannot be read ({error}): reinstall claimwire or name another."
        ) from error
    return Model(
        name=meta["name"],
        version=meta["version"],
        hash=hash_folder(folder),
        nlp=nlp,
        senter=Senter.of(nlp),
        tagger=EntityTagger.of(nlp),
        parser=Parser.of(nlp),
        claims=claims,
    )


def use_one_core() -> None:
    """Keep this process's matrix products on one core: a worker is one core, more cores are more workers.

    For matrices of this size a second thread costs more than it gives, and the results stay equal on every machine.
    """
    threadpool_limits(limits=1, user_api="blas")


def load_spacy(folder: Path) -> Language:
    """Load the spaCy pipeline with numpy's matrix products, 1.4 to 1.7 times as fast as thinc's own BLIS here."""
    from thinc.api import NumpyOps, get_current_ops, set_current_ops  # noqa: PLC0415

    before = get_current_ops()
    set_current_ops(NumpyOps(use_blis=False))
    try:
        nlp: Language = spacy.load(folder)
    finally:
        set_current_ops(before)
    vocab: Any = nlp.vocab
    getters = vocab.lex_attr_getters
    vocab.lex_attr_getters = {name: getters[name] for name in getters if name in _READ_ATTRIBUTES}
    vocab.vectors.key2row = WordRows(vocab.vectors.key2row)
    tokenizer: Any = nlp.tokenizer
    tokenizer.max_cache_size = _KEPT_CHUNKS
    return nlp


def hash_folder(folder: Path) -> str:
    """Return the SHA-256 of what a model computes with: every file's name and bytes, less the card and the licences."""
    digest = hashlib.sha256()
    files = (path for path in folder.rglob("*") if path.is_file())
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in files):
        if name in {"README.md", "scores.json"} or name.startswith("LICENSES/"):
            continue
        digest.update(f"{name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
