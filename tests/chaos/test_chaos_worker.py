import pytest

from pipeline.chaos.chaos_worker import Orders, decode_orders, plain_context, poisonable
from pipeline.chaos.made_up_articles import make_article
from pipeline.contract.codec import decode_article
from pipeline.contract.events import EnrichedV1, Origin
from pipeline.stages.split_sentences import Arrival
from pipeline.streaming.kafka.connection import Connection
from pipeline.streaming.worker.run import WorkerOptions
from pipeline.streaming.worker.timing import Timing
from pipeline.topology import enrich_arrivals

OPTIONS = WorkerOptions(
    connection=Connection(("127.0.0.1:1", "127.0.0.1:2"), sasl_password="secret"),  # noqa: S106
    prefix="p.",
    group="g",
    worker_id="w",
    stages=("split_sentences",),
    batch=8,
    timing=Timing(linger_s=0.1, session_timeout_s=6, transaction_timeout_s=6, give_up_s=30, stop_timeout_s=8),
    max_chars=1000,
    threshold=0.5,
)


def arrival(number: int) -> Arrival:
    article = decode_article(make_article(number, seed=1).value, key=None, headers={}, max_chars=100_000)
    return Arrival(article, Origin(topic="p.news.articles", partition=0, offset=number, timestamp=0))


def test_orders_survive_the_way_through_standard_input() -> None:
    orders = Orders(OPTIONS, real=True, ms=1.5)
    assert decode_orders(orders.encode()) == orders
    assert orders.encode().count(b"\n") == 1


def test_plain_functions_find_a_claim_in_each_sentence_with_a_figure() -> None:
    ((event, *claims),) = enrich_arrivals([arrival(0)], plain_context(0, 0.5))
    assert isinstance(event, EnrichedV1)
    assert len(claims) == sum(found.label == "CFS" for found in event.assertions or []) > 0
    assert len(event.assertions or []) == len(event.sentences)


@pytest.mark.parametrize("number", [137, 437, 737])
def test_a_poisoned_text_makes_its_stage_raise(number: int) -> None:
    with pytest.raises(ValueError, match="poisoned"):
        enrich_arrivals([arrival(number)], poisonable(plain_context(0, 0.5)))
