"""``claimwire health``: whether this host's worker is alive, for container engines."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from pipeline.cli.context import CommandContext, with_context
from pipeline.cli.output import note, plural


@with_context("bootstrap", "prefix", "config")
def health(context: CommandContext) -> int:
    """Check that a worker of this host is a member of the consumer group. Exit code 1 if there is none.

    A member has loaded its model and sends heartbeats. A worker counts if its id is `worker.id` or, without that
    setting, HOSTNAME-NUMBER. `up` gives its workers other ids, so this command does not find them.
    """
    from pipeline.streaming.kafka.groups import worker_ids

    given, host, group = (
        context.settings.worker.id,
        socket.gethostname(),
        context.prefix + context.settings.worker.group,
    )
    members = worker_ids(context.connection(), group)
    ours = workers_of(host, members, given=given)
    others = f" ({', '.join(members)})" if members and not ours else ""
    note(f"group {group} has {plural(len(members), 'worker')}{others}; on this host: {', '.join(ours) or 'none'}")
    return 0 if ours else 1


def workers_of(host: str, worker_ids: Sequence[str], *, given: str = "") -> list[str]:
    """Return the workers with the id ``given``, else those named after ``host``: its name and a number."""
    return [name for name in worker_ids if (name == given if given else name.rpartition("-")[0] == host)]
