"""The queues that run jobs which do nothing: Rejoinder's, and the free ones that users would pick instead.

Each has a name, how many jobs it gets in a whole and in a quick run, and: `prepare` its programs, `enqueue` jobs,
`start` one worker process, `left` tells what waits or is under way in units that are the same for every job, and
`check` raises when not all was done.
"""

import json
import urllib.request

from .contenders import peer_environment, peer_folder, python_with
from .machine import BenchError
from .stores import Postgres

CONVERSATIONS = 10_000


class RejoinderQueue:
    name = "Rejoinder"
    count, quick_count = 60_000, 12_000

    def __init__(self, ours):
        self.ours = ours

    def prepare(self, machine, redis):
        self.postgres = Postgres(machine)
        self.ours.command(machine, redis, self.postgres, "migrate")

    def enqueue(self, machine, redis, count):
        """Returns what `bench-enqueue` says of it."""
        return json.loads(self.ours.command(
            machine, redis, None, "bench-enqueue", "--count", count, "--conversations", min(CONVERSATIONS, count)))

    def start(self, machine, redis):
        running, self.port = self.ours.worker(machine, redis, self.postgres)
        return running

    def left(self, redis):
        """The sum of the queue's own counters of the lane, one in each shard."""
        return sum(int(length or 0) for length in redis.ask_all(
            [("HGET", f"rj:{{s{shard:02}}}:ct", "default") for shard in range(shards_of(redis))]))

    def check(self, count):
        done = jobs_done(self.port)
        if done != count:
            raise BenchError(f"{count} jobs were enqueued, the worker says that it did {done:.0f}")


class Peer:
    """A queue that is a list in Redis."""

    def prepare(self, machine, redis):
        self.environment = peer_environment(self.folder, redis)
        self.python = python_with(self.folder, machine)

    def enqueue(self, machine, redis, count):
        machine.run([self.python, peer_folder(self.folder) / "jobs.py", count], self.environment, timeout=300)

    def left(self, redis):
        return redis.ask("LLEN", self.list)

    def check(self, count):
        """What it takes from the list and loses, nobody tells."""


class RQ(Peer):
    """Without a fork for each job, which is its fastest way."""

    name, folder, list = "RQ", "flask_rq", "rq:queue:default"
    count, quick_count = 2_000, 300

    def start(self, machine, redis):
        return machine.start("rq", [self.python, "-m", "rq.cli", "worker", "--url", redis.url, "--quiet",
                                    "--worker-class", "rq.SimpleWorker", "default"], self.environment)


class Sidekiq(Peer):
    """One process of 10 threads, with Ruby's compiler and the C client of Redis."""

    name, folder, list = "Sidekiq", "sidekiq", "queue:default"
    count, quick_count = 30_000, 6_000
    jobs = peer_folder("sidekiq") / "jobs.rb"

    def prepare(self, machine, redis):
        self.environment = peer_environment(self.folder, redis) | {"RUBYOPT": "--yjit"}

    def enqueue(self, machine, redis, count):
        machine.run(["ruby", self.jobs, count], self.environment, timeout=300)

    def start(self, machine, redis):
        return machine.start("sidekiq", ["sidekiq", "--environment", "production", "--concurrency", 10,
                                         "--require", self.jobs], self.environment)


class Arq(Peer):
    name, folder = "arq", "arq"
    count, quick_count = 5_000, 1_000

    def start(self, machine, redis):
        return machine.start("arq", [self.python, peer_folder(self.folder) / "jobs.py", "work"], self.environment)

    def left(self, redis):
        return redis.ask("ZCARD", "arq:queue")


class Dramatiq(Peer):
    name, folder, list = "Dramatiq", "dramatiq", "dramatiq:default"
    count, quick_count = 6_000, 1_500

    def start(self, machine, redis):
        return machine.start("dramatiq", [self.python, "-m", "dramatiq", "jobs", "--processes", 1, "--threads", 8],
                             self.environment)

    def left(self, redis):
        """What waits, and what its worker has fetched and not acknowledged."""
        fetched = [("SCARD", key) for key in redis.keys("dramatiq:__acks__.*")]
        return redis.ask("LLEN", self.list) + sum(redis.ask_all(fetched))


PEERS = [Sidekiq, Dramatiq, Arq, RQ]


def shards_of(redis):
    """In how many parts our store is split; 0 before the first of our programs used it."""
    return int(redis.ask("GET", "rj:shards") or 0)


def jobs_done(port):
    """Jobs of the default lane that a worker of ours did, by its own count."""
    return metric(port, 'rejoinder_jobs_total{queue="default",outcome="done"}')


def metric(port, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as response:
        lines = response.read().decode().splitlines()
    return next((float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name)), 0)
