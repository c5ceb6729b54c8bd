import subprocess
import sys

from pipeline.streaming.health.processes import close_input, end_process, start

_READS_ALL = [sys.executable, "-c", "import sys; print(sys.stdin.read())"]
_STAYS = [sys.executable, "-c", "import time; time.sleep(600)"]


def test_a_child_reads_its_orders_and_ends_when_its_input_closes() -> None:
    with start(_READS_ALL, orders=b"orders", stdout=subprocess.PIPE) as child:
        assert child.poll() is None
        close_input(child)
        assert end_process(child, within_s=60)
        assert child.stdout is not None
        assert child.stdout.read().strip() == b"orders"


def test_a_child_that_does_not_stop_is_killed() -> None:
    child = start(_STAYS)
    close_input(child)
    assert not end_process(child, within_s=0.2)
    assert child.returncode == -9


def test_a_child_that_was_told_to_stop_is_waited_for() -> None:
    child = start(_STAYS)
    child.terminate()
    assert end_process(child, within_s=60)
    assert child.stdin is not None
    assert child.stdin.closed
