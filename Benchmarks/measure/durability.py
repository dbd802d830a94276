"""Goal P10: what it costs that nothing accepted is lost, by how often Redis syncs its log to disk."""

from .machine import Machine
from .noop import drain
from .queues import RejoinderQueue
from .report import goal, ratio
from .setup import show
from .stores import Redis

FSYNC = {"no log": "none", "everysec": "everysec", "always": "always"}


def part(setup):
    count = 6_000 if setup.quick else 40_000
    rows = setup.medians(durability, [(name, setup.ours, count, fsync) for name, fsync in FSYNC.items()])
    none, everysec, always = rows.values()
    for row in rows.values():
        row["job_s"] = 1 / row["jobs_per_s"]
        row["enqueue_s"] = 1 / row["enqueued_per_s"]
        row["of_none"] = row["job_s"] / none["job_s"]
        row["enqueue_of_none"] = row["enqueue_s"] / none["enqueue_s"]
    columns = [("enqueued/s", "enqueued_per_s"), ("Redis µs each", "enqueue_redis_us"), ("jobs/s", "jobs_per_s"),
               ("Redis µs each", "redis_cpu_us"), ("worker µs each", "cpu_us"),
               ("time to enqueue, no log = 1", "enqueue_of_none"), ("time a job, no log = 1", "of_none")]
    return show("What the log of Redis costs", columns, rows, [
        goal("P10", everysec, "of_none", 1.3, "times the time a job takes without a log, with everysec"),
        goal("P10", everysec, "enqueue_of_none", 1.3, "times the time an enqueue takes without a log, with everysec"),
        ratio(always, everysec, "job_s", "the time a job takes with everysec is what it takes with always"),
        ratio(always, everysec, "enqueue_s", "the time an enqueue takes with everysec is what it takes with always"),
    ])


def durability(ours, count, fsync):
    """One run: enqueue `count` jobs that do nothing, as fast as Redis takes them, then run them."""
    queue = RejoinderQueue(ours)
    with Machine() as machine:
        redis = Redis(machine, fsync)
        queue.prepare(machine, redis)
        cpu = redis.running.cpu_seconds()
        said = queue.enqueue(machine, redis, count)
        cpu = redis.running.cpu_seconds() - cpu
        row = drain(queue, redis, lambda: queue.start(machine, redis), count)
        queue.check(count)
        return row | {"enqueued_per_s": count / said["seconds"], "enqueue_redis_us": cpu / count * 1e6}
