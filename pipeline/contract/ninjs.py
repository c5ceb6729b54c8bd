"""IPTC ninjs items in, the fields of an ArticleV1 out."""

from __future__ import annotations

from typing import Any


def is_item(fields: dict[str, Any]) -> bool:
    """Whether a JSON object is a ninjs item: it has a ``uri`` and no ``text``."""
    return "uri" in fields and "text" not in fields


def to_article(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of ArticleV1 from an item; what has no place there goes to ``extra``."""
    return {"text": fields.get("body_text"), "id": fields["uri"], "title": fields.get("headline"), "extra": fields}
