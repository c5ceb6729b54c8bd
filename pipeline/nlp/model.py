"""A folder in, the loaded model out: everything learned, read once, offline."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import spacy
from threadpoolctl import threadpool_limits

from pipeline.errors import UsageError
from pipeline.nlp.cascade import Cascade
from pipeline.nlp.tagger import EntityTagger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

SHIPPED = Path(__file__).parent.parent / "model"

# Documents that go through a layer at once: measured best between 4 and 16 articles' sentences.
BATCH_DOCS = 32


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned: the spaCy components and the claim classifier, under one name, version and hash."""

    name: str
    version: str
    hash: str
    nlp: Language
    tagger: EntityTagger
    claims: Cascade

    def run(self, docs: Iterable[Doc], *components: str) -> Iterator[Doc]:
        """Send documents through the named components only, in the pipeline's order.

        Call it inside ``nlp.memory_zone()`` and once for each text: batches then never mix texts, so that a text's
        result cannot depend on its neighbours, not even in the last bit of a matrix product.
        """
        others = [name for name in self.nlp.component_names if name not in components]
        return self.nlp.pipe(docs, disable=others, batch_size=BATCH_DOCS)

    def sentence_margins(self, docs: Iterable[Doc]) -> Iterator[tuple[Doc, list[float]]]:
        """Give for each token how much more likely a sentence starts at it than not, in logits."""
        senter: Any = self.nlp.get_pipe("senter")
        waiting = iter(docs)
        while batch := list(islice(waiting, BATCH_DOCS)):
            for doc, scores in zip(batch, senter.model.predict(batch), strict=True):
                yield doc, (scores[:, 1] - scores[:, 0]).tolist()


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
        tagger=EntityTagger.of(nlp),
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
        nlp = spacy.load(folder)
    finally:
        set_current_ops(before)
    vectors = nlp.vocab.vectors
    vectors.data = vectors.data.astype("float32")  # half precision on disk: half the size, the same scores
    return nlp


def hash_folder(folder: Path) -> str:
    """Give the SHA-256 of what a model computes with: every file's name and bytes, less the card and the licences."""
    digest = hashlib.sha256()
    files = (path for path in folder.rglob("*") if path.is_file())
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in files):
        if name in {"README.md", "scores.json"} or name.startswith("LICENSES/"):
            continue
        digest.update(f"{name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
