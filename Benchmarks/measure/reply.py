"""Goal P6, its first half: what we add to a reply, beside what the AI and the gateway take."""

import asyncio

from .conversations import faultless, judge
from .machine import Machine, wait_until
from .posting import Poster, paced
from .report import goal
from .setup import show
from .whole import Whole

AI_MS = 200
GATEWAY_MS = 50
RATE = 200


def part(setup):
    count = 400 if setup.quick else 4_000
    rows = setup.medians(replies, [(setup.ours.name, setup.ours, count)])
    columns = [("p50 ms", "p50_ms"), ("p99 ms", "p99_ms"), ("max ms", "max_ms"), ("worker CPU µs each", "cpu_us")]
    ours = rows[setup.ours.name]
    title = (f"What is added to a reply: {RATE} messages/s at uneven moments, each of another contact, "
             f"AI {AI_MS} ms and gateway {GATEWAY_MS} ms taken off")
    return show(title, columns, rows, [
        goal("P6", ours, "p50_ms", 10, "ms at p50"), goal("P6", ours, "p99_ms", 50, "ms at p99")])


def replies(contender, count):
    """One run. Begins when a webhook is written to its socket, ends when the gateway accepts the reply."""
    with Machine() as machine:
        whole = Whole(machine, contender, AI_MS, GATEWAY_MS)
        port, worker = whole.port, whole.worker
        # The first ones find cold caches and no connections.
        asyncio.run(post(port, 0, RATE))
        wait_until(lambda: len(whole.sent()) >= RATE, 30, "the first replies")
        cpu = worker.cpu_seconds()
        posted = asyncio.run(post(port, RATE, RATE + count))
        wait_until(lambda: len(whole.sent()) >= RATE + count, 30, "all replies")
        cpu = worker.cpu_seconds() - cpu
        log = whole.sent()
        faultless(judge(log, RATE + count, 1))
        added = sorted(one["at_ms"] - posted[one["contact"]] - AI_MS - GATEWAY_MS
                       for one in log if one["contact"] in posted)
        return {"p50_ms": added[len(added) // 2], "p99_ms": added[int(len(added) * 0.99)], "max_ms": added[-1],
                "cpu_us": cpu / count * 1e6}


async def post(port, first, end):
    """Posts the messages of these contacts, RATE a second on average. Returns when each was written, by contact."""
    poster = Poster(port)
    await paced(range(first, end), RATE, poster.post)
    poster.close()
    return poster.posted
