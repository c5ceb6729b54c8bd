import base64
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipeline.broker.data_dir import (
    BrokerState,
    Owner,
    _check_free_space,
    claim,
    default_data_dir,
    is_formatted,
    load_state,
    record_owner,
    release,
    save_state,
)
from pipeline.errors import UsageError


def test_a_second_claim_is_refused_and_a_release_ends_it(tmp_path: Path) -> None:
    first = claim(tmp_path / "new" / "directory")
    with pytest.raises(UsageError, match="Another embedded Kafka starts or stops on"):
        claim(tmp_path / "new" / "directory")
    release(first)
    release(claim(tmp_path / "new" / "directory"))


def test_the_refusal_names_the_running_broker(tmp_path: Path) -> None:
    first = claim(tmp_path)
    record_owner(first, Owner(owner=os.getpid(), pid=123, port=9092))
    with pytest.raises(UsageError) as caught:
        claim(tmp_path)
    release(first)
    line = str(caught.value)
    assert "\n" not in line
    for part in (str(tmp_path), "pid 123", "port 9092", f"process {os.getpid()}", "--bootstrap 127.0.0.1:9092"):
        assert part in line


def dead_pid() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


def test_the_broker_of_a_dead_owner_is_waited_for(tmp_path: Path) -> None:
    orphaned = claim(tmp_path)
    record_owner(orphaned, Owner(owner=dead_pid(), pid=123, port=9092))
    later = threading.Timer(0.3, release, [orphaned])
    later.start()
    release(claim(tmp_path, orphan_wait_s=20))
    later.join()


def test_a_dead_owners_broker_that_stays_is_refused_in_the_end(tmp_path: Path) -> None:
    orphaned = claim(tmp_path)
    record_owner(orphaned, Owner(owner=dead_pid(), pid=123, port=9092))
    with pytest.raises(UsageError, match="already runs"):
        claim(tmp_path, orphan_wait_s=0.2)
    release(orphaned)


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match=r"cannot write to its data directory .*/file/kafka \(Not a directory\)"):
        claim(tmp_path / "file" / "kafka")


def test_too_little_room_is_said_before_the_start(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"MB free and the embedded Kafka needs 1000000000: free some space"):
        _check_free_space(tmp_path, need_bytes=10**15)


def test_a_state_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    state = load_state(tmp_path, "4.4.0")
    save_state(tmp_path, state)
    assert load_state(tmp_path, "4.4.0") == state
    assert load_state(tmp_path, "4.10.0") == state  # an upgrade is welcome
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]


def test_cluster_ids_are_kafka_uuids(tmp_path: Path) -> None:
    ids = {load_state(tmp_path, "4.4.0").cluster_id for _ in range(300)}
    assert len(ids) == 300
    assert all(len(base64.urlsafe_b64decode(f"{one}==")) == 16 and not one.startswith("-") for one in ids)


@pytest.mark.parametrize(("written_by", "ours"), [("4.4.1", "4.4.0"), ("4.10.0", "4.9.0"), ("5.0.0", "4.4.0")])
def test_a_downgrade_is_refused_in_one_sentence(tmp_path: Path, written_by: str, ours: str) -> None:
    save_state(tmp_path, BrokerState(written_by, "id"))
    with pytest.raises(UsageError, match=rf"by Kafka {written_by} and this claimwire brings the older {ours}: upgrade"):
        load_state(tmp_path, ours)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"kafka_version": "new", "cluster_id": "x"}', '{"other": 1}'])
def test_a_damaged_state_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    with pytest.raises(UsageError, match=r"state\.json is damaged"):
        load_state(tmp_path, "4.4.0")


def test_formatted_means_both_directories(tmp_path: Path) -> None:
    for name in ("log", "meta"):
        assert not is_formatted(tmp_path)
        (tmp_path / name).mkdir()
        (tmp_path / name / "meta.properties").touch()
    assert is_formatted(tmp_path)


def test_the_default_is_in_the_users_data_directory() -> None:
    assert default_data_dir().parts[-2:] == ("claimwire", "kafka")
