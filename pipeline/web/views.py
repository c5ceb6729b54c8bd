"""Claims and articles in, what the page shows of them in its list out: short, and visible to the last character."""

from __future__ import annotations

from typing import Any

import orjson

from pipeline.contract.events import ClaimV1, EnrichedV1, Origin
from pipeline.web.visible import shortened, visible

# Of the list only: the article's own page shows everything. A sentence may be as long as an article.
_TEXT_CHARS, _NAME_CHARS, _ENTITIES, _REASONS = 1_500, 200, 30, 12


def claim_view(claim: ClaimV1) -> bytes:
    """One claim of the list as a JSON object."""
    claimant = claim.claimant
    return orjson.dumps(
        {
            "id": claim.id,
            "article": origin_text(claim.origin),
            "sentence": claim.sentence.index,
            "time": claim.origin.timestamp,
            "published": claim.article.published,
            "text": _long(claim.readable),
            "before": _long(claim.sentence.before or ""),
            "after": _long(claim.sentence.after or ""),
            "label": claim.label,
            "score": claim.score,
            "types": claim.types,
            "reasons": [_short(reason) for reason in claim.reasons[:_REASONS]],
            "speaker": _short(claimant.speaker or claimant.text or "") if claimant else "",
            "title": _short(claim.article.title or ""),
            "source": _short(claim.article.source or ""),
            "entities": _names(claim),
        }
    )


def article_view(event: EnrichedV1, *, claims: int) -> dict[str, Any]:
    """The article that was enriched last, in one line."""
    article = event.article
    name = article.title or article.text[:_NAME_CHARS].strip().split("\n", 1)[0]
    return {
        "article": origin_text(event.origin),
        "time": event.origin.timestamp,
        "title": _short(name),
        "source": _short(article.source or ""),
        "claims": claims,
        "skipped": [_short(f"{entry.what}: {entry.why}") for entry in event.skipped],
    }


def origin_text(origin: Origin) -> str:
    """Partition and offset of the article's record, as the page's addresses name it."""
    return f"{origin.partition}/{origin.offset}"


def _long(text: str) -> str:
    return visible(shortened(text, _TEXT_CHARS))


def _short(text: str) -> str:
    return visible(shortened(text, _NAME_CHARS))


def _names(claim: ClaimV1) -> list[str]:
    """What the sentence names, also by the fullest form that the article has for it."""
    names = (name for entity in claim.entities[:_ENTITIES] for name in (entity.text, entity.canonical) if name)
    return list(dict.fromkeys(_short(name) for name in names))
