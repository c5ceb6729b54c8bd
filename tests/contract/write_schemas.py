"""Write the files that follow from the models: ``pipeline/contract/schemas/``, and what is missing in the examples."""

from __future__ import annotations

from pathlib import Path

import orjson
from pydantic import BaseModel

from pipeline.contract import codec, schemas
from pipeline.contract.events import ArticleV1
from pipeline.contract.headers import event_type
from pipeline.topology import TOPICS

CONTRACT = Path(schemas.__file__).parent


def main() -> None:
    write_examples()
    files = schemas.files(TOPICS)
    for old in (CONTRACT / "schemas").glob("*.json"):
        if old.name not in files:
            old.unlink()
    for name, content in files.items():
        (CONTRACT / "schemas" / name).write_bytes(content)


def write_examples() -> None:
    """Give each example the fields that were added with a default; make a new event's of that of its base class."""
    for event in TOPICS:
        path = example_of(event)
        known = path if path.exists() else example_of(event.__mro__[1])
        if event is not ArticleV1 and known.exists():
            found = codec.decode(event, known.read_bytes())
            path.write_bytes(orjson.dumps(orjson.loads(codec.encode(found)), option=orjson.OPT_INDENT_2) + b"\n")


def example_of(event: type[BaseModel]) -> Path:
    return CONTRACT / "examples" / f"{event_type(event).removeprefix('claimwire.')}.json"


if __name__ == "__main__":
    main()
