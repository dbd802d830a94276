"""Goals P4 and P5: from the webhook to the reply, through the API, a worker and the simulator."""

import asyncio
import json
import re
import time

from .contenders import SECRET
from .machine import BenchError, Machine, wait_until
from .report import goal
from .setup import show
from .whole import Whole, exchange

AI_MS = 1000
#: Long enough that all conversations are in flight at once.
SLOW_AI_MS = 6000
GATEWAY_MS = 50
TIMEOUT_SECONDS = 120


def part(setup):
    count = 200 if setup.quick else 2_000
    rows = setup.medians(conversations, [(setup.ours.name, setup.ours, count)])
    columns = [("last reply s", "last_reply_s"), ("posting s", "posting_s"), ("worker CPU µs each", "cpu_us"),
               ("worker RSS MB", "rss_mb"), ("businesses from the cache %", "cache_hits_percent"), ("lost", "lost"),
               ("doubled", "doubled"), ("out of order", "out_of_order")]
    title = f"{count} conversations of 2 messages, AI 1 s, gateway 50 ms (two turns take at least 2.1 s)"
    ours = rows[setup.ours.name]
    return show(title, columns, rows, [] if setup.quick else [
        goal("P4", ours, "last_reply_s", 3.5, "s to the last reply"),
        goal("P4", ours, "cpu_us", 500, "µs of the worker's CPU a message"),
        goal("P4", ours, "rss_mb", 120, "MB")])


def in_flight(setup):
    """Goal P5: thousands of conversations that wait for the AI at once, in one worker."""
    counts = [500] if setup.quick else [2_000, 5_000, 10_000]
    rows = setup.medians(conversations, [(f"{count:,}", setup.ours, count, 1, SLOW_AI_MS) for count in counts])
    columns = [("most in flight", "in_flight"), ("worker RSS MB", "rss_mb"), ("worker CPU µs each", "cpu_us"),
               ("last reply s", "last_reply_s"), ("posting s", "posting_s"), ("lost", "lost"), ("doubled", "doubled")]
    title = f"Conversations in flight in one worker: one message each, AI {SLOW_AI_MS / 1000:.0f} s, gateway 50 ms"
    return show(title, columns, rows, [
        goal("P5", rows.get("5,000"), "rss_mb", 200, "MB with 5,000 in flight"),
        goal("P5", rows.get("10,000"), "rss_mb", 350, "MB with 10,000 in flight")])


def conversations(contender, count, messages=2, ai_ms=AI_MS, gateway_ms=GATEWAY_MS):
    """One run: `messages` messages each from `count` contacts, all at once. The simulator's log is the judge."""
    with Machine() as machine:
        whole = Whole(machine, contender, ai_ms, gateway_ms, WORKER_CONCURRENCY=str(max(1000, count * 3 // 2)))
        worker = whole.worker

        cpu = worker.cpu_seconds()
        begin_ms = time.time() * 1000
        asyncio.run(post_all(whole.port, count, messages))
        posted_ms = time.time() * 1000
        peak = most = 0

        def all_replied():
            nonlocal peak, most
            for running in (whole.api, worker):
                running.check()
            peak = max(peak, worker.memory_bytes())
            if most < count:  # Telling it is work of the worker's, which is what is measured.
                most = max(most, whole.jobs_in_flight())
            time.sleep(0.2)
            return len(whole.sent()) >= count * messages

        try:
            wait_until(all_replied, TIMEOUT_SECONDS, "all replies")
        except BenchError:
            pass  # Told as lost below.
        cpu = worker.cpu_seconds() - cpu
        time.sleep(2)  # For a doubled one to show itself.
        log, cache = whole.sent(), whole.overview()["cache"]
        return {
            "last_reply_s": (max((one["at_ms"] for one in log), default=begin_ms) - begin_ms) / 1000,
            "posting_s": (posted_ms - begin_ms) / 1000,
            "cpu_us": cpu / (count * messages) * 1e6,
            "rss_mb": peak / 1e6,
            "in_flight": most,
            "cache_hits_percent": cache["hits"] / max(1, cache["hits"] + cache["misses"]) * 100,
        } | faultless(judge(log, count, messages))


def judge(log, count, messages):
    """How many replies are missing, too many, or before one they should follow. Each names its message as c7-m1."""
    replies = {}
    for one in sorted(log, key=lambda one: one["seq"]):
        found = re.findall(r"c(\d+)-m(\d+)", one["text"])
        if not found:
            raise BenchError(f"a reply that names no message: {one['text'][:80]!r}")
        conversation, message = found[-1]
        replies.setdefault(int(conversation), []).append(int(message))
    lost = doubled = out_of_order = 0
    for conversation in range(count):
        order = replies.get(conversation, [])
        lost += messages - len(set(order))
        doubled += len(order) - len(set(order))
        out_of_order += sum(1 for first, second in zip(order, order[1:]) if second < first)
    return {"lost": lost, "doubled": doubled, "out_of_order": out_of_order}


def faultless(judged):
    """What `judge` found, if that is nothing: a run that lost a reply has no figures."""
    if any(judged.values()):
        raise BenchError(", ".join(f"{count} replies {fault.replace('_', ' ')}" for fault, count in judged.items()))
    return judged


async def post_all(port, count, messages):
    """Posts every first message, then every second …, over 32 connections that stay open."""
    waiting = [(conversation, message) for message in range(messages) for conversation in range(count)]
    waiting.reverse()
    now = int(time.time())

    async def connection():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            head, body = await exchange(reader, writer, webhook(port, *waiting.pop(), now))
            if b" 200 " not in head[:16]:
                raise BenchError(f"a webhook was refused: {head[:40]!r} {body[:200]!r}")
        writer.close()

    await asyncio.gather(*(connection() for _ in range(32)))


def webhook(port, conversation, message, now, text=None, tenant="bench"):
    one = {"key": {"remoteJid": f"{15550000000 + conversation}@s.whatsapp.net", "fromMe": False,
                   "id": f"3EB0{conversation:08X}{message:04X}"},
           "message": {"conversation": text or f"c{conversation}-m{message}"}, "pushName": "Dana", "messageTimestamp": now}
    body = json.dumps({"tenantId": tenant, "payload": {"type": "notify", "messages": [one]}}).encode()
    return (f"POST /webhook/whatsapp/incoming HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Internal-Secret: {SECRET}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body
