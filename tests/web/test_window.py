from pipeline.web.window import Window


def claims(*numbers: int) -> list[bytes]:
    return [b"%d" % number for number in numbers]


def test_the_newest_stay() -> None:
    window = Window(most=3, most_bytes=1000)
    window.extend(claims(1, 2, 3, 4, 5))
    assert (len(window), window.first, window.last) == (3, 3, 5)
    assert window.before(6, most=10).claims == claims(5, 4, 3)
    assert window.after(3, most=10, most_bytes=1000).claims == claims(4, 5)


def test_bytes_are_bounded_too_and_an_oversized_claim_leaves_its_number_only() -> None:
    window = Window(most=100, most_bytes=4)
    window.extend([b"11", b"22", b"33"])
    assert window.before(9, most=9).claims == [b"33", b"22"]
    window.extend([b"44444"])
    assert (len(window), window.first, window.last) == (0, 5, 4)
    assert window.before(9, most=9).claims == []
    assert window.after(4, most=9, most_bytes=9).claims == []


def test_a_slice_is_bounded_but_never_empty_while_there_is_more() -> None:
    window = Window(most=10, most_bytes=1000)
    window.extend([b"11", b"22", b"33"])
    first = window.after(0, most=10, most_bytes=1)
    assert (first.claims, first.lowest, first.highest) == ([b"11"], 1, 1)
    assert window.after(1, most=1, most_bytes=1000).highest == 2
    assert first.json() == b"[11]"


def test_a_page_that_lacks_what_is_forgotten_is_known() -> None:
    window = Window(most=2, most_bytes=1000)
    assert window.holds_all_after(0)
    window.extend(claims(1, 2, 3))
    assert [window.holds_all_after(number) for number in (-1, 0, 1, 3, 4)] == [False, False, True, True, False]
