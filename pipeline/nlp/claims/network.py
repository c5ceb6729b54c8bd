"""Sentences in, what the claim network makes of them out: a small transformer, run by onnxruntime on one core."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

# onnxruntime 1.32 sends reports of its use to its maker (HTTPS) unless it is told not to before it is loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime

from pipeline.nlp.claims.cues import Cue, holder, name_cue
from pipeline.nlp.claims.wordpiece import WordPiece, WordPlace
from pipeline.nlp.text.characters import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]


class NetworkOutput(NamedTuple):
    """What the network read in a sentence: its logits (labels, then types) and what each place added to the labels'."""

    logits: list[float]
    places: list[WordPlace]
    parts: Floats


@dataclass(frozen=True, slots=True)
class Network:
    """The network and its vocabulary."""

    session: onnxruntime.InferenceSession
    pieces: WordPiece

    @classmethod
    def read(cls, folder: Path) -> Network:
        """Load ``network.onnx`` and ``vocab.txt``; one thread, since a worker is one core."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # By its path: given as bytes, onnxruntime keeps a copy of them, 18 MB.
        session = onnxruntime.InferenceSession(
            str(folder / "network.onnx"), options, providers=["CPUExecutionProvider"]
        )
        return cls(session, WordPiece.read(folder / "vocab.txt"))

    def judge(self, sentence: str) -> NetworkOutput:
        """Run one sentence.

        A batch is no quicker on one core (measured for 1 to 32), and its int8 products share one scale: alone, what is
        said of a sentence depends on that sentence only.
        """
        pieces, places = self.pieces.encode_with_places(plain(sentence))
        logits, parts = self.session.run(None, {"pieces": np.array(pieces, np.int64)})
        return NetworkOutput(logits.tolist(), places, parts)


def contributions(sentence: str, cues: Iterable[Cue], read: NetworkOutput, direction: Floats) -> dict[str, float]:
    """Return what each cue and each other word added to the labels' logits, weighted by ``direction``, (labels,).

    The network's logits are the sum of its pieces' parts; the parts of the pieces inside a cue are added up.
    """
    spans = [(cue.start, cue.end, name_cue(sentence, cue)) for cue in cues]
    gains = (read.parts @ direction).tolist()
    sums: dict[str, float] = {}
    name, named = "", None
    for place, gain in zip(read.places, gains, strict=True):
        if place is None:
            continue
        if place is not named:  # the pieces of a word share their place
            name, named = holder(spans, *place) or f'word: "{sentence[slice(*place)]}"', place
        sums[name] = sums.get(name, 0.0) + gain
    return sums
