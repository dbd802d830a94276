"""What a business whose gateway hangs costs another one on the same worker."""

import asyncio
import json
import time
import urllib.request

from .conversations import faultless, judge
from .machine import Machine, wait_until
from .posting import Poster, paced
from .report import goal
from .setup import show
from .whole import Whole

AI_MS = 200
GATEWAY_MS = 50
#: Messages a second of the business that is measured, and for how long: past both attempts of a hanging send (15 s each),
#: after which the circuit is open.
RATE, SECONDS = 50, 45
#: The worker's slots, and the conversations that the neighbour gets: more than it has slots.
SLOTS, BURST = 1_000, 1_500
NEIGHBOUR = "hanging"


def part(setup):
    seconds = 5 if setup.quick else SECONDS
    cases = {
        "alone": (0, False),
        f"{BURST:,} conversations of another, 150/s, its gateway answers": (150, False),
        f"{BURST:,} conversations of another, 150/s, its gateway hangs": (150, True),
    }
    rows = setup.medians(replies, [(name, setup.ours, seconds, *case) for name, case in cases.items()])
    alone, healthy, hanging = rows.values()
    for row in rows.values():
        row["ratio"] = row["p99_ms"] / alone["p99_ms"]
    title = (f"One business's replies, {RATE} messages/s for {seconds} s, AI {AI_MS} ms and gateway {GATEWAY_MS} ms included; "
             f"{SLOTS:,} slots")
    return show(title, [("p50 ms", "p50_ms"), ("p99 ms", "p99_ms"), ("max ms", "max_ms"), ("p99 to alone", "ratio"),
                        ("most in flight", "in_flight"), ("worker CPU %", "cpu_percent")], rows,
                [] if setup.quick else [goal("Neighbour", hanging, "ratio", 1.1, "times the p99 that it has alone")])


def replies(contender, seconds, burst_rate, hangs):
    """One run: a business's replies, beside a neighbour that gets its conversations `burst_rate` a second after 2 s."""
    with Machine() as machine:
        whole = Whole(machine, contender, AI_MS, GATEWAY_MS, businesses=("bench", NEIGHBOUR),
                      WORKER_CONCURRENCY=str(SLOTS))
        # The first ones find cold caches and no connections.
        asyncio.run(load(whole, range(RATE), 0, False))
        wait_until(lambda: len(whole.sent()) >= RATE, 30, "the first replies")
        cpu, begin = whole.worker.cpu_seconds(), time.monotonic()
        count = RATE * seconds
        posted, most = asyncio.run(load(whole, range(RATE, RATE + count), burst_rate, hangs))
        wait_until(lambda: len(of_bench(whole)) >= RATE + count, 60, "all replies")
        cpu = (whole.worker.cpu_seconds() - cpu) / (time.monotonic() - begin)
        log = of_bench(whole)
        faultless(judge(log, RATE + count, 1))
        took = sorted(one["at_ms"] - posted[one["contact"]] for one in log if one["contact"] in posted)
        return {"p50_ms": took[len(took) // 2], "p99_ms": took[int(len(took) * 0.99)], "max_ms": took[-1],
                "in_flight": most, "cpu_percent": cpu * 100}


def of_bench(whole):
    return [one for one in whole.sent() if one["tenant"] == "bench"]


async def load(whole, contacts, burst_rate, hangs):
    """Posts messages of these contacts, RATE a second, and the neighbour's. Returns when each was written, by contact,
    and the most jobs that were in flight."""
    poster, most = Poster(whole.port), 0

    async def neighbour():
        if hangs:
            fault = {"gateway": {"mode": "hang", "tenant": NEIGHBOUR}}
            request = urllib.request.Request(f"{whole.simulator}/simulator/faults", json.dumps(fault).encode())
            urllib.request.urlopen(request, timeout=10).close()
        await asyncio.sleep(2)
        await paced(range(1_000_000, 1_000_000 + BURST), burst_rate, lambda contact: poster.post(contact, NEIGHBOUR))

    async def watch():
        nonlocal most
        while True:
            await asyncio.sleep(1)
            most = max(most, await asyncio.to_thread(whole.jobs_in_flight))

    watching = asyncio.create_task(watch())
    beside = [asyncio.create_task(neighbour())] if burst_rate else []
    await paced(contacts, RATE, poster.post)
    await asyncio.gather(*beside)
    watching.cancel()
    poster.close()
    return poster.posted, most
