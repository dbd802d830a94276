"""Goal P3: jobs that do nothing, through one worker process."""

import time
import urllib.request

from .contenders import FlaskRQ
from .machine import BenchError, Machine, wait_until
from .stores import Postgres, Redis

CONVERSATIONS = 10_000
TIMEOUT_SECONDS = 180


def noop(contender, count):
    """One run: `count` jobs wait, then a worker starts. Measured from the first job taken to the last one done."""
    with Machine() as machine:
        redis = Redis(machine)
        if isinstance(contender, FlaskRQ):
            contender.enqueue_noops(machine, redis, count)
            return drain(contender.worker(machine, redis), redis, RQDepth(redis), count)
        postgres = Postgres(machine)
        contender.command(machine, redis, postgres, "migrate")
        contender.command(machine, redis, postgres, "bench-enqueue", "--count", count,
                          "--conversations", min(CONVERSATIONS, count))
        depth = RejoinderDepth(redis)
        running, port = contender.worker(machine, redis, postgres)
        row = drain(running, redis, depth, count)
        done = metric(port, 'rejoinder_jobs_total{queue="default",outcome="done"}')
        if done != count:
            raise BenchError(f"{count} jobs were enqueued, the worker says that it did {done:.0f}")
        return row


def drain(running, redis, depth, count):
    whole = depth.whole
    if not whole:
        raise BenchError("nothing was enqueued")
    left = wait_until(lambda: (now := depth.now()) < whole and now + 1, 60, f"{running.name} takes a job") - 1
    begin, cpu, redis_cpu = time.monotonic(), running.cpu_seconds(), redis.running.cpu_seconds()
    jobs = count * left / whole
    if left == 0:
        raise BenchError(f"{count} jobs are too few to measure: all were done within one look")
    peak = 0

    def is_empty():
        nonlocal peak
        running.check()
        peak = max(peak, running.memory_bytes())
        return depth.now() == 0

    wait_until(is_empty, TIMEOUT_SECONDS, f"{running.name} empties the queue")
    seconds = time.monotonic() - begin
    return {
        "jobs_per_s": jobs / seconds,
        "cpu_us": (running.cpu_seconds() - cpu) / jobs * 1e6,
        "redis_cpu_us": (redis.running.cpu_seconds() - redis_cpu) / jobs * 1e6,
        "rss_mb": peak / 1e6,
    }


def metric(port, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as response:
        lines = response.read().decode().splitlines()
    return next((float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name)), 0)


class RQDepth:
    """What RQ has waiting, jobs."""

    def __init__(self, redis):
        self.redis = redis
        self.whole = self.now()

    def now(self):
        return self.redis.ask("LLEN", "rq:queue:default")


class RejoinderDepth:
    """What Rejoinder has waiting or under way, in units that are the same for every job: the sum of its own counters,
    one hash for each shard."""

    def __init__(self, redis):
        self.redis = redis
        self.keys = redis.keys("rj:*:ct")
        self.whole = self.now()

    def now(self):
        shards = self.redis.ask_all([("HVALS", key) for key in self.keys])
        return sum(int(value) for values in shards for value in values)
