"""Ten thousand connections that send nothing, then more than the API keeps, and the healthy sender between them."""

import contextlib
import json
import os
import sys
import time
from pathlib import Path

from .contenders import HERE
from .healthy import healthy
from .machine import BenchError, Machine, wait_until
from .setup import show
from .stores import Postgres, Redis

#: As many the API keeps, where its descriptors allow.
MOST = 16_384
STEPS = [("before", 0), ("10,000 idle", 10_000), (f"{MOST:,}", MOST), (f"{MOST + 500:,}", MOST + 500)]


def part(setup):
    """A request that is refused, or an API that keeps more than it should, is a failure and no figure."""
    rows = {}
    with Machine() as machine:
        redis, postgres = Redis(machine), Postgres(machine)
        setup.ours.command(machine, redis, postgres, "migrate")
        api, port = setup.ours.api(machine, redis, postgres)
        healthy(machine, port, 100, 0.5)
        clients = []
        for name, count in STEPS:
            begin = time.monotonic()
            # Two processes: each may have fewer descriptors than that.
            if more := count - sum(client.count for client in clients):
                clients.append(Crowd(machine, port, more))
            took = time.monotonic() - begin
            rows[name] = step(api, healthy(machine, port, 100, 0.5), clients, took)
        for client in clients:
            client.running.process.terminate()
        wait_until(lambda: len(sockets(api)) < 20, 20, "connections that are gone")
        rows["after"] = step(api, healthy(machine, port, 100, 0.5), [], None)
        api.check()
    bounded(rows)
    columns = [("connecting s", "took"), ("open", "open"), ("ended by the API", "ended"), ("API's sockets", "sockets"),
               ("API RSS MB", "rss_mb"), ("healthy p99 ms", "p99_ms"), ("healthy refused", "failed")]
    return show("Connections that send nothing, all at once", columns, rows)


def step(api, sender, clients, took):
    if sender["failed"]:
        raise BenchError(f"healthy requests failed: {sender['failures']}")
    told = [client.told() for client in clients]
    return {
        "took": took, "open": sum(one["open"] for one in told),
        "ended": sum(sum(one["ended"].values()) for one in told), "sockets": len(sockets(api)),
        "rss_mb": api.memory_bytes() / 1e6, "p99_ms": sender["p99_ms"], "failed": sender["failed"],
    }


def bounded(rows):
    """The rows, if the API never kept more connections than it may. It needs some sockets for its stores, too."""
    for name, row in rows.items():
        if row["sockets"] > MOST + 100:
            raise BenchError(f"{name}: the API keeps {row['sockets']} connections")
    return rows


class Crowd:
    def __init__(self, machine, port, count):
        self.count = count
        self.running = machine.start("crowd", [sys.executable, HERE / "clients/crowd.py", port, count])
        wait_until(lambda: self.running.check() or "ready" in self.running.tail(), 30, f"{count} connections")

    def told(self):
        self.running.check()
        lines = wait_until(lambda: [one for one in self.running.tail().splitlines() if one.startswith("{")], 5, "crowd")
        return json.loads(lines[-1])


def sockets(running):
    found = []
    for descriptor in Path(f"/proc/{running.process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            if os.readlink(descriptor).startswith("socket:"):
                found.append(descriptor)
    return found
