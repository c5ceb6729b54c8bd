"""A folder of brat stand-off files in, documents with their attributions out, as PolNeAR has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Ranges = tuple[tuple[int, int], ...]

_SPAN = re.compile(r"(T\d+)\t([\w-]+) (\d+ \d+(?:;\d+ \d+)*)\t")
_ROLE = re.compile(r"(Source|Cue|Content)\d*:(T\d+)")


@dataclass(frozen=True, slots=True)
class Quoted:
    """An annotated attribution; each part may stand in several places, and source or cue nowhere."""

    source: Ranges
    cue: Ranges
    content: Ranges


@dataclass(frozen=True, slots=True)
class BratDocument:
    """A text with its attributions; ``domain`` is what its file's name starts with (PolNeAR: the publisher)."""

    name: str
    domain: str
    text: str
    attributions: tuple[Quoted, ...]


def read(folder: Path) -> Iterator[BratDocument]:
    """Read each text with its annotations; of several annotators the first by name counts.

    Raises:
        UsageError: an annotation file has no text, or a line that is none of brat's, or no attribution stands anywhere.
    """
    texts = {path.stem: path for path in sorted(folder.rglob("*.txt")) if path.name != "SOURCE.txt"}
    read_already: set[str] = set()
    found = 0
    for path in sorted(folder.rglob("*.ann")):
        name = path.stem if path.stem in texts else path.stem.rpartition("_")[0]  # NAME_ANNOTATOR.ann beside NAME.txt
        if name not in texts:
            raise UsageError(f"{path} has no text: {path.stem}.txt is missing.")
        if name in read_already:
            continue
        read_already.add(name)
        with texts[name].open(encoding="utf-8", newline="") as file:
            text = file.read()
        attributions = tuple(_attributions(path, len(text)))
        found += len(attributions)
        yield BratDocument(name, name.partition("_")[0] if "_" in name else "", text, attributions)
    if not found:
        raise UsageError(f"No attribution with Source, Cue or Content stands in the .ann files of {folder}.")


def _attributions(path: Path, length: int) -> Iterator[Quoted]:
    lines = path.read_text(encoding="utf-8").splitlines()
    spans: dict[str, Ranges] = {}
    for number, line in enumerate(lines, 1):
        if line.startswith("T"):
            match = _SPAN.match(line)
            if not match:
                raise UsageError(f"{path}, line {number} is no span of brat: {line[:60]!r}.")
            pairs = (pair.split() for pair in match.group(3).split(";"))
            spans[match.group(1)] = tuple((int(start), int(end)) for start, end in pairs)
            if spans[match.group(1)][-1][1] > length:
                raise UsageError(f"{path}, line {number}: the span ends behind the end of its text.")
    for line in lines:
        if line.startswith("E"):
            roles: dict[str, Ranges] = {}
            for role, span in _ROLE.findall(line):
                roles[role] = roles.get(role, ()) + spans.get(span, ())
            if roles.get("Content"):
                yield Quoted(roles.get("Source", ()), roles.get("Cue", ()), roles["Content"])
