"""What processes cost that have nothing to do."""

import time

from .machine import Machine
from .report import goal
from .setup import show
from .stores import Postgres, Redis

SETTLE_SECONDS = 2


def part(setup):
    seconds = 3 if setup.quick else 20
    cases = [("nothing", setup.ours, None, seconds), ("worker", setup.ours, "worker", seconds),
             ("scheduler", setup.ours, "scheduler", seconds)]
    rows = setup.medians(idle, cases)
    columns = [("% of a core", "cpu_percent"), ("Redis % of a core", "redis_cpu_percent"),
               ("scripts/s", "scripts_per_s"), ("Redis commands/s, those in scripts too", "commands_per_s"),
               ("RSS MB", "rss_mb")]
    return show("Processes that have nothing to do, and what they cost Redis (16 shards)", columns, rows, [
        goal("idle", rows["worker"], "cpu_percent", 1, "% of a core, a worker"),
        goal("idle", rows["scheduler"], "cpu_percent", 1, "% of a core, the scheduler"),
    ])


def idle(ours, program, seconds):
    with Machine() as machine:
        redis, running = Redis(machine), None
        if program:
            postgres = Postgres(machine)
            ours.command(machine, redis, postgres, "migrate")
            running, _ = ours.service(machine, program, redis, postgres)
        time.sleep(SETTLE_SECONDS)
        before, begin = look(running, redis), time.monotonic()
        time.sleep(seconds)
        after, passed = look(running, redis), time.monotonic() - begin
        cpu, redis_cpu, scripts, commands = ((then - now) / passed for now, then in zip(before, after))
        return {"cpu_percent": cpu * 100 if running else None, "redis_cpu_percent": redis_cpu * 100,
                "scripts_per_s": scripts, "commands_per_s": commands,
                "rss_mb": running.memory_bytes() / 1e6 if running else None}


def look(running, redis):
    if running:
        running.check()
    return (running.cpu_seconds() if running else 0, redis.running.cpu_seconds(),
            redis.calls("evalsha") + redis.calls("eval"), int(redis.info("stats")["total_commands_processed"]))
