"""What a send costs the worker, and thousands of sends that the gateway takes its time over."""

import asyncio
import time

from .conversations import conversations, webhook
from .machine import BenchError, Machine, wait_until
from .report import goal
from .setup import show
from .whole import Whole, exchange

#: Characters of a text, just below what all of a business's providers take, so that N times as many go out as N texts; and
#: these providers. All are sent by the first.
KINDS = {"short": (1_590, "baileys,twilio"), "long": (4_050, "baileys")}
PARTS = 6
#: One text of so many characters, as few long parts and as many short ones: what the AI's answer and its rows cost is the
#: same, and the rest is the sends.
SAME_TEXT = 63_600
SPLITS = {16: "baileys", 40: "baileys,twilio"}
SLOW_GATEWAY_MS = 6_000
TIMEOUT_SECONDS = 60


def part(setup):
    """Two tables: the cost of a send, by itself and with the text it sends; and the memory of sends in flight."""
    count, flying = (200, 200) if setup.quick else (2_000, 2_000)
    names = {kind: (f"a {kind} text", f"{PARTS} {kind} texts") for kind in KINDS}
    same = {parts: f"{SAME_TEXT:,} characters in {parts} texts" for parts in SPLITS}
    rows = setup.medians(replies, [
        (name, setup.ours, count, parts, parts * length, providers) for kind, (length, providers) in KINDS.items()
        for name, parts in zip(names[kind], (1, PARTS))
    ] + [(same[parts], setup.ours, count // 4, parts, SAME_TEXT, providers) for parts, providers in SPLITS.items()])
    each = {f"so a further {kind} text, AI's answer included": one_more(rows, one, many, PARTS - 1)
            for kind, (one, many) in names.items()}
    fewest, most = SPLITS
    each["so a send by itself"] = one_more(rows, same[fewest], same[most], most - fewest)
    title = f"{count:,} replies, and {count // 4} of {SAME_TEXT:,} characters; the AI at once; " + ", ".join(
        f"a {kind} text has {length:,} characters" for kind, (length, _) in KINDS.items())
    costs = show(title, [("worker CPU µs each", "cpu_us")], rows | each, [] if setup.quick else [
        goal("Send", row, "cpu_us", 150, f"µs of the worker's CPU: {name[3:]}") for name, row in each.items()])
    waiting = setup.medians(
        conversations, [(f"{flying:,}", setup.ours, flying, 1, 0, SLOW_GATEWAY_MS)])
    flights = show(f"Sends in flight in one worker: AI at once, the gateway takes {SLOW_GATEWAY_MS / 1000:.0f} s",
                   [("most in flight", "in_flight"), ("worker RSS MB", "rss_mb"), ("worker CPU µs each", "cpu_us"),
                    ("lost", "lost"), ("doubled", "doubled")],
                   waiting, [] if setup.quick else [
                       goal("Send", waiting[f"{flying:,}"], "rss_mb", 120, "MB with 2,000 sends in flight")])
    return [costs, flights]


def one_more(rows, fewer, more, texts):
    """What one of the texts costs by which these two rows differ."""
    return {"cpu_us": (rows[more]["cpu_us"] - rows[fewer]["cpu_us"]) / texts}


def replies(contender, count, parts, characters, providers):
    """One run: a reply of so many characters to each of `count` contacts, in `parts` texts. All must arrive, each once."""
    with Machine() as machine:
        whole = Whole(machine, contender, 0, 0, providers=providers, WORKER_CONCURRENCY=str(2 * count))
        cpu = whole.worker.cpu_seconds()
        asyncio.run(post(whole.port, count, f"long:{characters}"))

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
