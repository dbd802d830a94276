"""Healthy traffic beside hostile clients: what it takes longer, and what the API spends on them.

The API and its Redis have one core, the clients the other, where the hostile one runs only when the healthy one does not.
So a p99 that grows is the API's own doing, and not for the lack of a third core.
"""

import sys
import time
from pathlib import Path

from . import crowd
from .contenders import HERE, SECRET
from .healthy import cores, healthy, pin
from .machine import Machine, wait_until
from .report import goal, number
from .setup import show
from .stores import Postgres, Redis

KINDS = ["slow headers", "slow bodies", "endless chunks", "idle connections", "pipelined garbage",
         "huge and double headers", "bad UTF-8, NUL", "bodies too large", "JSON bombs", "form bombs", "wrong proofs"]
#: What the API ends only when a request's time of 10 s is up.
SLOW = {"slow headers", "slow bodies", "endless chunks", "idle connections"}
RATE = 400  # healthy requests a second
SETTINGS = {"TWILIO_AUTH_TOKEN": SECRET, "PUBLIC_URL": "https://bench.example.com", "META_APP_SECRET": SECRET}


def part(setup):
    bench = Bench(setup)
    with Machine() as machine:
        bench.begin(machine)
        rows = setup.medians(bench.beside, [(kind, kind) for kind in KINDS])
    columns = [("alone p99 ms", "alone_p99_ms"), ("beside", "p99_ms"), ("ratio", "ratio"), ("failed", "failed"),
               ("API CPU %", "cpu_percent"), ("RSS before MB", "rss_before_mb"), ("peak", "rss_peak_mb"),
               ("after", "rss_after_mb"), ("hostile requests/s", "per_s")]
    notes = [goal("of issue 4", row, "ratio", 1.2, f"times the p99, beside {kind}") for kind, row in rows.items()]
    notes.append(f"- healthy: {number(RATE)} messages/s, a fifth of them over connections of their own")
    notes += [f"- {kind} got {words(bench.answers[kind])}" for kind in KINDS]
    show("Healthy traffic beside a hostile client", columns, rows, notes)
    return {"beside": rows, "answers": bench.answers, "crowd": crowd.part(setup)}


def words(answers):
    return ", ".join(f"{kind} {number(count)} times" for kind, count in sorted(answers.items())) or "no answer yet"


class Bench:
    def __init__(self, setup):
        self.contender, self.rounds = setup.ours, setup.rounds
        self.seconds, self.pause = (0.7, 0.1) if setup.quick else (3, 0.5)
        #: By kind, over all rounds.
        self.answers = {kind: {} for kind in KINDS}
        self.begun = dict.fromkeys(KINDS, 0)

    def begin(self, machine):
        self.machine, self.redis, self.postgres = machine, Redis(machine), Postgres(machine)
        self.contender.command(machine, self.redis, self.postgres, "migrate")
        pin(self.redis.running, cores()[0])

    def beside(self, kind):
        """A fresh API: healthy traffic alone, then beside the hostile client."""
        self.redis.ask("FLUSHALL")
        self.begun[kind] += 1
        api, port = self.contender.api(self.machine, self.redis, self.postgres, **SETTINGS)
        pin(api, cores()[0])
        self.healthy(port, self.pause)
        rss_before = api.memory_bytes()
        alone = self.healthy(port, self.seconds)

        reset_peak(api)
        attacker = self.machine.start(
            "hostile", ["nice", "-n", "19", sys.executable, HERE / "clients/hostile.py", kind, port, SECRET])
        pin(attacker, cores()[1])
        wait_until(lambda: attacker.check() or "ready" in attacker.tail(), 60, f"hostile client: {kind}")
        begin, cpu = time.monotonic(), api.cpu_seconds()
        row = self.healthy(port, self.seconds)
        cpu_percent = (api.cpu_seconds() - cpu) / (time.monotonic() - begin) * 100
        if kind in SLOW and self.begun[kind] == self.rounds > 1:
            # To see what becomes of them.
            time.sleep(max(0, begin + 12 - time.monotonic()))
        peak = peak_bytes(api)
        attacker.process.terminate()
        did = attacker.result(20)
        took = time.monotonic() - begin
        for answer, count in did["answers"].items():
            self.answers[kind][answer] = self.answers[kind].get(answer, 0) + count
        time.sleep(self.pause)
        rss_after = api.memory_bytes()
        api.check()
        self.machine.stop(attacker, api)
        return {
            "alone_p99_ms": alone["p99_ms"], "p99_ms": row["p99_ms"], "ratio": row["p99_ms"] / alone["p99_ms"],
            "failed": row["failed"] + alone["failed"], "cpu_percent": cpu_percent, "rss_before_mb": rss_before / 1e6,
            "rss_peak_mb": peak / 1e6, "rss_after_mb": rss_after / 1e6, "per_s": did["requests"] / took,
        }

    def healthy(self, port, seconds):
        return healthy(self.machine, port, RATE, seconds)


def reset_peak(running):
    Path(f"/proc/{running.process.pid}/clear_refs").write_text("5")


def peak_bytes(running):
    status = Path(f"/proc/{running.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024
