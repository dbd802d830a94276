"""Goals P1 and P2: webhooks accepted, and what one costs."""

import json

from .contenders import HERE
from .machine import Machine
from .report import ratio
from .senders import Gateway, Meta, Twilio
from .setup import show
from .stores import Nginx, Postgres, Redis

CONNECTIONS = 64


def part(setup):
    seconds = 2 if setup.quick else 8
    contenders = [one for one in (setup.ours, setup.peer, NGINX) if one]
    cases = [(one.name, one, seconds, Gateway()) for one in contenders]
    cases += [(f"{setup.ours.name}, {sender.name}", setup.ours, seconds, sender) for sender in (Twilio(), Meta())]
    rows = setup.medians(ingest, cases)
    mine, theirs, limit = rows[setup.ours.name], setup.peer and rows[setup.peer.name], rows[NGINX.name]
    columns = [("accepted/s", "accepted_per_s"), ("CPU µs each", "cpu_us"), ("Redis µs each", "redis_cpu_us"),
               ("p50 ms", "p50_ms"), ("p99 ms", "p99_ms"), ("RSS MB", "rss_mb"), ("errors", "errors")]
    return show("Webhooks accepted: one message each, unique ids, 64 connections", columns, rows, [
        ratio(theirs, mine, "cpu_us", "Rejoinder's CPU is what the peer takes"),
        ratio(mine, theirs, "accepted_per_s", "as many accepted as by the peer"),
        ratio(mine, limit, "cpu_us", "the CPU of an nginx that does nothing"),
    ])


def ingest(contender, seconds, sender):
    """One run against a fresh Redis: a warm-up, then the measurement. No worker runs."""
    with Machine() as machine:
        redis = None
        if contender is NGINX:
            server = Nginx(machine)
            running, port = server.running, server.port
        else:
            redis, postgres = Redis(machine), Postgres(machine)
            running, port = contender.api(machine, redis, postgres, **sender.settings)
        drive(machine, port, 1, sender)
        before, redis_before = running.cpu_seconds(), redis.running.cpu_seconds() if redis else 0
        result = drive(machine, port, seconds, sender)
        accepted = result["answers"] - result["refused"]
        cpu = running.cpu_seconds() - before
        row = {
            "accepted_per_s": accepted / result["seconds"],
            "cpu_us": cpu / accepted * 1e6 if accepted else None,
            "p50_ms": result["p50_ms"], "p99_ms": result["p99_ms"],
            "rss_mb": running.memory_bytes() / 1e6,
            "errors": result["refused"] + result["broken"], "redis_cpu_us": None,
        }
        if redis:
            row["redis_cpu_us"] = (redis.running.cpu_seconds() - redis_before) / accepted * 1e6 if accepted else None
        return row


def drive(machine, port, seconds, sender):
    """Runs wrk with messages that no other run has. Returns the line that its script prints."""
    script, url, words = sender.wrk(port, seconds)
    output = machine.run([
        "wrk", "--threads", 1, "--connections", CONNECTIONS, "--duration", f"{seconds}s", "--timeout", "10s",
        "--script", HERE / script, url, "--", *words], timeout=seconds + 60)
    return json.loads(next(line for line in output.splitlines() if line.startswith("{")))


class NGINX:
    name = "nginx `return 200`"
