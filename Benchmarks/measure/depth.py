"""Goal P7: what a job costs while many conversations wait, and the memory each takes."""

import signal
import time

from .machine import BenchError, Machine, wait_until
from .queues import RejoinderQueue, jobs_done
from .report import goal
from .setup import show
from .stores import Redis

PAYLOAD_BYTES = 600
TIMEOUT_SECONDS = 300
#: How many fewer than asked for may wait before the worker is held, and when it goes on.
HOLD, GO_ON = 150, 80
WARM_UP_SECONDS = 0.5


def part(setup):
    depths = [1_000, 10_000] if setup.quick else [1_000, 10_000, 100_000, 1_000_000]
    flow = 12_000 if setup.quick else 80_000
    rows = setup.medians(depth, [(f"{waiting:,}", setup.ours, waiting, flow) for waiting in depths])
    columns = [("Redis µs each", "redis_cpu_us"), ("worker µs each", "cpu_us"),
               ("Redis bytes a waiting message", "bytes"), ("fewest that waited", "least")]
    spread = {key: max(row[key] for row in rows.values()) / min(row[key] for row in rows.values())
              for key in ("redis_cpu_us", "cpu_us")}
    deepest = list(rows.values())[-1]
    return show(
        f"Jobs with {PAYLOAD_BYTES} bytes of payload while so many conversations wait: enqueue, claim and ack", columns,
        rows, [
            goal("P7", spread, "redis_cpu_us", 1.15, "times from the cheapest to the dearest, Redis CPU"),
            goal("P7", spread, "cpu_us", 1.15, "times from the cheapest to the dearest, worker CPU"),
            goal("P7", deepest, "bytes", 1024, f"bytes a waiting message of {PAYLOAD_BYTES} bytes"),
        ])


def depth(ours, waiting, flow):
    """One run: fills the queue with one message in each of `waiting` conversations, then keeps that many there while
    `flow` more come and go."""
    queue = RejoinderQueue(ours)
    with Machine() as machine:
        redis = Redis(machine)
        # A rewrite of the log is a second process as large as the first; it would fall into some rounds only.
        redis.ask("CONFIG", "SET", "auto-aof-rewrite-percentage", 0)
        queue.prepare(machine, redis)
        # A lane's limit is counted by shard, and shards are not filled evenly.
        settings = {"QUEUE_MAX_LENGTH": str(waiting * 2 + 100_000)}
        words = ["bench-enqueue", "--payload", PAYLOAD_BYTES, "--conversations", waiting * 2]
        empty = settled_memory(redis)
        ours.command(machine, redis, None, *words, "--count", waiting, timeout=TIMEOUT_SECONDS, **settings)
        memory = (settled_memory(redis) - empty) / waiting
        feeder = ours.start_command(machine, redis, *words, "--first", waiting, "--count", flow,
                                    "--waiting", waiting, **settings)
        running = queue.start(machine, redis)
        try:
            return measure(queue, redis, running, feeder, waiting, flow) | {"bytes": memory}
        finally:
            running.process.send_signal(signal.SIGCONT)


def measure(queue, redis, running, feeder, waiting, flow):
    """What a job costs from soon after the worker began to the last one enqueued.

    The worker is the faster one of the two while Redis is what limits both; it is held where it would empty the
    queue. So nothing here is a rate.
    """
    least = hold_back(queue, redis, running, feeder, waiting, time.monotonic() + WARM_UP_SECONDS)
    done, cpu, redis_cpu = look(queue, redis, running)
    least = min(least, hold_back(queue, redis, running, feeder, waiting, time.monotonic() + TIMEOUT_SECONDS))
    last_done, last_cpu, last_redis_cpu = look(queue, redis, running)
    said = feeder.result(1)
    if said["refused"]:
        raise BenchError(f"{said['refused']} jobs were refused while {waiting} waited")
    # On a crowded machine the worker is held late.
    if least < waiting / 4:
        raise BenchError(f"{waiting} were to wait, but it fell to {least}")
    jobs = last_done - done
    if jobs < flow / 4:
        raise BenchError(f"only {jobs} of {flow} jobs fell into what is measured: too few")
    return {"redis_cpu_us": (last_redis_cpu - redis_cpu) / jobs * 1e6, "cpu_us": (last_cpu - cpu) / jobs * 1e6,
            "least": least}


def look(queue, redis, running):
    """The jobs done, CPU of the worker and CPU of Redis, seconds. The worker answers, so it goes on."""
    running.process.send_signal(signal.SIGCONT)
    return jobs_done(queue.port), running.cpu_seconds(), redis.running.cpu_seconds()


def hold_back(queue, redis, running, feeder, waiting, deadline):
    """Keeps the worker from emptying the queue, until the feeder ends or the deadline. Returns the fewest jobs that
    waited."""
    least = waiting
    while time.monotonic() < deadline and feeder.process.poll() is None:
        running.check()
        left = queue.left(redis)
        least = min(least, left)
        if waiting - left > HOLD:
            running.process.send_signal(signal.SIGSTOP)
        elif waiting - left < GO_ON:
            running.process.send_signal(signal.SIGCONT)
        time.sleep(0.004)
    return least


def settled_memory(redis):
    """What Redis uses when two looks half a second apart agree within a thousandth."""
    last = 0

    def look():
        nonlocal last
        before, last = last, int(redis.info("memory")["used_memory"])
        if abs(last - before) <= last / 1000:
            return last
        time.sleep(0.5)
        return None

    return wait_until(look, 60, "the memory of Redis settles")
