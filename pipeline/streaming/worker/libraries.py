"""A check at start that the libraries still have every private part that is relied on."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import NamedTuple

import aiokafka
import faust
import faust.tables
from aiokafka.consumer.fetcher import Fetcher, PartitionRecords
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.record.default_records import _DefaultRecordBatchPy, _DefaultRecordPy
from faust.transport.drivers import aiokafka as driver

from pipeline.errors import UsageError


class _Method(NamedTuple):
    owner: type
    name: str
    parameters: str


class _Text(NamedTuple):
    """A piece of source without which an attribute that is set or read from outside has lost its meaning."""

    owner: type
    text: str


_METHODS = (
    _Method(driver.AIOKafkaConsumerThread, "_create_worker_consumer", "self, transport"),
    _Method(driver.AIOKafkaConsumerThread, "on_start", "self"),
    _Method(driver.AIOKafkaConsumerThread, "_fetch_records", "self, consumer, active_partitions, timeout, max_records"),
    _Method(driver.AIOKafkaConsumerThread, "seek_to_committed", "self"),
    _Method(_DefaultRecordPy, "__init__", "self, offset, timestamp, timestamp_type, key, value, headers"),
    _Method(_DefaultRecordBatchPy, "__init__", "self, buffer"),
    _Method(driver.AIOKafkaConsumerThread, "on_partitions_revoked", "self, revoked"),
    _Method(driver.AIOKafkaConsumerThread, "on_partitions_assigned", "self, assigned, generation_id"),
    _Method(driver.Consumer, "_new_consumer_thread", "self"),
    _Method(driver.Consumer, "_wait_next_records", "self, timeout"),
    _Method(driver.Consumer, "_get_active_partitions", "self"),
    _Method(Fetcher, "fetched_records", "self, partitions, timeout, max_records"),
    _Method(GroupCoordinator, "_do_fetch_commit_offsets", "self, partitions"),
    _Method(GroupCoordinator, "fetch_committed_offsets", "self, partitions"),
    _Method(GroupCoordinator, "_do_commit_offsets", "self, assignment, offsets"),
    _Method(faust.Stream, "events", "self"),
    _Method(faust.tables.TableManager, "on_start", "self"),
    _Method(faust.tables.TableManager, "_update_channels", "self"),
)
_TEXTS = (
    _Text(aiokafka.AIOKafkaConsumer, "isolation_level=self._isolation_level"),
    _Text(aiokafka.AIOKafkaConsumer, "self._coordinator = GroupCoordinator("),
    _Text(GroupCoordinator, "self.generation ="),
    _Text(GroupCoordinator, "self.member_id ="),
    _Text(_DefaultRecordBatchPy, "self._pos = self.HEADER_STRUCT.size"),
    _Text(_DefaultRecordBatchPy, "uncompressed = zstd_decode("),
    _Text(PartitionRecords, "for record in next_batch:\n                # It's OK for the offset to be larger"),
    _Text(PartitionRecords, "if record.offset < self.next_fetch_offset:"),
    _Text(Fetcher, "records = MemoryRecords(part_data[-1])"),
    _Text(Fetcher, "records = res_or_error.getall(max_records)"),
    _Text(Fetcher, "self._records[tp] = FetchResult("),
    _Text(Fetcher, "if drained or not timeout:"),
    _Text(driver.AIOKafkaConsumerThread, "self._consumer = "),
    _Text(driver.Consumer, "generation_id=self.app.consumer_generation_id"),
)


def _module_source(owner: type) -> str:
    """A module's text is read as it is; for that of one class Python would parse all of it, 50 ms each time."""
    return inspect.getsource(sys.modules[owner.__module__])


def check_libraries(
    methods: tuple[_Method, ...] = _METHODS,
    texts: tuple[_Text, ...] = _TEXTS,
    source_of: Callable[[type], str] = _module_source,
) -> None:
    """Refuse to start with libraries that have moved what the exactly-once core relies on.

    Raises:
        UsageError: names what is missing and the versions to install.
    """
    for owner, name, parameters in methods:
        found = getattr(owner, name, None)
        actual = ", ".join(inspect.signature(found).parameters) if found else "missing"
        if actual != parameters:
            raise _moved(f"{owner.__module__}.{owner.__qualname__}.{name}({parameters})", f"it is now ({actual})")
    for owner, text in texts:
        try:
            source = source_of(owner)
        except OSError as exc:
            raise UsageError(
                f"the source of {owner.__module__} is not installed: install it with its .py files"
            ) from exc
        if text not in source:
            raise _moved(f"{text!r} in {owner.__module__}.{owner.__qualname__}", "it is gone")


def _moved(what: str, how: str) -> UsageError:
    return UsageError(
        f"claimwire relies on {what}: {how} in faust-streaming {version('faust-streaming')}, aiokafka "
        f"{version('aiokafka')}; install the versions that claimwire's requirements.lock pins"
    )
