"""Checks: each says what must be found, and yields a message for what was found instead."""

from __future__ import annotations

from collections.abc import Iterator

from behaviour.cases import Check, Result, seen

from pipeline.contract.events import Attribution


def sentences(*expected: str) -> Check:
    """The units of the text are exactly these."""

    def check(result: Result) -> Iterator[str]:
        units = result.units()
        if units != [seen(text) for text in expected]:
            yield f"the units are {units}"

    return check


def sentence(expected: str, kind: str = "sentence") -> Check:
    """One of the units is this one, of this kind."""

    def check(result: Result) -> Iterator[str]:
        kinds = result.kinds()
        if kinds.get(seen(expected)) != kind:
            yield f"no {kind} is {expected!r} of {kinds}"

    return check


def label(text: str, *labels: str) -> Check:
    """Each mention of this text is one entity, with one of these labels."""

    def check(result: Result) -> Iterator[str]:
        wanted = seen(text)
        found = [(seen(entity.text), entity.label) for entity in result.event.entities or []]
        mine = [of for name, of in found if name == wanted]
        if not mine or any(of not in labels for of in mine):
            yield f"{text!r} should be {' or '.join(labels)}; entities are {found}"

    return check


def no_label(text: str, *labels: str) -> Check:
    """No entity with this text has one of these labels; with none given: no entity has this text."""

    def check(result: Result) -> Iterator[str]:
        for entity in result.event.entities or []:
            if seen(entity.text) == seen(text) and (not labels or entity.label in labels):
                yield f"{text!r} is a {entity.label}"

    return check


def one_label(text: str) -> Check:
    """All entities with this text have one label; there is at least one."""

    def check(result: Result) -> Iterator[str]:
        labels = {entity.label for entity in result.event.entities or [] if seen(entity.text) == text}
        if len(labels) != 1:
            yield f"{text!r} has the labels {sorted(labels)}"

    return check


def canonical(text: str, *names: str) -> Check:
    """Each entity with this text has one of these canonical names; there is at least one."""

    def check(result: Result) -> Iterator[str]:
        found = [entity.canonical for entity in result.event.entities or [] if seen(entity.text) == text]
        if not found or any(name not in names for name in found):
            yield f"{text!r} should be {' or '.join(names)}, not {found}"

    return check


def direct(quote: str) -> Check:
    """This quote, its marks included, is the content of a direct attribution."""

    def check(result: Result) -> Iterator[str]:
        if not any(_content(found) == seen(quote) for found in result.attributions if found.kind == "direct"):
            yield f"no direct attribution has the content {quote!r}; {told(result)}"

    return check


def speaker_of(part: str, *names: str | None) -> Check:
    """What is said in an attribution whose content holds this part comes from one of these; it is attributed."""

    def check(result: Result) -> Iterator[str]:
        mine = [found for found in result.attributions if seen(part) in _content(found)]
        if not mine:
            yield f"{part!r} is attributed to nobody; {told(result)}"
        for found in mine:
            if _name(found.speaker) not in {_name(name) for name in names}:
                yield f"{part!r} should come from {names}, not from {found.speaker!r}"

    return check


def reported(part: str, *cues: str) -> Check:
    """An attribution's content holds this part, and its cue holds one of these words."""

    def check(result: Result) -> Iterator[str]:
        mine = [found for found in result.attributions if seen(part) in _content(found)]
        if not any(found.cue and any(cue in seen(found.cue.text) for cue in cues) for found in mine):
            yield f"{part!r} should be attributed by {cues}; {told(result)}"

    return check


def no_cue(*words: str) -> Check:
    """No attribution has one of these words for its cue."""

    def check(result: Result) -> Iterator[str]:
        for found in result.attributions:
            if found.cue and any(word in seen(found.cue.text).split() for word in words):
                yield f"{found.cue.text!r} is a cue, for {found.content.text!r}"

    return check


def no_speaker(*names: str) -> Check:
    """None of these is anybody's speaker."""

    def check(result: Result) -> Iterator[str]:
        for found in result.attributions:
            if found.speaker and _name(found.speaker) in {_name(name) for name in names}:
                yield f"{found.speaker!r} speaks {found.content.text!r}"

    return check


def speakers(*names: str | None) -> Check:
    """Something is attributed, and all that is comes from one of these."""

    def check(result: Result) -> Iterator[str]:
        found = [said.speaker for said in result.attributions]
        if not found or any(_name(name) not in {_name(one) for one in names} for name in found):
            yield f"the speakers should be {names}; {told(result)}"

    return check


def no_content(*parts: str) -> Check:
    """No attribution's content holds one of these."""

    def check(result: Result) -> Iterator[str]:
        for found in result.attributions:
            if any(seen(part) in _content(found) for part in parts):
                yield f"a content is {found.content.text!r}, cue {found.cue.text if found.cue else None!r}"

    return check


def within(quote: str) -> Check:
    """No attribution's content starts or ends inside this quote and goes on outside of it."""

    def check(result: Result) -> Iterator[str]:
        start = result.event.article.text.index(quote)
        end = start + len(quote)
        for found in result.attributions:
            inside = [start < at < end for at in (found.content.start, found.content.end)]
            outside = found.content.start < start, found.content.end > end
            if (inside[0] and outside[1]) or (inside[1] and outside[0]):
                yield f"a content crosses {quote!r}: {found.content.text!r}"

    return check


def claims(expected: int) -> Check:
    """So many sentences are claims."""

    def check(result: Result) -> Iterator[str]:
        if len(result.claims) != expected:
            yield f"{len(result.claims)} claims: {[claim.sentence.text for claim in result.claims]}"

    return check


def claim(text: str, *, is_one: bool) -> Check:
    """This sentence is a claim, or is none."""

    def check(result: Result) -> Iterator[str]:
        found = [seen(claim.sentence.text) for claim in result.claims]
        if (seen(text) in found) is not is_one:
            yield f"{text!r} should {'' if is_one else 'not '}be a claim; claims are {found}"

    return check


def read(*, is_read: bool = True) -> Check:
    """The article was analysed, or was split into sentences only."""

    def check(result: Result) -> Iterator[str]:
        if (result.event.assertions is not None) is not is_read:
            yield f"language {result.event.language}: skipped {[skipped.why for skipped in result.event.skipped]}"

    return check


def told(result: Result) -> str:
    """Put all attributions in one line."""
    found = [
        (said.source and said.source.text, said.cue and said.cue.text, said.speaker, said.kind, said.content.text)
        for said in result.attributions
    ]
    return f"attributions are {found}" if found else "there are no attributions"


def _content(found: Attribution) -> str:
    return seen(found.content.text)


def _name(name: str | None) -> str | None:
    """A name without its article, whatever its case: transcripts have capitals."""
    return name and seen(name).upper().removeprefix("THE ")
