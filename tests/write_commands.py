"""Write the table of commands in README.md anew, from what the program says of itself: `tests/write_commands.py`."""

import re
from pathlib import Path
from typing import Any

from pipeline.cli.app import command, leaves

README = Path(__file__).parent.parent / "README.md"
TABLE = re.compile(r"(?<=\| command \| what it does \| options \|\n\|---\|---\|---\|\n)(?:\|.*\|\n)+")
COMMON = {"--bootstrap", "--prefix", "--config", "--json", "--debug", "--help"}


def table() -> str:
    """A row for each command: how it is called, what its help begins with, the options that only it has."""
    return "".join(f"| {' | '.join(_row(name, leaf))} |\n" for name, leaf in leaves(command()))


def _row(name: str, leaf: Any) -> tuple[str, str, str]:
    shown = [parameter for parameter in leaf.params if not getattr(parameter, "hidden", False)]
    arguments = [_argument(parameter) for parameter in shown if parameter.param_type_name == "argument"]
    options = [parameter.opts[0] for parameter in shown if parameter.param_type_name == "option"]
    # An option that must be given belongs to the call.
    needed = [f"{parameter.opts[0]} {parameter.metavar}" for parameter in shown if _is_needed_option(parameter)]
    call = " ".join(["claimwire", name, *arguments, *needed])
    own = [f"`{option}`" for option in options if option not in COMMON and not any(option in text for text in needed)]
    return f"`{call}`".replace("|", "\\|"), leaf.help.split("\n\n")[0].rstrip("."), " ".join(own)


def _argument(parameter: Any) -> str:
    return str(parameter.metavar)


def _is_needed_option(parameter: Any) -> bool:
    return parameter.param_type_name == "option" and bool(parameter.required)


def written() -> str:
    """The README with the table as it should be."""
    return TABLE.sub(lambda _: table(), README.read_text(encoding="utf-8"), count=1)


if __name__ == "__main__":
    README.write_text(written(), encoding="utf-8")
