"""The peer's jobs, and a command that enqueues empty ones: python jobs.py COUNT."""

import os
import sys


def answer(tenant, contact, message_id, text, name):
    """Never run: the benchmark of the webhook has no worker."""


def noop():
    pass


def enqueue_noops(count):
    from redis import Redis
    from rq import Queue

    queue = Queue("default", connection=Redis.from_url(os.environ["REDIS_URL"]))
    while count > 0:
        batch = min(count, 500)
        queue.enqueue_many([Queue.prepare_data("jobs.noop") for _ in range(batch)])
        count -= batch


if __name__ == "__main__":
    enqueue_noops(int(sys.argv[1]))
