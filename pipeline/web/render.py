"""Templates and values in, HTML out; everything is escaped, and text of articles is made visible by a filter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.web.visible import visible

_LABELS = {"CFS": "check-worthy", "UFS": "unimportant", "NFS": "no factual claim"}
_KINDS = {"direct": "quoted", "indirect": "reported", "mixed": "partly quoted"}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "visible": lambda text: visible(str(text)),
        "day": day,
        "label_words": lambda label: _LABELS.get(label, label),
        "kind_words": lambda kind: _KINDS.get(kind, kind),
        "words": lambda name: str(name).replace("_", " "),
        "web_link": web_link,
    }
    return environment


def render(template: str, **values: Any) -> str:  # noqa: ANN401  (what the template takes)
    """A page or a part of one."""
    return _environment().get_template(template).render(**values)


def render_parts(template: str, **values: Any) -> Iterator[str]:  # noqa: ANN401  (what the template takes)
    """A page that may be large, part by part."""
    return _environment().get_template(template).generate(**values)


def stylesheet() -> str:
    """The one stylesheet, of the live page and of reports."""
    return (files("pipeline.web") / "static" / "style.css").read_text(encoding="utf-8")


def day(timestamp_ms: int) -> str:
    """A record's time as a date and a time in UTC; empty where it has none, or none that a calendar has."""
    try:
        then = datetime.fromtimestamp(timestamp_ms / 1000, tz=timezone.utc) if timestamp_ms > 0 else None
    except (ValueError, OverflowError, OSError):
        then = None
    return then.strftime("%Y-%m-%d %H:%M UTC") if then else ""


def web_link(url: str | None) -> str | None:
    """An address that may become a link: of the web only, whatever an article claims to be its own."""
    try:
        return url if url and urlsplit(url).scheme in {"http", "https"} else None
    except ValueError:
        return None
