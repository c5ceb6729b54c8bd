"""MiniLM's weights and labelled sentences in, a claim network out: trained, cut to fewer layers, exported to ONNX."""

from __future__ import annotations

import logging
import math
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from pipeline.nlp.characters import plain
from pipeline.nlp.spans import LABELS, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.nlp.wordpiece import WordPiece

_WIDTH, _HEADS, _INNER, _LAYERS, _VOCABULARY, _POSITIONS = 384, 12, 1536, 6, 30_522, 512
_EPSILON = 1e-12
_TYPE_WEIGHT = 1.0
_WARM_UP = 0.1

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """A sentence with what is to be learned of it: a probability for each label and, where known, each type."""

    text: str
    labels: tuple[float, ...]
    types: tuple[float, ...] | None
    weight: float = 1.0


class Layer(nn.Module):  # type: ignore[misc]
    """One transformer block as in BERT: attention, then the inner layer, each with its residual and norm."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.attended = (nn.Linear(_WIDTH, _WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(_WIDTH, _INNER), nn.Linear(_INNER, _WIDTH)
        self.norm_attended, self.norm_outer = nn.LayerNorm(_WIDTH, _EPSILON), nn.LayerNorm(_WIDTH, _EPSILON)
        self.drop = nn.Dropout(0.1)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Take and give (batch, pieces, width); ``mask`` is (batch, 1, 1, pieces), 0 or minus infinity."""
        batch, pieces, _ = states.shape

        def heads(projected: Tensor) -> Tensor:
            return projected.view(batch, pieces, _HEADS, _WIDTH // _HEADS).transpose(1, 2)

        scores = heads(self.query(states)) @ heads(self.key(states)).transpose(2, 3) / math.sqrt(_WIDTH // _HEADS)
        mixed = torch.softmax(scores + mask, dim=-1) @ heads(self.value(states))
        joined = self.attended(mixed.transpose(1, 2).reshape(batch, pieces, _WIDTH))
        states = self.norm_attended(states + self.drop(joined))
        return self.norm_outer(states + self.drop(self.outer(nn.functional.gelu(self.inner(states)))))


class ClaimNetwork(nn.Module):  # type: ignore[misc]
    """MiniLM with a head for labels and types on the mean of its states."""

    def __init__(self, layers: int = _LAYERS) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(_VOCABULARY, _WIDTH), nn.Embedding(_POSITIONS, _WIDTH)
        self.norm = nn.LayerNorm(_WIDTH, _EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(_WIDTH, len(LABELS) + len(TYPES))

    def forward(self, pieces: Tensor, present: Tensor) -> Tensor:
        """Take (batch, pieces) numbers and 1 / 0 for present / padding; give (batch, labels + types) logits."""
        states, weights = self.states(pieces, present), present.to(torch.float32)
        mean = (states * weights[:, :, None]).sum(1) / weights.sum(1, keepdim=True)
        return self.head(self.drop(mean))

    def states(self, pieces: Tensor, present: Tensor) -> Tensor:
        """Give the last layer's (batch, pieces, width)."""
        states = self.words(pieces) + self.places(torch.arange(pieces.shape[1], device=pieces.device))
        states = self.drop(self.norm(states))
        weights = present.to(states.dtype)
        mask = (1.0 - weights)[:, None, None, :] * -1e4
        for layer in self.layers:
            states = layer(states, mask)
        return states


class Explained(nn.Module):  # type: ignore[misc]
    """A network as it is shipped: for one sentence, without padding, and with what each piece adds to the logits.

    Logits are the sum of the pieces' parts and the head's bias (the head is linear and reads the pieces' mean), so the
    parts explain the network exactly. Queries, keys and values are one product, which saves a quarter of the time.
    """

    def __init__(self, network: ClaimNetwork) -> None:
        super().__init__()
        self.network = network
        self.joint = nn.ModuleList(_joint(layer) for layer in network.layers)

    def forward(self, pieces: Tensor) -> tuple[Tensor, Tensor]:
        """Take the numbers of a sentence's pieces; give its logits and the parts, (pieces, labels)."""
        network, count = self.network, pieces.shape[0]
        states = network.norm(network.words(pieces) + network.places.weight[:count])
        for layer, joint in zip(network.layers, self.joint, strict=True):
            projected = joint(states).reshape(-1, 3, _HEADS, _WIDTH // _HEADS)
            query, key, value = projected[:, 0], projected[:, 1], projected[:, 2]
            scores = query.permute(1, 0, 2) @ key.permute(1, 2, 0)
            mixed = torch.softmax(scores, dim=-1) @ value.permute(1, 0, 2)
            states = layer.norm_attended(states + layer.attended(mixed.permute(1, 0, 2).reshape(-1, _WIDTH)))
            states = layer.norm_outer(states + layer.outer(nn.functional.gelu(layer.inner(states))))
        parts = nn.functional.linear(states, network.head.weight) / count
        return parts.sum(0) + network.head.bias, parts[:, : len(LABELS)]


def _joint(layer: Layer) -> nn.Linear:
    """Give a layer's queries, keys and values as one product; the queries' share holds the scale of the scores."""
    joint = nn.Linear(_WIDTH, 3 * _WIDTH)
    scale = math.sqrt(_WIDTH // _HEADS)
    with torch.no_grad():
        joint.weight.copy_(torch.cat([layer.query.weight / scale, layer.key.weight, layer.value.weight]))
        joint.bias.copy_(torch.cat([layer.query.bias / scale, layer.key.bias, layer.value.bias]))
    return joint


def load_minilm(weights: Path, layers: Sequence[int] = range(_LAYERS)) -> ClaimNetwork:
    """Read the published weights (``model.safetensors``), keeping the layers of the given numbers."""
    found = load_file(weights)
    network = ClaimNetwork(len(layers))
    with torch.no_grad():
        network.words.weight.copy_(found["embeddings.word_embeddings.weight"])
        # Sentences have one segment: its embedding is the same at every place.
        segment = found["embeddings.token_type_embeddings.weight"][0]
        network.places.weight.copy_(found["embeddings.position_embeddings.weight"] + segment)
        _copy(network.norm, found, "embeddings.LayerNorm")
        for layer, number in zip(network.layers, layers, strict=True):
            for part, name in _PARTS.items():
                _copy(getattr(layer, part), found, f"encoder.layer.{number}.{name}")
    return network


_PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "norm_attended": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "norm_outer": "output.LayerNorm",
}


def _copy(module: nn.Module, found: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(found[f"{name}.weight"])
    module.bias.copy_(found[f"{name}.bias"])


def cut(network: ClaimNetwork, layers: Sequence[int]) -> ClaimNetwork:
    """Give a copy of a trained network with some of its layers only."""
    smaller = ClaimNetwork(len(layers))
    states = network.state_dict()
    kept = {name: value for name, value in states.items() if not name.startswith("layers.")}
    for new, old in enumerate(layers):
        prefix = f"layers.{old}."
        kept |= {f"layers.{new}.{k.removeprefix(prefix)}": v for k, v in states.items() if k.startswith(prefix)}
    smaller.load_state_dict(kept)
    return smaller


def train(
    network: ClaimNetwork,
    targets: Sequence[Target],
    pieces: WordPiece,
    *,
    epochs: int,
    rate: float,
    batch: int = 32,
    seed: int = 0,
    keep_words: bool = False,
) -> None:
    """Fit a network to targets with AdamW, a linear warm-up and decay; the loss is cross entropy with soft targets.

    Products are in bfloat16: three times as quick where the processor has it. ``keep_words`` leaves the embeddings of
    pieces and places as they are.
    """
    for embedding in (network.words, network.places):
        embedding.weight.requires_grad_(not keep_words)
    torch.manual_seed(seed)
    shuffle = random.Random(seed)  # noqa: S311  (no secret)
    head = [value for name, value in network.named_parameters() if name.startswith("head")]
    body = [value for name, value in network.named_parameters() if not name.startswith("head")]
    optimiser = torch.optim.AdamW([{"params": body, "lr": rate}, {"params": head, "lr": 20 * rate}], weight_decay=0.01)
    encoded = [pieces.encode(plain(target.text)) for target in targets]
    steps = epochs * math.ceil(len(targets) / batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (_WARM_UP * steps), (steps - step) / ((1 - _WARM_UP) * steps))
    )
    network.train()
    for epoch in range(epochs):
        start, total = time.perf_counter(), 0.0
        for rows in _batches(encoded, batch, shuffle):
            with torch.autocast("cpu", torch.bfloat16):
                logits = network(*_tensors([encoded[row] for row in rows]))
            loss = _loss(logits.float(), [targets[row] for row in rows])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item() * len(rows)
        _log.info("epoch %d: loss %.4f, %.0f s", epoch, total / len(targets), time.perf_counter() - start)
    network.eval()


def predict(network: ClaimNetwork, texts: Sequence[str], pieces: WordPiece, batch: int = 32) -> Tensor:
    """Give the logits of texts, (texts, labels + types)."""
    encoded = [pieces.encode(plain(text)) for text in texts]
    order = sorted(range(len(texts)), key=lambda row: len(encoded[row]))
    result = torch.zeros(len(texts), len(LABELS) + len(TYPES))
    network.eval()
    with torch.no_grad():
        for at in range(0, len(order), batch):
            rows = order[at : at + batch]
            result[rows] = network(*_tensors([encoded[row] for row in rows]))
    return result


def export(network: ClaimNetwork, path: Path) -> None:
    """Write an ONNX file with int8 weights in its matrix products (dynamic quantization)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    network.eval()
    exact = path.with_suffix(".fp32.onnx")
    torch.onnx.export(
        Explained(network).eval(),
        (torch.tensor([101, 2054, 2003, 102]),),
        str(exact),
        input_names=["pieces"],
        output_names=["logits", "parts"],
        dynamic_axes={"pieces": {0: "length"}, "parts": {0: "length"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(exact, path, weight_type=QuantType.QInt8, per_channel=True)
    exact.unlink()


def _batches(encoded: Sequence[list[int]], batch: int, shuffle: random.Random) -> Iterator[list[int]]:
    """Give rows of like length together, in an order of chance: little padding, little order."""
    order = sorted(range(len(encoded)), key=lambda row: (len(encoded[row]) + shuffle.random() * 8, row))
    batches = [order[at : at + batch] for at in range(0, len(order), batch)]
    shuffle.shuffle(batches)
    yield from batches


def _tensors(encoded: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, encoded))
    pieces = torch.tensor([row + [0] * (longest - len(row)) for row in encoded])
    present = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in encoded])
    return pieces, present


def _loss(logits: Tensor, targets: Sequence[Target]) -> Tensor:
    weights = torch.tensor([target.weight for target in targets])
    labels = torch.tensor([target.labels for target in targets])
    logs = torch.log_softmax(logits[:, : len(LABELS)], dim=-1)
    loss = -(weights * (labels * logs).sum(1)).sum() / weights.sum()
    rows = [row for row, target in enumerate(targets) if target.types is not None]
    if rows:
        types = torch.tensor([targets[row].types for row in rows])
        found = logits[rows][:, len(LABELS) :]
        loss = loss + _TYPE_WEIGHT * nn.functional.binary_cross_entropy_with_logits(found, types)
    return loss
