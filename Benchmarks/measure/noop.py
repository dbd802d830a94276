"""Goal P3: jobs that do nothing, through one worker process."""

import time

from .machine import BenchError, Machine, wait_until
from .queues import PEERS, RejoinderQueue
from .report import goal, ratio
from .setup import show
from .stores import Redis

TIMEOUT_SECONDS = 180


def part(setup):
    queues = [RejoinderQueue(setup.ours)] + ([kind() for kind in PEERS] if setup.peer else [])
    cases = [(queue.name, queue, queue.quick_count if setup.quick else queue.count) for queue in queues]
    rows = setup.medians(noop, cases)
    columns = [("jobs/s", "jobs_per_s"), ("CPU µs each", "cpu_us"), ("Redis µs each", "redis_cpu_us"),
               ("Redis busy %", "redis_busy"), ("RSS MB", "rss_mb")]
    ours = rows["Rejoinder"]
    notes = [goal("P3", ours, "cpu_us", 40, "µs of worker CPU a job")]
    for name, theirs in rows.items():
        if name != "Rejoinder":
            notes += [ratio(ours, theirs, "jobs_per_s", f"as many jobs a second as {name}"),
                      ratio(theirs, ours, "cpu_us", f"Rejoinder's worker CPU is what {name} takes")]
    return show("Jobs that do nothing, through one worker process", columns, rows, notes)


def noop(queue, count, fsync="everysec"):
    """One run: `count` jobs wait, then a worker starts. Measured from the first job taken to the last one done."""
    with Machine() as machine:
        redis = Redis(machine, fsync)
        queue.prepare(machine, redis)
        queue.enqueue(machine, redis, count)
        row = drain(queue, redis, lambda: queue.start(machine, redis), count)
        queue.check(count)
        return row


def drain(queue, redis, start, count):
    """Starts a worker on a filled queue, and measures until it is empty."""
    whole = queue.left(redis)
    if not whole:
        raise BenchError("nothing was enqueued")
    running = start()
    left = wait_until(lambda: (now := queue.left(redis)) < whole and now + 1, 60, f"{running.name} takes a job") - 1
    begin, cpu, redis_cpu = time.monotonic(), running.cpu_seconds(), redis.running.cpu_seconds()
    jobs = count * left / whole
    if left == 0:
        raise BenchError(f"{count} jobs are too few to measure: all were done within one look")
    peak = 0

    def is_empty():
        nonlocal peak
        running.check()
        peak = max(peak, running.memory_bytes())
        return queue.left(redis) == 0

    wait_until(is_empty, TIMEOUT_SECONDS, f"{running.name} empties the queue")
    seconds = time.monotonic() - begin
    redis_cpu = redis.running.cpu_seconds() - redis_cpu
    return {
        "jobs_per_s": jobs / seconds,
        "cpu_us": (running.cpu_seconds() - cpu) / jobs * 1e6,
        "redis_cpu_us": redis_cpu / jobs * 1e6,
        "redis_busy": redis_cpu / seconds * 100,
        "rss_mb": peak / 1e6,
    }
