"""``seeds/expected.jsonl`` in; the records to push, and what is wrong with what came out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson

from pipeline.contract.events import EnrichedV1, Sentence

SEEDS = Path(__file__).parent.parent / "seeds"


class ExpectedSentence(NamedTuple):
    start: int
    end: int
    kind: str
    field: Literal["text", "title"] = "text"
    entities: list[list[str]] | None = None  # text, label and, where it is told, the canonical name
    speaker: str | None = None
    label: str | None = None


class ExpectedRecord(NamedTuple):
    """One record and what must become of it."""

    name: str
    value: bytes
    outcome: Literal["enriched", "rejected"]
    reason: str | None
    id: str | None
    sentences: list[ExpectedSentence] | None


def expected_records() -> list[ExpectedRecord]:
    """In the order of the files and their lines."""
    return [_record(orjson.loads(line)) for line in (SEEDS / "expected.jsonl").read_bytes().splitlines()]


def _record(row: dict[str, Any]) -> ExpectedRecord:
    sentences = row.get("sentences")
    return ExpectedRecord(
        name=f"{row['file']}:{row['line']}" if "line" in row else row["file"],
        value=_value(row),
        outcome=row["outcome"],
        reason=row.get("reason"),
        id=row.get("id"),
        sentences=None if sentences is None else [ExpectedSentence(**sentence) for sentence in sentences],
    )


def _value(row: dict[str, Any]) -> bytes:
    content: bytes = (SEEDS / row["file"]).read_bytes()
    if row["file"].endswith(".txt"):
        return orjson.dumps({"text": content.decode()})
    return content.splitlines()[row["line"] - 1] if "line" in row else content


def differences(event: EnrichedV1, expected: list[ExpectedSentence]) -> list[str]:
    """In words; empty where all that was expected was found."""
    found = [(sentence.field, sentence.start, sentence.end, sentence.kind) for sentence in event.sentences]
    wanted = [(sentence.field, sentence.start, sentence.end, sentence.kind) for sentence in expected]
    if found != wanted:
        return [f"sentence {unit} is missing" for unit in wanted if unit not in found] + [
            f"sentence {unit} is too much" for unit in found if unit not in wanted
        ]
    pairs = zip(event.sentences, expected, strict=True)
    return [line for sentence, wish in pairs for line in _missing(event, sentence, wish)]


def _missing(event: EnrichedV1, sentence: Sentence, wish: ExpectedSentence) -> list[str]:
    entities = [
        [entity.text, entity.label, entity.canonical]
        for entity in event.entities or []
        if entity.sentence == sentence.index
    ]
    speakers = {said.speaker for said in event.attributions or [] if said.sentence == sentence.index}
    assertion = (event.assertions or [])[sentence.index]
    where = f"sentence {sentence.index}:"
    missing = [
        f"{where} no entity {wanted}, but {entities}"
        for wanted in wish.entities or []
        if wanted not in [entity[: len(wanted)] for entity in entities]
    ]
    if wish.entities == [] and entities:
        missing.append(f"{where} {entities} are no entities")
    if wish.speaker and wish.speaker not in speakers:
        missing.append(f"{where} not said by {wish.speaker}, but by {speakers}")
    if wish.label and wish.label != assertion.label:
        missing.append(f"{where} {assertion.label} is not {wish.label}")
    return missing
