import pytest

from pipeline.chaos.plan import Faults, parse_faults, plan
from pipeline.errors import UsageError

FAULTS = Faults(kill=5, term=2, freeze=1, broker=1, add=2)


def test_the_same_seed_gives_the_same_moments() -> None:
    assert plan(FAULTS, seconds=60, seed=7) == plan(FAULTS, seconds=60, seed=7)
    assert plan(FAULTS, seconds=60, seed=7) != plan(FAULTS, seconds=60, seed=8)


@pytest.mark.parametrize("seed", range(20))
def test_all_faults_come_in_order_while_articles_do_and_none_leaves_before_it_has_come(seed: int) -> None:
    faults = plan(FAULTS, seconds=100, seed=seed)
    kinds = [fault.kind for fault in faults]
    assert faults == sorted(faults)
    assert (kinds.count("kill"), kinds.count("add"), kinds.count("remove")) == (5, 2, 2)
    assert all(0 < fault.at_s < 100 for fault in faults)
    assert all(kinds[:n].count("remove") <= kinds[:n].count("add") for n in range(len(kinds)))


def test_faults_are_written_as_names_and_numbers() -> None:
    assert parse_faults("kill=5,term=2, freeze=1,broker=1,add=2") == FAULTS
    assert parse_faults("") == Faults()


@pytest.mark.parametrize("text", ["kill", "kill=", "kill=-1", "kill=x", "flood=1", "kill=1;term=2"])
def test_anything_else_is_a_mistake(text: str) -> None:
    with pytest.raises(UsageError, match="with the faults kill, term, freeze, broker, add"):
        parse_faults(text)
