"""Dramatiq's jobs, and a command that enqueues empty ones: python jobs.py COUNT."""

import os
import sys

import dramatiq
from dramatiq.brokers.redis import RedisBroker

dramatiq.set_broker(RedisBroker(url=os.environ["REDIS_URL"]))


@dramatiq.actor
def noop():
    pass


if __name__ == "__main__":
    for _ in range(int(sys.argv[1])):
        noop.send()
