"""A broker's data on disk in, how far each transaction has come out: what a killed broker was doing when it died.

The coordinator writes each step of a transaction to ``__transaction_state`` before it does it (KIP-98): what stands
there last is what it will go on from. Between ``PrepareCommit`` and ``CompleteCommit`` a transaction is decided and its
markers are being written: a broker that dies there has promised a commit that no reader can see yet.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Literal, get_args

from kafka.record.memory_records import MemoryRecords

# In the order of their numbers: org.apache.kafka.coordinator.transaction.TransactionState.
TransactionState = Literal[
    "Empty",
    "Ongoing",
    "PrepareCommit",
    "PrepareAbort",
    "CompleteCommit",
    "CompleteAbort",
    "Dead",
    "PrepareEpochFence",
]

_STATES: tuple[TransactionState, ...] = get_args(TransactionState)
_KEY = struct.Struct(">hh")  # version, length of the transactional id that follows
_VALUE = struct.Struct(">hqhib")  # version, producer id, its epoch, timeout, state; the partitions follow


class TransactionLog:
    """Reads the log of a broker whose records are in ``log_dir``, each time only what has been added."""

    def __init__(self, log_dir: Path) -> None:
        self._log_dir = log_dir
        self._states: dict[str, TransactionState] = {}
        self._read: dict[Path, int] = {}  # bytes of each file

    def states(self) -> dict[str, TransactionState]:
        """The last state of each transaction by its transactional id; of a running broker, that of a moment ago."""
        for file in sorted(self._log_dir.glob("__transaction_state-*/*.log")):
            self._read_on(file)
        return dict(self._states)

    def _read_on(self, file: Path) -> None:
        with file.open("rb") as log:
            log.seek(self._read.get(file, 0))
            records = MemoryRecords(log.read())
        while (batch := records.next_batch()) is not None:
            for record in batch:
                self._enter(record.key, record.value)
        self._read[file] = self._read.get(file, 0) + records.valid_bytes()

    def _enter(self, key: bytes | None, value: bytes | None) -> None:
        if key is None:  # a marker of the log's own
            return
        _, length = _KEY.unpack_from(key)
        name = key[_KEY.size : _KEY.size + length].decode()
        if value is None:
            self._states.pop(name, None)
        else:
            *_, state = _VALUE.unpack_from(value)
            self._states[name] = _STATES[state]
