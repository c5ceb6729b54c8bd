import hashlib
import io

import pytest
from expected_seeds import SEEDS, ExpectedRecord, differences, expected_records

from pipeline.contract import codec
from pipeline.contract.events import Article, EnrichedV1, Origin
from pipeline.errors import RecordError
from pipeline.labels import REASONS
from pipeline.nlp.model import load_model
from pipeline.sources import SourceRecord, read_paths
from pipeline.stages.context import Context, context_of
from pipeline.stages.split_sentences import Arrival
from pipeline.topology import enrich_arrivals

RECORDS = expected_records()
GOOD = [record for record in RECORDS if record.outcome == "enriched"]
BAD = [record for record in RECORDS if record.outcome == "rejected"]
DETAILED = [record for record in GOOD if record.sentences is not None]


def decode(record: ExpectedRecord) -> Article:
    return codec.decode_article(record.value, max_chars=500_000)


def name(record: ExpectedRecord) -> str:
    return record.name


def test_every_seed_is_expected_to_become_something() -> None:
    on_disk = {path.name for path in SEEDS.iterdir()} - {"README.md", "expected.jsonl", ".claimwireignore"}
    records = {
        f"{file}:{number}" if file.endswith(".jsonl") else file
        for file in on_disk
        for number in range(1, len((SEEDS / file).read_bytes().splitlines()) + 1)
    }
    assert {record.name for record in RECORDS} == records
    assert len(RECORDS) == len(records)


def test_seeds_are_read_as_they_are_pushed() -> None:
    files = list(dict.fromkeys(str(SEEDS / record.name.split(":")[0]) for record in RECORDS))
    found = [found for found in read_paths(files, stdin=io.BytesIO()) if isinstance(found, SourceRecord)]
    assert [record.value for record in found] == [record.value for record in RECORDS]


def test_the_directory_holds_the_seeds_and_nothing_else() -> None:
    found = list(read_paths([str(SEEDS)], stdin=io.BytesIO()))
    values = [one.value for one in found if isinstance(one, SourceRecord)]
    assert sorted(values) == sorted(record.value for record in RECORDS)


def test_every_seed_is_explained() -> None:
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    assert all(f"`{record.name.split(':')[0]}`" in readme for record in RECORDS)


def test_the_first_article_is_kept_byte_for_byte() -> None:
    digest = hashlib.sha256((SEEDS / "000_0b6b2d731c3ca980.txt").read_bytes()).hexdigest()
    assert digest == "aa60ffeba1e3922262bc82f8131c1034720f9097460c07aeaab3f2f965a89c05"


@pytest.mark.parametrize("record", GOOD, ids=name)
def test_a_good_seed_is_an_article_of_the_expected_id(record: ExpectedRecord) -> None:
    article = decode(record)
    assert article.id == record.id
    assert codec.decode_article(record.value, key=article.id.encode(), max_chars=500_000) == article


@pytest.mark.parametrize("record", BAD, ids=name)
def test_a_bad_seed_is_rejected_for_the_expected_reason(record: ExpectedRecord) -> None:
    with pytest.raises(RecordError) as caught:
        decode(record)
    assert caught.value.reason == record.reason
    assert record.reason in REASONS


@pytest.mark.parametrize("record", DETAILED, ids=name)
def test_expected_sentences_cover_the_article_in_order(record: ExpectedRecord) -> None:
    article = decode(record)
    texts = {"title": article.title or "", "text": article.text}
    sentences = record.sentences or []
    left = dict(texts)
    for sentence in reversed(sentences):
        cut = texts[sentence.field][sentence.start : sentence.end]
        assert cut == cut.strip()
        assert cut
        assert len(cut.splitlines()) == 1
        assert all(text in cut for text, *_ in sentence.entities or [])
        left[sentence.field] = left[sentence.field][: sentence.start] + left[sentence.field][sentence.end :]
    assert not "".join(left.values()).strip()


@pytest.fixture(scope="module")
def context() -> Context:
    return context_of(load_model(), threshold=0.5)


@pytest.mark.parametrize("record", DETAILED, ids=name)
def test_all_that_is_expected_is_found(record: ExpectedRecord, context: Context) -> None:
    origin = Origin(topic="news.articles", partition=0, offset=0, timestamp=0)
    event = enrich_arrivals([Arrival(decode(record), origin)], context)[0][0]
    assert isinstance(event, EnrichedV1)
    assert differences(event, record.sentences or []) == []
