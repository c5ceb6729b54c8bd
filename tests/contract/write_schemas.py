"""Write pipeline/contract/schemas/ anew: ``make schemas``."""

from __future__ import annotations

from pathlib import Path

from pipeline.contract import schemas
from pipeline.topology import TOPICS

FOLDER = Path(schemas.__file__).parent / "schemas"


def main() -> None:
    files = schemas.files(TOPICS)
    for old in FOLDER.glob("*.json"):
        if old.name not in files:
            old.unlink()
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
