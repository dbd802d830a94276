"""What a send costs the worker, and thousands of sends that the gateway takes its time over."""

import asyncio
import time

from .conversations import conversations, webhook
from .machine import BenchError, Machine, wait_until
from .report import goal
from .setup import show
from .whole import Whole, exchange

#: Characters of a text: just below what the gateway takes, so that N times as many go out as N texts.
TEXT = 4_050
PARTS = 5
SLOW_GATEWAY_MS = 6_000
TIMEOUT_SECONDS = 60
#: With an AI that takes so long and a limit of a second, a stop-gap text goes out before each answer: a short send more.
LATE_AI_MS = 1_500


def part(setup):
    """Two tables: the cost of a send, as what further texts of a reply cost; and the memory of sends in flight."""
    count, flying = (200, 200) if setup.quick else (2_000, 2_000)
    rows = setup.medians(replies, [
        ("a short text", setup.ours, count, 1, None, {}), ("a stop-gap text, then a short one", setup.ours, count, 2, None, {
            "AI_TIMEOUT_SECONDS": "1"}),
        ("a long text", setup.ours, count, 1, TEXT, {}), (f"{PARTS} long texts", setup.ours, count, PARTS, TEXT, {})])
    short, two, long, five = (row["cpu_us"] for row in rows.values())
    each = {"so a further short text": {"cpu_us": two - short},
            "so a further long text": {"cpu_us": (five - long) / (PARTS - 1)}}
    costs = show(f"{count} replies; the AI takes {LATE_AI_MS / 1000} s for short ones, else nothing; a long text has "
                 f"{TEXT:,} characters", [("worker CPU µs each", "cpu_us")], rows | each, [] if setup.quick else [
                     goal("Send", row, "cpu_us", 150, f"µs of the worker's CPU: {name[3:]}")
                     for name, row in each.items()])
    waiting = setup.medians(
        conversations, [(f"{flying:,}", setup.ours, flying, 1, 0, SLOW_GATEWAY_MS)])
    flights = show(f"Sends in flight in one worker: AI at once, the gateway takes {SLOW_GATEWAY_MS / 1000:.0f} s",
                   [("most in flight", "in_flight"), ("worker RSS MB", "rss_mb"), ("worker CPU µs each", "cpu_us"),
                    ("lost", "lost"), ("doubled", "doubled")],
                   waiting, [] if setup.quick else [
                       goal("Send", waiting[f"{flying:,}"], "rss_mb", 120, "MB with 2,000 sends in flight")])
    return [costs, flights]


def replies(contender, count, parts, length, settings):
    """One run: a reply of so many texts to each of `count` contacts. All of them must arrive, each once.

    `length` is that of each text; None: short ones of an AI that takes its time.
    """
    with Machine() as machine:
        whole = Whole(machine, contender, 0 if length else LATE_AI_MS, 0, WORKER_CONCURRENCY=str(2 * count), **settings)
        cpu = whole.worker.cpu_seconds()
        asyncio.run(post(whole.port, count, f"long:{parts * length}" if length else None))

        def all_sent():
            whole.worker.check()
            time.sleep(0.2)
            return len(whole.sent()) >= count * parts

        wait_until(all_sent, TIMEOUT_SECONDS, "all texts")
        cpu = whole.worker.cpu_seconds() - cpu
        ids = [one["id"] for one in whole.sent()]
        if len(ids) != count * parts or len(set(ids)) != len(ids):
            raise BenchError(f"{len(ids)} texts with {len(set(ids))} ids, and not {count * parts}")
        return {"cpu_us": cpu / count * 1e6}


async def post(port, count, text):
    waiting, now = list(range(count)), int(time.time())

    async def connection():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            head, body = await exchange(reader, writer, webhook(port, waiting.pop(), 0, now, text))
            if b" 200 " not in head[:16]:
                raise BenchError(f"a webhook was refused: {head[:40]!r} {body[:200]!r}")
        writer.close()

    await asyncio.gather(*(connection() for _ in range(32)))
