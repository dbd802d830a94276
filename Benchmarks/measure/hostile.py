"""Healthy traffic beside hostile clients: what it takes longer, and what the API spends on them.

The API and its Redis have one core, the clients the other; the hostile one is niced as far as that goes. So a p99 that
grows is the API's own doing, or the healthy client's wait for its core, and never the lack of one for the API.
"""

import contextlib
import os
import secrets
import sys
import time
from pathlib import Path

from .contenders import HERE, SECRET
from .machine import Machine, wait_until
from .report import goal, number
from .setup import show
from .stores import Postgres, Redis

KINDS = ["slow headers", "slow bodies", "idle connections", "bodies too large", "deep JSON", "form bombs", "noise",
         "wrong proofs"]
RATE = 200  # healthy requests a second


def part(setup):
    seconds = 2 if setup.quick else 6
    rows = setup.medians(beside, [(kind, setup.ours, kind, seconds) for kind in KINDS])
    columns = [("p99 alone, ms", "alone_p99_ms"), ("beside, ms", "p99_ms"), ("ratio", "ratio"), ("failed", "failed"),
               ("API CPU %", "cpu_percent"), ("RSS before, MB", "rss_before_mb"), ("peak", "rss_peak_mb"),
               ("after", "rss_after_mb"), ("hostile acts/s", "acts_per_s")]
    notes = [goal("of issue 4", row, "ratio", 1.2, f"times the p99, beside {kind}") for kind, row in rows.items()]
    notes.append(f"- healthy: {number(RATE)} messages/s, a fifth of them over connections of their own")
    return show("Healthy traffic beside a hostile client", columns, rows, notes)


def beside(contender, kind, seconds):
    with Machine() as machine:
        redis, postgres = Redis(machine), Postgres(machine)
        api, port = contender.api(machine, redis, postgres)
        server_core, client_core = cores()
        for one in (api, redis.running):
            pin(one, server_core)
        healthy(machine, port, 1, client_core)
        rss_before = api.memory_bytes()
        alone = healthy(machine, port, seconds, client_core)

        reset_peak(api)
        attacker = machine.start("hostile", ["nice", "-n", "19", sys.executable, HERE / "clients/hostile.py", kind, port,
                                             SECRET])
        pin(attacker, client_core)
        wait_until(lambda: attacker.check() or "ready" in attacker.tail(), 60, f"hostile client: {kind}")
        # What it holds open is all there.
        time.sleep(1)
        cpu = api.cpu_seconds()
        begin = time.monotonic()
        row = healthy(machine, port, seconds, client_core)
        cpu_percent = (api.cpu_seconds() - cpu) / (time.monotonic() - begin) * 100
        peak = peak_bytes(api)
        attacker.process.terminate()
        did = attacker.result(20)
        api.check()
        time.sleep(0.5 if seconds < 3 else 3)
        return {
            "alone_p99_ms": alone["p99_ms"], "p99_ms": row["p99_ms"], "ratio": row["p99_ms"] / alone["p99_ms"],
            "failed": row["failed"] + alone["failed"], "cpu_percent": cpu_percent, "rss_before_mb": rss_before / 1e6,
            "rss_peak_mb": peak / 1e6, "rss_after_mb": api.memory_bytes() / 1e6,
            "acts_per_s": (did["sent"] or did["connections"]) / (time.monotonic() - begin),
        }


def healthy(machine, port, seconds, core):
    running = machine.start("healthy", [sys.executable, HERE / "clients/healthy.py", port, SECRET, RATE, seconds,
                                        secrets.token_hex(6).upper()])
    pin(running, core)
    return running.result(seconds + 60)


def cores():
    """One for the server and one for the clients; the same if there is only one."""
    have = sorted(os.sched_getaffinity(0))
    return have[0], have[-1]


def pin(running, core):
    with contextlib.suppress(ProcessLookupError):
        for pid in running.family():
            os.sched_setaffinity(pid, {core})


def reset_peak(running):
    Path(f"/proc/{running.process.pid}/clear_refs").write_text("5")


def peak_bytes(running):
    status = Path(f"/proc/{running.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024
