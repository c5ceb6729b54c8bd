"""Events in, a line for people or the cells of a CSV row out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from rich.text import Text

from pipeline.cli.output import Cell, label, plural, printable

_SHOWN_CHARS = 100
_SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
Event = dict[str, Any]


class EventTable(NamedTuple):
    """How events of one topic are shown as CSV."""

    columns: Sequence[str]
    cells: Callable[[Event], Sequence[Cell]]


def describe(topic: str, event: Event) -> Text:
    """Return one line about an event of a topic, such as ``claims`` or ``rejected``."""
    lines = {
        "claims": _claim,
        "rejected": _rejected,
        "articles": _article,
        "explanations": _explanation,
        "revisions": _revision,
    }
    return lines.get(topic, _enriched)(event)


def event_table(topic: str) -> EventTable:
    """Return the CSV columns of a topic's events."""
    return _TABLES.get(topic, _TABLES["enriched"])


CLAIM_COLUMNS = ("id", "label", "score", "types", "speaker", "text", "source", "title", "published", "url", "article")


def claim_cells(event: Event) -> Sequence[Cell]:
    """Return the cells of a claim, as in ``CLAIM_COLUMNS``."""
    article = event["article"]
    return (
        event["id"],
        event["label"],
        event["score"],
        ", ".join(event["types"]),
        _speaker(event),
        event["sentence"]["text"],
        *(article.get(name) for name in ("source", "title", "published", "url", "id")),
    )


def _enriched_cells(event: Event) -> Sequence[Cell]:
    article = event["article"]
    return (*(article.get(name) for name in ("id", "source", "title", "published", "url")), *_counts(event))


def _article_cells(event: Event) -> Sequence[Cell]:
    return (event.get("id") or event.get("uri"), event.get("source"), _title(event), event.get("published"))


def _rejected_cells(event: Event) -> Sequence[Cell]:
    return (
        event["rejected_at"],
        event["stage"],
        event["reason"],
        event["error"]["message"],
        place(event["origin"] or event["record"]),
    )


def _explanation_cells(event: Event) -> Sequence[Cell]:
    return (*(event[name] for name in EXPLANATION_COLUMNS[:-1]), ", ".join(event["candidates"]))


def _revision_cells(event: Event) -> Sequence[Cell]:
    article, changes = event["article"], Counter(claim["change"] for claim in event["claims"])
    return (
        *(event["id"], article["id"], event["number"], article["status"], event["substance"]),
        *(changes[change] for change in _SIGNS),
    )


EXPLANATION_COLUMNS = ("speaker", "resolved_by", "source", "cue", "content", "sentence", "candidates")

_TABLES = {
    "claims": EventTable(CLAIM_COLUMNS, claim_cells),
    "enriched": EventTable(
        ("id", "source", "title", "published", "url", "sentences", "entities", "check_worthy"), _enriched_cells
    ),
    "articles": EventTable(("id", "source", "title", "published"), _article_cells),
    "explanations": EventTable(EXPLANATION_COLUMNS, _explanation_cells),
    "revisions": EventTable(
        ("id", "article", "number", "status", "substance", "added", "removed", "changed"), _revision_cells
    ),
    "rejected": EventTable(("rejected_at", "stage", "reason", "why", "article"), _rejected_cells),
}


def _speaker(event: Event) -> str | None:
    claimant = event["claimant"] or {}
    return claimant.get("speaker") or claimant.get("text")


def _readable(event: Event) -> str:
    """Return a claim's text as ``ClaimV1.readable`` does; events of older releases are not in context."""
    named = any(entity.get("canonical") for entity in event["entities"])
    text: str = event["sentence"]["text"]
    return text if named else event.get("in_context") or text


def _claim(event: Event) -> Text:
    parts = [label(event["label"]), Text(f" {event['score']:.2f} ", "bold")]
    if speaker := _speaker(event):
        parts.append(Text(f"{printable(speaker)}: ", "cyan"))
    parts.append(Text(printable(_readable(event))))
    about = [
        ", ".join(event["types"]),
        event["article"]["source"] or event["article"]["title"] or event["article"]["id"],
    ]
    parts.append(Text(f"  [{printable(' · '.join(filter(None, about)))}]", "dim"))
    return Text().join(parts)


def _counts(event: Event) -> tuple[int, int | None, int | None]:
    """Return how many sentences, entities and check-worthy sentences there are; None was not computed."""
    entities, assertions = event.get("entities"), event.get("assertions")
    return (
        len(event["sentences"]),
        None if entities is None else len(entities),
        None if assertions is None else sum(assertion["label"] == "CFS" for assertion in assertions),
    )


def _enriched(event: Event) -> Text:
    """Return how much was found in an article, in words."""
    sentences, entities, claims = _counts(event)
    counts = [plural(sentences, "sentence")]
    if entities is not None:
        labels = Counter(entity["label"] for entity in event["entities"]).most_common(3)
        listed = ", ".join(f"{name} {count}" for name, count in labels)
        counts.append(f"{entities} entit{'y' if entities == 1 else 'ies'}" + (f" ({listed})" if listed else ""))
    if claims is not None:
        counts.append(f"{claims} check-worthy")
    counts.extend(f"no {entry['what']}: {entry['why']}" for entry in event["skipped"])
    article = event["article"]
    return Text().join(
        [Text(_short(article["title"] or article["text"]), "bold"), Text(f"  {printable('; '.join(counts))}", "dim")]
    )


def _title(event: Event) -> str:
    return str(event.get("title") or event.get("headline") or event.get("text") or event.get("body_text") or "")


def _article(event: Event) -> Text:
    about = " · ".join(str(event[name]) for name in ("source", "published", "id", "uri") if event.get(name))
    return Text().join([Text(_short(_title(event)), "bold"), Text(f"  [{printable(about)}]" if about else "", "dim")])


def _rejected(event: Event) -> Text:
    return Text().join(
        [
            Text(event["reason"], "bold red"),
            Text(f" {printable(event['error']['message'])}"),
            Text(f"  [{event['stage']} · {place(event['origin'] or event['record'])}]", "dim"),
        ]
    )


def _explanation(explanation: Event) -> Text:
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


def _revision(event: Event) -> Text:
    """Return what a version of an article changed: a line about it, then the claims and the other sentences."""
    article = event["article"]
    what = article["status"] if article["status"] != "usable" else "facts" if event["substance"] else "wording only"
    lines = [Text().join([Text(_short(article["title"] or article["id"]), "bold"), _version(event["number"], what)])]
    claims = {(claim["change"], claim["before"], claim["after"]) for claim in event["claims"]}
    others = [one for one in event["sentences"] if (one["change"], one["before"], one["after"]) not in claims]
    lines += [_change(one, "claim") for one in event["claims"]]
    lines += [_change(one, "sentence") for one in others]
    return Text("\n").join(lines)


def _version(number: int, what: str) -> Text:
    return Text(f"  version {number}: {what}", "dim")


def _change(one: Event, what: str) -> Text:
    sign, style = _SIGNS[one["change"]]
    texts = " → ".join(printable(text) for text in (one["before"], one["after"]) if text)
    differs = f"  [{', '.join(one['differs'])}]" if one["differs"] else ""
    return Text().join([Text(f"  {sign} {what}: ", style), Text(texts), Text(differs, "dim")])


def place(origin: Event) -> str:
    """Return where a record is: ``news.articles/3/17``."""
    return f"{origin['topic']}/{origin['partition']}/{origin['offset']}"


def _short(text: str) -> str:
    line = " ".join(printable(text).split())
    return line if len(line) <= _SHOWN_CHARS else f"{line[: _SHOWN_CHARS - 1]}…"
