"""``claimwire health``: whether the worker of this host works, for those who watch over containers."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from pipeline.cli.options import Bootstrap, ConfigFile, Debug, Prefix, call
from pipeline.cli.output import note


def health(bootstrap: Bootstrap = None, prefix: Prefix = None, config: ConfigFile = None, debug: Debug = False) -> int:
    """Exit 0 if Kafka counts a worker of this host in: it has loaded its model and sends heartbeats.

    Exit code 1 if it does not. Of this host is who bears the id that `worker.id` says, else the host's name and a
    number. The workers of `claimwire up` have other names: `up` itself watches over them.
    """
    from pipeline.streaming.kafka.groups import worker_ids

    this = call(bootstrap=bootstrap, prefix=prefix, config=config, debug=debug)
    given, host, group = this.settings.worker.id, socket.gethostname(), this.prefix + this.settings.worker.group
    found = worker_ids(this.connection(), group)
    ours = workers_of(host, found, given=given)
    others = f" ({', '.join(found)})" if found and not ours else ""
    note(f"group {group} has {len(found)} workers{others}, of this host {', '.join(ours) or 'none'}")
    return 0 if ours else 1


def workers_of(host: str, worker_ids: Sequence[str], *, given: str = "") -> list[str]:
    """Those that bear the id ``given``, else those that have named themselves after ``host``: its name and a number."""
    return [name for name in worker_ids if (name == given if given else name.rpartition("-")[0] == host)]
