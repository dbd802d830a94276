"""arq's jobs: `python jobs.py COUNT` enqueues empty ones, `python jobs.py work` runs them.

Favoured: no results kept, no log line for a job, many jobs at a time, and a short pause between two looks.
"""

import asyncio
import os
import sys

from arq import create_pool, run_worker
from arq.connections import RedisSettings

REDIS = RedisSettings.from_dsn(os.environ["REDIS_URL"])


async def noop(context):
    pass


class WorkerSettings:
    functions = [noop]
    redis_settings = REDIS
    max_jobs = 100
    poll_delay = 0.01
    keep_result = 0


async def enqueue_noops(count):
    pool = await create_pool(REDIS)
    while count > 0:
        batch = min(count, 100)
        await asyncio.gather(*(pool.enqueue_job("noop") for _ in range(batch)))
        count -= batch
    await pool.aclose()


if __name__ == "__main__":
    if sys.argv[1] == "work":
        run_worker(WorkerSettings)
    else:
        asyncio.run(enqueue_noops(int(sys.argv[1])))
