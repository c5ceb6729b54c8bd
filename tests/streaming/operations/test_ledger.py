import pytest

from pipeline.streaming.operations.ledger import Ledger, Place


def ledger(*articles: int, begin: int = 10, end: int = 20) -> Ledger:
    found = Ledger({0: (begin, end)})
    for offset in articles:
        found.article(Place(0, offset))
    return found


def offsets(places: object) -> list[int]:
    return [place.offset for place in places]  # type: ignore[attr-defined]


def test_an_article_is_missing_until_something_has_come_of_it_or_will() -> None:
    book = ledger(10, 11, 12, 13, 14)
    book.enriched(Place(0, 10), claims=0)
    book.rejected(Place(0, 11))
    book.waiting(Place(0, 12))
    book.repaired(Place(0, 13))
    assert offsets(book.missing()) == [14]
    assert [book.is_missing(Place(0, offset)) for offset in (13, 14, 15, 99)] == [False, True, False, False]


def test_offsets_that_are_no_records_are_not_missing() -> None:
    assert offsets(ledger(11).missing()) == [11]


@pytest.mark.parametrize("first", ["enriched", "rejected"])
def test_two_outcomes_of_one_article_are_double(first: str) -> None:
    book = ledger(10, 11)
    for _ in range(2):
        if first == "enriched":
            book.enriched(Place(0, 10), claims=0)
        else:
            book.rejected(Place(0, 10))
    book.enriched(Place(0, 11), claims=0)
    assert offsets(book.double()) == [10]


def test_one_that_comes_out_although_another_stands_in_its_stead_is_double() -> None:
    book = ledger(10)
    book.repaired(Place(0, 10))
    book.enriched(Place(0, 10), claims=0)
    assert (offsets(book.double()), book.count()["double"]) == ([10], 1)


def test_claims_must_be_those_that_the_enriched_event_tells_of() -> None:
    book = ledger(10, 11, 12)
    for offset, claims in ((10, 2), (11, 1), (12, 0)):
        book.enriched(Place(0, offset), claims=claims)
    for offset in (10, 11, 12):
        book.claim(Place(0, offset))
    assert list(book.wrong_claims()) == [(Place(0, 10), 1), (Place(0, 12), -1)]


def test_what_retention_may_have_taken_is_not_asked_for() -> None:
    book = ledger(10, 11, 12, 13)
    book.outcomes_from(Place(0, 12))
    book.enriched(Place(0, 12), claims=3)
    book.claims_from(Place(0, 13))
    assert offsets(book.missing()) == [13]
    assert list(book.wrong_claims()) == []


def test_all_behind_the_committed_offset_wait() -> None:
    book = ledger(10, 15, 19)
    book.waiting_from(Place(0, 15))
    assert offsets(book.missing()) == [10]
    assert book.count() == {
        "articles": 3, "enriched": 0, "rejected": 0, "repaired": 0, "unknowable": 0, "double": 0, "waiting": 2,
    }  # fmt: skip


def test_disorder_is_counted_and_a_repetition_is_none() -> None:
    book = ledger(10, 11, 12)
    for offset in (10, 12, 12, 11):
        book.enriched(Place(0, offset), claims=0)
    assert book.disorder == 1


def test_places_outside_of_the_book_are_passed_over() -> None:
    book = ledger()
    for place in (Place(0, 9), Place(0, 20), Place(7, 10)):
        book.article(place)
        book.enriched(place, claims=1)
        book.claim(place)
        book.waiting_from(Place(7, 0))
    assert (list(book.missing()), book.count()["articles"]) == ([], 0)
