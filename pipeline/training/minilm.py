"""MiniLM's weights and labelled sentences in, a claim network out: trained, cut to a smaller one, exported to ONNX."""

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

from pipeline.labels import LABELS, TYPES
from pipeline.nlp.text.characters import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pipeline.nlp.claims.wordpiece import WordPiece

INNER = 1536
_WIDTH, _HEADS, _LAYERS, _VOCABULARY, _POSITIONS = 384, 12, 6, 30_522, 512
_EPSILON = 1e-12
_WARM_UP = 0.1
# A processor without bfloat16 products trains three times as long; a GPU takes minutes in place of hours.
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """A sentence with what is to be learned of it: a probability for each label and, where known, each type."""

    text: str
    labels: tuple[float, ...]
    types: tuple[float, ...] | None
    weight: float = 1.0


class TransformerLayer(nn.Module):  # type: ignore[misc]
    """One transformer block as in BERT: attention, then the inner layer, each with its residual and norm."""

    def __init__(self, inner: int = INNER) -> None:
        super().__init__()
        self.query, self.key, self.value, self.attended = (nn.Linear(_WIDTH, _WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(_WIDTH, inner), nn.Linear(inner, _WIDTH)
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

    def __init__(self, layers: int = _LAYERS, inner: int = INNER) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(_VOCABULARY, _WIDTH), nn.Embedding(_POSITIONS, _WIDTH)
        self.norm = nn.LayerNorm(_WIDTH, _EPSILON)
        self.layers = nn.ModuleList(TransformerLayer(inner) for _ in range(layers))
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(_WIDTH, len(LABELS) + len(TYPES))

    def forward(self, pieces: Tensor, present: Tensor) -> Tensor:
        """Take (batch, pieces) numbers and 1 / 0 for present / padding; give (batch, labels + types) logits."""
        states, weights = self.states(pieces, present), present.to(torch.float32)
        mean = (states * weights[:, :, None]).sum(1) / weights.sum(1, keepdim=True)
        return self.head(self.drop(mean))

    def states(self, pieces: Tensor, present: Tensor) -> Tensor:
        """Return the last layer's (batch, pieces, width)."""
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


def _joint(layer: TransformerLayer) -> nn.Linear:
    """Return a layer's queries, keys and values as one product; the queries' share holds the scale of the scores."""
    joint = nn.Linear(_WIDTH, 3 * _WIDTH)
    scale = math.sqrt(_WIDTH // _HEADS)
    with torch.no_grad():
        joint.weight.copy_(torch.cat([layer.query.weight / scale, layer.key.weight, layer.value.weight]))
        joint.bias.copy_(torch.cat([layer.query.bias / scale, layer.key.bias, layer.value.bias]))
    return joint


def load_minilm(weights: Path) -> ClaimNetwork:
    """Read the published weights (``model.safetensors``); the head is new."""
    found = load_file(weights)
    network = ClaimNetwork()
    with torch.no_grad():
        network.words.weight.copy_(found["embeddings.word_embeddings.weight"])
        # Sentences have one segment: its embedding is the same at every place.
        segment = found["embeddings.token_type_embeddings.weight"][0]
        network.places.weight.copy_(found["embeddings.position_embeddings.weight"] + segment)
        _copy(network.norm, found, "embeddings.LayerNorm")
        for number, layer in enumerate(network.layers):
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
    """Return a copy of a trained network with some of its layers only."""
    smaller = ClaimNetwork(len(layers))
    _copy_around(network, smaller)
    for layer, number in zip(smaller.layers, layers, strict=True):
        layer.load_state_dict(network.layers[number].state_dict())
    return smaller


def narrow(network: ClaimNetwork, inner: int, texts: Sequence[str], pieces: WordPiece) -> ClaimNetwork:
    """Return a copy of a trained network with the neurons of each inner layer that add most.

    What a neuron adds is the size of its activation on ``texts`` times that of its outgoing weights.
    """
    narrower = ClaimNetwork(len(network.layers), inner)
    _copy_around(network, narrower)
    for activity, wide, layer in zip(_activity(network, texts, pieces), network.layers, narrower.layers, strict=True):
        states = wide.state_dict()
        kept = (activity * states["outer.weight"].norm(dim=0)).topk(inner).indices.sort().values
        for name in ("inner.weight", "inner.bias"):
            states[name] = states[name][kept]
        states["outer.weight"] = states["outer.weight"][:, kept]
        layer.load_state_dict(states)
    return narrower


def _copy_around(network: ClaimNetwork, other: ClaimNetwork) -> None:
    """Copy all but the layers."""
    network.cpu()
    for name in ("words", "places", "norm", "head"):
        getattr(other, name).load_state_dict(getattr(network, name).state_dict())


def _activity(network: ClaimNetwork, texts: Sequence[str], pieces: WordPiece) -> list[Tensor]:
    """Return the sum of what each inner neuron of each layer is on texts."""
    sums = [torch.zeros(layer.inner.out_features, device=DEVICE) for layer in network.layers]

    def watch(number: int) -> Callable[[nn.Module, object, Tensor], None]:
        return lambda _layer, _given, found: sums[number].add_(nn.functional.gelu(found).abs().sum((0, 1)))

    hooks = [layer.inner.register_forward_hook(watch(number)) for number, layer in enumerate(network.layers)]
    predict(network, texts, pieces)
    for hook in hooks:
        hook.remove()
    network.cpu()
    return [total.cpu() for total in sums]


def train(
    network: ClaimNetwork,
    targets: Sequence[Target],
    pieces: WordPiece,
    *,
    epochs: int,
    rate: float,
    head_rate: float | None = None,
    batch: int = 32,
    seed: int = 0,
    keep_words: bool = False,
) -> None:
    """Fit a network to targets with AdamW, a linear warm-up and decay; the loss is cross entropy with soft targets.

    Products are in bfloat16. ``keep_words`` leaves the embeddings of pieces and places as they are; ``head_rate`` is 20
    times ``rate`` if it is not given, right for a head that begins with nothing.
    """
    torch.manual_seed(seed)
    network.to(DEVICE).train()
    for embedding in (network.words, network.places):
        embedding.weight.requires_grad_(not keep_words)
    head = list(network.head.parameters())
    body = [value for name, value in network.named_parameters() if not name.startswith("head")]
    groups = [{"params": body}, {"params": head, "lr": head_rate or 20 * rate}]
    optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01)
    encoded = _encode([target.text for target in targets], pieces)
    known = _Targets.of(targets)
    for rows in _steps(encoded, epochs, batch, optimiser, seed):
        with torch.autocast(DEVICE.type, torch.bfloat16):
            logits = network(*_tensors([encoded[row] for row in rows]))
        loss = known.loss(logits.float(), torch.tensor(rows, device=DEVICE))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
    network.eval()


def predict(network: ClaimNetwork, texts: Sequence[str], pieces: WordPiece, batch: int = 32) -> Tensor:
    """Return what the head makes of texts: (texts, labels + types) logits."""
    encoded = _encode(texts, pieces)
    order = sorted(range(len(texts)), key=lambda row: len(encoded[row]))
    network.to(DEVICE).eval()
    with torch.no_grad():
        found = torch.cat(
            [
                network(*_tensors([encoded[row] for row in order[at : at + batch]])).cpu()
                for at in range(0, len(order), batch)
            ]
        )
    return found[torch.tensor(order).argsort()]


def export(network: ClaimNetwork, path: Path) -> None:
    """Write an ONNX file with int8 weights in its matrix products (dynamic quantization)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    network.cpu().eval()
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


def _encode(texts: Sequence[str], pieces: WordPiece) -> list[list[int]]:
    return [pieces.encode(plain(text)) for text in texts]


def _steps(
    encoded: Sequence[list[int]], epochs: int, batch: int, optimiser: torch.optim.Optimizer, seed: int = 0
) -> Iterator[list[int]]:
    """Return the rows of each step; the rate goes up, then down, with each."""
    shuffle = random.Random(seed)  # noqa: S311  (no secret)
    steps = epochs * math.ceil(len(encoded) / batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (_WARM_UP * steps), (steps - step) / ((1 - _WARM_UP) * steps))
    )
    for epoch in range(epochs):
        start = time.perf_counter()
        for rows in _batches(encoded, batch, shuffle):
            yield rows
            schedule.step()
        _log.info("epoch %d of %d: %.0f s", epoch + 1, epochs, time.perf_counter() - start)


def _batches(encoded: Sequence[list[int]], batch: int, shuffle: random.Random) -> list[list[int]]:
    """Return rows of like length together, in an order of chance: little padding, little order."""
    order = sorted(range(len(encoded)), key=lambda row: (len(encoded[row]) + shuffle.random() * 8, row))
    batches = [order[at : at + batch] for at in range(0, len(order), batch)]
    shuffle.shuffle(batches)
    return batches


def _tensors(encoded: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, encoded))
    pieces = torch.tensor([row + [0] * (longest - len(row)) for row in encoded]).to(DEVICE)
    lengths = torch.tensor([len(row) for row in encoded]).to(DEVICE)
    return pieces, (torch.arange(longest, device=DEVICE) < lengths[:, None]).to(torch.int64)


@dataclass(frozen=True, slots=True)
class _Targets:
    """What is to be learned of all sentences: (sentences, labels), (sentences, types), (sentences,) twice."""

    labels: Tensor
    types: Tensor
    has_types: Tensor
    weights: Tensor

    @classmethod
    def of(cls, targets: Sequence[Target]) -> _Targets:
        nothing = (0.0,) * len(TYPES)
        return cls(
            torch.tensor([target.labels for target in targets]).to(DEVICE),
            torch.tensor([target.types or nothing for target in targets]).to(DEVICE),
            torch.tensor([float(target.types is not None) for target in targets]).to(DEVICE),
            torch.tensor([target.weight for target in targets]).to(DEVICE),
        )

    def loss(self, logits: Tensor, rows: Tensor) -> Tensor:
        """Return the loss of some rows: of the labels, and of the types where they are known."""
        weights, known = self.weights[rows], self.has_types[rows]
        logs = torch.log_softmax(logits[:, : len(LABELS)], dim=-1)
        labels = -(weights * (self.labels[rows] * logs).sum(1)).sum() / weights.sum()
        found = logits[:, len(LABELS) :]
        each = nn.functional.binary_cross_entropy_with_logits(found, self.types[rows], reduction="none").mean(1)
        return labels + (each * known).sum() / known.sum().clamp(min=1.0)
