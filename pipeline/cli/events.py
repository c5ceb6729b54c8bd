"""Events in, a line or two for people out."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.text import Text

from pipeline.cli.output import label, printable

_SHOWN_CHARS = 100
Event = dict[str, Any]


def describe(topic: str, event: Event) -> Text:
    """An event of ``claims``, ``enriched``, ``sentences``, ``entities``, ``rejected`` or ``articles``."""
    return {"claims": _claim, "rejected": _rejected, "articles": _article}.get(topic, _found)(event)


def _claim(event: Event) -> Text:
    claimant = event["claimant"] or {}
    speaker = claimant.get("speaker") or claimant.get("text")
    parts = [label(event["label"]), Text(f" {event['score']:.2f} ", "bold")]
    if speaker:
        parts.append(Text(f"{printable(speaker)}: ", "cyan"))
    parts.append(Text(printable(event["sentence"]["text"])))
    about = [
        ", ".join(event["types"]),
        event["article"]["source"] or event["article"]["title"] or event["article"]["id"],
    ]
    parts.append(Text(f"  [{printable(' · '.join(filter(None, about)))}]", "dim"))
    return Text().join(parts)


def _found(event: Event) -> Text:
    """All events that carry an article: how much was found in it."""
    counts = [f"{len(event['sentences'])} sentences"]
    if event.get("entities") is not None:
        kinds = Counter(entity["label"] for entity in event["entities"]).most_common(3)
        counts.append(f"{len(event['entities'])} entities ({', '.join(f'{name} {count}' for name, count in kinds)})")
    if event.get("assertions") is not None:
        claims = sum(assertion["label"] == "CFS" for assertion in event["assertions"])
        counts.append(f"{claims} check-worthy")
    counts.extend(f"no {entry['what']}: {entry['why']}" for entry in event["skipped"])
    article = event["article"]
    return Text().join(
        [Text(_short(article["title"] or article["text"]), "bold"), Text(f"  {printable('; '.join(counts))}", "dim")]
    )


def _article(event: Event) -> Text:
    title = event.get("title") or event.get("headline") or event.get("text") or event.get("body_text") or ""
    about = " · ".join(str(event[name]) for name in ("source", "published", "id", "uri") if event.get(name))
    return Text().join([Text(_short(str(title)), "bold"), Text(f"  [{printable(about)}]" if about else "", "dim")])


def _rejected(event: Event) -> Text:
    return Text().join(
        [
            Text(event["reason"], "bold red"),
            Text(f" {printable(event['error']['message'])}"),
            Text(f"  [{event['stage']} · {place(event['origin'] or event['record'])}]", "dim"),
        ]
    )


def describe_explanation(explanation: Event) -> Text:
    """Return who speaks in a sentence, the pass that told so, and who else was named near it, in a few lines."""
    speaker = explanation["speaker"]
    return Text().join(
        [
            Text(printable(speaker), "bold cyan") if speaker else Text("nobody", "bold yellow"),
            Text(f"  by {explanation['resolved_by']}", "dim"),
            *(
                Text(f"\n  {name + ':':<12}{printable(value)}")
                for name in ("source", "cue", "content", "sentence")
                if (value := explanation[name])
            ),
            Text(f"\n  candidates: {printable(', '.join(explanation['candidates']) or 'none')}\n"),
        ]
    )


def place(origin: Event) -> str:
    """Where a record is: ``news.articles/3/17``."""
    return f"{origin['topic']}/{origin['partition']}/{origin['offset']}"


def _short(text: str) -> str:
    line = " ".join(printable(text).split())
    return line if len(line) <= _SHOWN_CHARS else f"{line[: _SHOWN_CHARS - 1]}…"
