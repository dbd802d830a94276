"""Goal P6, its second half: from enqueue to claimed, between two processes on an otherwise idle queue."""

from .machine import Machine, wait_until
from .queues import shards_of
from .report import goal
from .setup import show
from .stores import Redis

PAYLOAD_BYTES = 600
RATE = 200


def part(setup):
    count = 400 if setup.quick else 4_000
    rows = setup.medians(wake, [("Rejoinder", setup.ours, count)])
    columns = [("p50 ms", "p50_ms"), ("p99 ms", "p99_ms"), ("max ms", "max_ms"), ("Redis µs each", "redis_cpu_us")]
    ours = rows["Rejoinder"]
    title = f"From enqueue to claimed: {RATE} jobs/s at uneven moments, {PAYLOAD_BYTES} bytes each, nothing else to do"
    return show(title, columns, rows, [
        goal("P6", ours, "p50_ms", 1, "ms at p50"), goal("P6", ours, "p99_ms", 5, "ms at p99")])


def wake(ours, count):
    with Machine() as machine:
        redis = Redis(machine)
        seconds = count // RATE + 20
        claimer = ours.start_command(machine, redis, "bench-claim", "--count", count, "--timeout", seconds)

        def is_waiting():
            claimer.check()
            return len(redis.keys("rj:*:idle")) == shards_of(redis) > 0

        wait_until(is_waiting, 10, "bench-claim waits on all shards")
        redis_cpu = redis.running.cpu_seconds()
        ours.command(machine, redis, None, "bench-enqueue", "--count", count, "--rate", RATE,
                     "--payload", PAYLOAD_BYTES, timeout=seconds)
        redis_cpu = redis.running.cpu_seconds() - redis_cpu
        said = claimer.result(seconds)
        return {key: said[key] for key in ("p50_ms", "p99_ms", "max_ms")} | {"redis_cpu_us": redis_cpu / count * 1e6}
