"""How the command line looks: names of arguments as people write them, no types behind flags, one line of advice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from pipeline.errors import UsageError


class _Argument(TyperArgument):
    """An argument that help shows as ``PATH...`` or ``[PATH...]``: typer would write ``{PATH...}...``."""

    def get_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ANN401  (typer does not export the class)
        del ctx
        name = self.display_name_raw
        return [name if self.required else f"[{name}]"]

    def display_type_rich(self, ctx: Any) -> str | None:  # noqa: ANN401
        del ctx
        return None


class _PlainHelp:
    """Parameters without typer's ``<bool>`` and ``<list[str]>``."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401
        """Return all parameters, that of ``--help`` included."""
        found: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for parameter in found:
            if type(parameter) is TyperArgument:
                parameter.__class__ = _Argument
            elif isinstance(parameter, TyperOption) and parameter.is_flag:
                parameter.metavar = ""
        return found


class Command(_PlainHelp, TyperCommand):
    """One command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        """Read the arguments; words that are left over are an error that says what to write instead.

        Raises:
            UsageError: a condition does not follow a ``--where`` of its own.
        """
        ctx.allow_extra_args = True
        rest: list[str] = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            if any("--where" in parameter.opts for parameter in self.params):
                check_conditions(rest)
            ctx.fail(f"Unexpected argument{'s' if rest[1:] else ''}: {' '.join(rest)}")
        return rest


class Group(_PlainHelp, TyperGroup):
    """A command that has commands."""


def check_conditions(words: Sequence[str]) -> None:
    """Refuse a condition such as ``source=Reuters`` that stands alone.

    Raises:
        UsageError: there is one.
    """
    for word in words:
        if "=" in word:
            raise UsageError(f"{word!r} stands alone: repeat the option for each condition, --where {word!r}")
