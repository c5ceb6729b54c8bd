"""A file or folder of labelled data in, its gold standard out: which of eight formats it has is told by its content."""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

import orjson

from pipeline.errors import UsageError
from pipeline.training.data import brat
from pipeline.training.data.claim_sets import claims_example
from pipeline.training.data.datasets import VERDICTS, Example, Mention, news_example, press_example
from pipeline.training.data.families import Revised, read_families
from pipeline.training.data.spacing import respace
from pipeline.training.data.splits import part_of
from pipeline.training.sentences import SentenceSplit, read_ud

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Format = Literal["news_gold", "news_claims", "IOB", "CoNLL-U", "ClaimBuster", "CheckThat!", "families", "brat"]

# Names that data sets have for the three kinds of entity that all of them label.
_SHARED = {
    **dict.fromkeys(("PER", "PERSON", "PERS"), "PER"),
    **dict.fromkeys(("ORG", "ORGANISATION", "ORGANIZATION"), "ORG"),
    **dict.fromkeys(("LOC", "LOCATION", "GEO-LOC", "GEO"), "LOC"),
}
ONTONOTES_AS_SHARED = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
# Any of them tells that a data set has the labels of OntoNotes 5, which claimwire's are.
_ONTONOTES_ONLY = {"GPE", "NORP", "FAC", "CARDINAL", "WORK_OF_ART"}

_TAG = re.compile(r"O|[BIESLU]-(\S+)")
_CORPUS = re.compile(r"[A-Za-z]*(?:_[A-Za-z]+(?=_))?")  # what ids start with: "gmb-12", "GUM_news_expo-3"
_TEXT_COLUMNS = ("Text", "text", "tweet_text", "sentence", "Sentence")
_READABLE = (
    "news_gold or news_claims (.jsonl), CoNLL or IOB2, CoNLL-U, ClaimBuster (.csv), CheckThat! (.tsv),"
    " families of versions (.jsonl), brat (a folder)"
)


@dataclass(frozen=True, slots=True)
class Gold:
    """What a data set says: sentences (``examples``), texts with borders (``splits``) or attributions, or versions.

    ``shared_labels``: the entities are labelled PER, ORG, LOC; ``ignored`` has other labels of the data.
    """

    format: Format
    examples: tuple[Example, ...] = ()
    splits: tuple[tuple[str, SentenceSplit], ...] = ()
    documents: tuple[brat.BratDocument, ...] = ()
    versions: tuple[Revised, ...] = ()
    shared_labels: bool = False
    ignored: tuple[str, ...] = ()


def read_gold(path: Path) -> Gold:
    """Read labelled data.

    Args:
        path: a file, also gzipped, or a folder of files of one format.

    Raises:
        UsageError: there is nothing, nothing readable, several formats, or a line that breaks its format.
    """
    if not path.exists():
        raise UsageError(f"{path} does not exist: name a file or folder of labelled data.")
    if path.is_dir() and any(path.rglob("*.ann")):
        return Gold("brat", documents=tuple(brat.read(path)))
    files = _files(path)
    formats = {file: form for file in files if (form := _format(file))}
    if not formats:
        raise UsageError(f"{path} has no format that can be evaluated. These can: {_READABLE}.")
    if len(set(formats.values())) > 1:
        names = ", ".join(f"{file.name} ({form})" for file, form in formats.items())
        raise UsageError(f"{path} holds several formats, {names}: name one of the files.")
    return _read(next(iter(formats.values())), list(formats))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in sorted(path.rglob("*")) if file.is_file() and file.name != "SOURCE.txt"]


def _format(path: Path) -> Format | None:
    """Return a file's format, judged by its first lines."""
    try:
        with _open(path) as file:
            head = file.read(20_000)
    except (UnicodeDecodeError, gzip.BadGzipFile):
        return None
    lines = head.splitlines()
    first = lines[0] if lines else ""
    if first.startswith("{"):
        return _rows_format(first)
    if {"Text", "Verdict"} <= set(first.split(",")):
        return "ClaimBuster"
    if "class_label" in first.split("\t") and set(_TEXT_COLUMNS) & set(first.split("\t")):
        return "CheckThat!"
    if any(line.startswith("# text = ") for line in lines) and any(line.count("\t") == 9 for line in lines):  # noqa: PLR2004
        return "CoNLL-U"
    tagged = [line.split() for line in lines[:-1] if line.strip() and not line.startswith(("# ", "-DOCSTART-"))]
    return "IOB" if tagged and all(_tag_column(columns) for columns in tagged) else None


def _rows_format(first: str) -> Format | None:
    if '"text"' not in first:
        return None
    if '"relation"' in first:
        return "families"
    return "news_gold" if '"ents"' in first else "news_claims" if '"claim"' in first else None


def _read(form: Format, files: Sequence[Path]) -> Gold:
    domains = [file.name.partition(".")[0] if len(files) > 1 else "" for file in files]
    named = list(zip(files, domains, strict=True))
    if form == "CoNLL-U":
        return Gold(form, splits=tuple((domain, split) for file, domain in named for split in read_ud(file)))
    if form == "families":
        return Gold(form, versions=tuple(version for file in files for version in read_families(file)))
    if form == "IOB":
        return _shared(Gold(form, tuple(one for file, domain in named for one in _read_iob(file, domain))))
    readers = {
        "news_gold": _read_news,
        "news_claims": _read_news,
        "ClaimBuster": _read_claimbuster,
        "CheckThat!": _read_checkthat,
    }
    return Gold(form, tuple(one for file, domain in named for one in readers[form](file, domain)))


def _read_news(path: Path, domain: str) -> Iterator[Example]:
    with _open(path) as file:
        for number, line in enumerate(file, 1):
            try:
                row = orjson.loads(line)
                example = _news_row(row)
            except (ValueError, KeyError, TypeError, IndexError) as error:
                raise UsageError(f"{path}, line {number} is no row of news_gold or news_claims ({error!r}).") from error
            corpus = _CORPUS.match(example.id)
            source = row.get("domain") or row.get("source") or domain or (corpus.group() if corpus else "")
            yield _in_domain(example, source)


def _news_row(row: dict[str, Any]) -> Example:
    if "ents" not in row:
        return claims_example(row, row["source"])
    if "doc" in row or "source" in row:
        return press_example(row)
    article = f"{row['window']}/{row['article']}" if "window" in row else None
    return news_example(row, part_of(row.get("window", row["id"])), article)


def _in_domain(example: Example, domain: str) -> Example:
    fields = (example.claim, example.types, example.mentions, example.reports, example.article)
    return Example(example.id, example.text, domain, example.part, *fields)


def _read_claimbuster(path: Path, _domain: str) -> Iterator[Example]:
    """The domain is the year of the debate, where the file tells it."""
    for number, row in _rows(path, ","):
        if row["Verdict"] not in VERDICTS:
            raise UsageError(f"{path}, line {number}: the verdict {row['Verdict']!r} is none of -1, 0 and 1.")
        yield Example(f"{number}", row["Text"], (row.get("File_id") or "")[:4], "test", VERDICTS[row["Verdict"]])


def _read_checkthat(path: Path, domain: str) -> Iterator[Example]:
    labels = {"yes": "Yes", "no": "No", "1": "Yes", "0": "No"}
    for number, row in _rows(path, "\t"):
        text = next(row[column] for column in _TEXT_COLUMNS if column in row)
        label = labels.get((row["class_label"] or "").strip().lower())
        if label is None or text is None:
            raise UsageError(f"{path}, line {number}: the label {row['class_label']!r} is neither Yes nor No.")
        yield Example(f"{number}", text, domain, "test", label)


def _rows(path: Path, delimiter: str) -> Iterator[tuple[int, dict[str, str]]]:
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    with _open(path) as file:
        reader = csv.DictReader(file, delimiter=delimiter, quoting=quoting)
        for row in reader:
            yield reader.line_num, row


def _read_iob(path: Path, domain: str) -> Iterator[Example]:
    """Read one token a line, a blank line after each sentence; spacing is made that of raw text."""
    with _open(path) as file:
        rows = [(number, line.split()) for number, line in enumerate(file, 1) if not line.startswith("-DOCSTART-")]
    for filled, group in groupby(rows, key=lambda row: not _is_apart(row[1])):
        if filled:
            yield _sentence(path, list(group), domain)


def _is_apart(columns: Sequence[str]) -> bool:
    """Return whether a line is blank or a comment; "#" may be a token as well."""
    return not columns or (columns[0].startswith("#") and not _tag_column(columns))


def _sentence(path: Path, rows: Sequence[tuple[int, list[str]]], domain: str) -> Example:
    text, open_label = "", ""
    starts, ends, labels = [], [], []
    for number, columns in rows:
        at = _tag_column(columns)
        if not at:
            raise UsageError(f"{path}, line {number} has no tag such as O, B-ORG or I-ORG: {' '.join(columns)!r}.")
        token = columns[1] if at > 1 and columns[0].isdigit() and _numbered(rows) else columns[0]
        text += " " if text else ""
        tag, label = columns[at][0], columns[at][2:]
        if label and (tag in "BSU" or label != open_label):  # IOB1 begins with I where nothing touches
            starts.append(len(text))
            ends.append(len(text))
            labels.append(label)
        text += token
        if label:
            ends[-1] = len(text)
        open_label = "" if tag in "ELSU" else label
    spaced = respace(text)
    spans = zip(starts, ends, labels, strict=True)
    mentions = tuple(Mention(*spaced.move(start, end), label) for start, end, label in spans)
    return Example(f"{path.name}:{rows[0][0]}", spaced.text, domain, "test", "", mentions=mentions)


def _numbered(rows: Sequence[tuple[int, list[str]]]) -> bool:
    return all(columns[0] == str(number) for number, (_, columns) in enumerate(rows, 1))


def _tag_column(columns: Sequence[str]) -> int:
    """Return the last column that is a tag, 0 where none is: the first one is the token."""
    return next((at for at in range(len(columns) - 1, 0, -1) if _TAG.fullmatch(columns[at])), 0)


def _shared(gold: Gold) -> Gold:
    """Bring labels to OntoNotes' or to the three that all data sets have; name those that cannot be compared."""
    labels = {mention.label for example in gold.examples for mention in example.mentions}
    if labels & _ONTONOTES_ONLY:
        return gold
    known = {label: _SHARED[label.upper()] for label in labels if label.upper() in _SHARED}
    if labels and not known:
        raise UsageError(f"None of the labels {', '.join(sorted(labels))} is a person, organisation or place.")
    examples = tuple(_relabelled(example, known) for example in gold.examples)
    return Gold(gold.format, examples, shared_labels=True, ignored=tuple(sorted(labels - set(known))))


def _relabelled(example: Example, known: dict[str, str]) -> Example:
    mentions = tuple(Mention(one.start, one.end, known[one.label]) for one in example.mentions if one.label in known)
    return Example(example.id, example.text, example.domain, example.part, example.claim, mentions=mentions)


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")
