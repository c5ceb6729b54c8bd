import pytest

from pipeline.cli.health import workers_of


@pytest.mark.parametrize(
    ("worker_ids", "given", "ours"),
    [
        ([], "", []),
        (["a1b2-0", "a1b2-1", "c3d4-0"], "", ["a1b2-0", "a1b2-1"]),
        (["a1b2-c-0", "a1b2", "xa1b2-0"], "", []),
        (["a1b2-0", "first"], "first", ["first"]),
        (["a1b2-0", "first"], "second", []),
    ],
)
def test_a_host_has_the_worker_of_the_given_id_else_those_of_its_name(
    worker_ids: list[str], given: str, ours: list[str]
) -> None:
    assert workers_of("a1b2", worker_ids, given=given) == ours
