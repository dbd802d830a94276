#!/usr/bin/env python3
"""A hostile client for `bench --only hostile`: hostile.py KIND PORT SECRET. Runs until it is ended.

Each kind is bounded in what it does a second, and runs only when nobody else wants the core: it is the server's fairness
that is measured and not the size of the machine. Prints `ready` once it is at work, and what it has done as a line of
JSON when it is told to end.
"""

import asyncio
import contextlib
import json
import os
import re
import resource
import signal
import sys

GATEWAY, META, TWILIO = "/webhook/whatsapp/incoming", "/webhook/meta", "/webhook/twilio"
JSON = "Content-Type: application/json"
FORM = ["Content-Type: application/x-www-form-urlencoded", "X-Twilio-Signature: wrong"]
MIB = 1 << 20
STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
done = {"requests": 0, "connections": 0, "answers": {}}


def head(*headers, path=GATEWAY):
    return ("\r\n".join([f"POST {path} HTTP/1.1", "Host: bench", *headers]) + "\r\n\r\n").encode()


def closing(*headers, body=b"", path=GATEWAY):
    """A whole request, the last of its connection."""
    return head("Connection: close", f"Content-Length: {len(body)}", *headers, path=path) + body


async def connect(port):
    # More than one address: each has some 28,000 ports.
    source = f"127.0.0.{2 + done['connections'] % 4}"
    done["connections"] += 1
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))


def count(answer, times=1):
    done["answers"][answer] = done["answers"].get(answer, 0) + times


async def note(reader, seconds):
    """Counts every answer until the server ends the connection, or that there was none."""
    data = b""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(seconds):
            while piece := await reader.read(1 << 16):
                data += piece
    for status in STATUS.findall(data) or [b"none"]:
        count(status.decode())


async def held(number, one):
    """Keeps so many of `one` going. Each ends when the server ends it, and begins anew."""
    async def again():
        while True:
            with contextlib.suppress(OSError):
                await one()
            await asyncio.sleep(0.05)

    tasks = []
    for index in range(number):
        tasks.append(asyncio.create_task(again()))
        if index % 100 == 99:
            await asyncio.sleep(0.01)
    return tasks


async def at_rate(rate, one):
    """Starts `one` so many times a second, unless as many are at work for more than a second."""
    width = asyncio.Semaphore(rate)

    async def guarded():
        async with width:
            with contextlib.suppress(OSError):
                await one()

    async def clock():
        tasks = set()
        while True:
            await width.acquire()
            width.release()
            task = asyncio.create_task(guarded())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            await asyncio.sleep(1 / rate)

    return [asyncio.create_task(clock())]


async def drip(port, first, piece, pause=0.5):
    """Sends a request that never ends, piece by piece."""
    reader, writer = await connect(port)
    done["requests"] += 1
    writer.write(first)
    answer = asyncio.create_task(note(reader, 60))
    try:
        while not answer.done():
            await asyncio.sleep(pause)
            writer.write(piece)
            await writer.drain()
    finally:
        await answer
        writer.transport.abort()


async def post(port, data):
    reader, writer = await connect(port)
    done["requests"] += 1
    try:
        writer.write(data)
        await note(reader, 5)
    finally:
        writer.transport.abort()


async def idle(port):
    reader, writer = await connect(port)
    await note(reader, 60)
    writer.transport.abort()


async def pipelining(port, one, depth, pause, end):
    """Sends so many in one packet again and again, over one connection."""
    reader, writer = await connect(port)
    while True:
        writer.write(one * depth)
        done["requests"] += depth
        for _ in range(depth):
            answer = await reader.readuntil(end)
            count(STATUS.search(answer)[1].decode())
        await asyncio.sleep(pause)


def kinds(port, secret):
    proof = f"X-Internal-Secret: {secret}"
    unproven = ["X-Hub-Signature-256: sha256=" + "0" * 64, JSON]

    def mixed(*requests):
        """One after the other."""
        async def one():
            await post(port, requests[done["requests"] % len(requests)])
        return one

    wrong = head("X-Internal-Secret: wrong", JSON, "Content-Length: 600") + b"{}".ljust(600)
    plain = head(proof, JSON, "Content-Length: 2") + b"{}"
    garbage = mixed(
        os.urandom(400) + b"\r\n\r\n", plain * 10 + os.urandom(400) + b"\r\n\r\n", b"\x16\x03\x01\x02\x00" + os.urandom(512),
        head(proof, "Content-Length: 2", "Transfer-Encoding: chunked") + b"0\r\n\r\n" + wrong,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + os.urandom(200))
    too_large = mixed(
        closing(proof, JSON, body=b" " * (MIB + 1)),
        head(proof, JSON, "Transfer-Encoding: chunked") + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 17)
    deep = mixed(
        closing(proof, JSON, body=b"[" * MIB), closing(proof, JSON, body=(b'{"a":' * (MIB // 5))),
        closing(proof, JSON, body=b'{"payload":{"messages":[' + b"{}," * ((MIB - 60) // 3) + b"{}]}}"),
        closing(*unproven, body=b'{"entry":[' + b"{}," * ((MIB - 60) // 3) + b"{}]}", path=META))
    bytes_ = mixed(
        closing(proof, JSON, body=b'{"tenantId":"\xff\xfe\xc0\x80"}'), closing(proof, JSON, body=b"\0" * 4096),
        closing(proof, JSON, body=b'{"tenantId":"a\0b"}'), closing(proof, JSON, body=b'"' + b"\xed\xa0\x80" * 20_000 + b'"'),
        head(proof, "X-A: a\0b", "Content-Length: 0"), closing(proof, JSON, path="/webhook/\xff%00"))
    headers = mixed(
        closing(proof, "X-A: " + "a" * 20_000), closing(proof, *(f"X-{n}: " + "a" * 50 for n in range(150))),
        closing(proof, "X-A: " + "a" * 60_000), closing(proof, proof, JSON), closing("Content-Length: 5", proof),
        closing(*["X-A: b"] * 1000), closing(proof, "Host: other"))
    form = mixed(
        closing(*FORM, body=b"a&" * (MIB // 2), path=TWILIO), closing(*FORM, body=b"%" * MIB, path=TWILIO),
        closing(*FORM, body=b"&".join(b"%04d=" % n + b"%41" * 335 for n in range(1030)), path=TWILIO),
        closing(*FORM, body=b"&".join(b"a=%04d" % n + b"x" * 1000 for n in range(1030)), path=TWILIO))
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
    chunked = head(proof, JSON, "Transfer-Encoding: chunked")
    endless = [
        lambda: drip(port, chunked, chunk * 4, 0.1), lambda: drip(port, chunked, b"0" * 500, 0.1),
        lambda: drip(port, chunked + b"0\r\n", b"X-A: b\r\n", 0.1), lambda: drip(port, chunked, b"1\r\n \r\n" * 50, 0.1)]
    return {
        "slow headers": lambda: held(500, lambda: drip(port, head(proof)[:-2], b"X-A: b\r\n")),
        "slow bodies": lambda: held(500, lambda: drip(
            port, head(proof, JSON, f"Content-Length: {MIB}") + b" " * 60_000, b" " * 1000)),
        "endless chunks": lambda: held(100, lambda: endless[done["requests"] % 4]()),
        "idle connections": lambda: held(10_000, lambda: idle(port)),
        "pipelined garbage": lambda: at_rate(200, garbage),
        "huge and double headers": lambda: at_rate(200, headers),
        "bad UTF-8, NUL": lambda: at_rate(200, bytes_),
        "bodies too large": lambda: at_rate(10, too_large),
        "JSON bombs": lambda: at_rate(10, deep),
        "form bombs": lambda: at_rate(10, form),
        "wrong proofs": lambda: held(10, lambda: pipelining(port, wrong, 10, 0.05, b'"unauthorized"}')),
    }


async def main(kind, port, secret):
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    tasks = await kinds(port, secret)[kind]()
    print("ready", flush=True)
    await ended.wait()
    assert tasks
    print(json.dumps(done), flush=True)
    os._exit(0)


if __name__ == "__main__":
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
