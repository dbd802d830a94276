#!/usr/bin/env python3
"""A hostile client for `bench --only hostile`: hostile.py KIND PORT SECRET. Runs until it is ended.

Each kind is bounded in what it does a second, so that it is the server's trouble that is measured and not the lack of a
third core. Prints `ready` once it is at work, and what it has done as a line of JSON when it is told to end.
"""

import asyncio
import json
import os
import resource
import signal
import sys

PATH = "/webhook/whatsapp/incoming"
MIB = 1 << 20
done = {"sent": 0, "connections": 0, "answers": {}}


def head(secret, *headers, path=PATH):
    lines = [f"POST {path} HTTP/1.1", "Host: bench", f"X-Internal-Secret: {secret}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def connect(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    done["connections"] += 1
    return reader, writer


async def note(reader):
    """Counts the answer, or that there was none."""
    try:
        async with asyncio.timeout(5):
            status = (await reader.readuntil(b"\r\n")).split(b" ")[1].decode()
    except (OSError, TimeoutError, asyncio.IncompleteReadError, IndexError):
        status = "none"
    done["answers"][status] = done["answers"].get(status, 0) + 1


async def forever(count, one):
    """Keeps so many of `one` going. Each ends when the server ends it."""
    async def again():
        while True:
            try:
                await one()
            except OSError:
                pass
            await asyncio.sleep(0.01)

    tasks = []
    for number in range(count):
        tasks.append(asyncio.create_task(again()))
        if number % 50 == 49:
            await asyncio.sleep(0.02)
    return tasks


async def at_rate(rate, width, one):
    """Starts `one` so many times a second, at most `width` of them at once."""
    gate = asyncio.Semaphore(width)

    async def guarded():
        async with gate:
            try:
                await one()
                done["sent"] += 1
            except OSError:
                pass

    async def clock():
        while True:
            tasks = [asyncio.create_task(guarded()) for _ in range(max(1, rate // 20))]
            await asyncio.sleep(0.05)
            await asyncio.gather(*tasks)

    return [asyncio.create_task(clock())]


async def drip(port, first, piece):
    reader, writer = await connect(port)
    writer.write(first)
    try:
        while not reader.at_eof():
            await asyncio.sleep(0.5)
            writer.write(piece)
            await writer.drain()
            done["sent"] += 1
    finally:
        writer.close()


async def post(port, data):
    reader, writer = await connect(port)
    try:
        writer.write(data)
        await note(reader)
    finally:
        writer.transport.abort()


async def idle(port):
    reader, writer = await connect(port)
    await reader.read()
    writer.close()


async def wrong_proofs(port, secret):
    """Over kept connections, many in one packet."""
    body = b'{"tenantId":"bench","payload":{"messages":[]}}'.ljust(600)
    one = head("wrong", "Content-Type: application/json", f"Content-Length: {len(body)}") + body

    async def connection():
        reader, writer = await connect(port)
        while True:
            writer.write(one * 25)
            for _ in range(25):
                answer = await reader.readuntil(b'"unauthorized"}')
                done["sent"] += 1
            done["answers"]["401"] = done["answers"].get("401", 0) + answer.count(b" 401 ") * 25
            await asyncio.sleep(0.05)

    return await forever(10, connection)


def kinds(port, secret):
    json_type = "Content-Type: application/json"
    large = head(secret, json_type, f"Content-Length: {MIB + 1}") + b" " * (MIB + 1)
    chunked = (head(secret, json_type, "Transfer-Encoding: chunked") + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 17)
    deep = head(secret, json_type, f"Content-Length: {MIB}") + b"[" * MIB
    form = head(secret, "Content-Type: application/x-www-form-urlencoded", "X-Twilio-Signature: wrong",
                f"Content-Length: {MIB}", path="/webhook/twilio/bench") + b"a&" * (MIB // 2)
    return {
        "slow headers": lambda: forever(500, lambda: drip(port, head(secret)[:-2], b"X-A: b\r\n")),
        "slow bodies": lambda: forever(500, lambda: drip(
            port, head(secret, json_type, f"Content-Length: {MIB}") + b" " * 60_000, b" " * 1000)),
        "idle connections": lambda: forever(10_000, lambda: idle(port)),
        "bodies too large": lambda: at_rate(60, 8, lambda: post(port, large if os.urandom(1)[0] & 1 else chunked)),
        "deep JSON": lambda: at_rate(60, 8, lambda: post(port, deep)),
        "form bombs": lambda: at_rate(60, 8, lambda: post(port, form)),
        "noise": lambda: at_rate(400, 32, lambda: post(port, os.urandom(400) + b"\r\n\r\n")),
        "wrong proofs": lambda: wrong_proofs(port, secret),
    }


async def main(kind, port, secret):
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    tasks = await kinds(port, secret)[kind]()
    print("ready", flush=True)
    await ended.wait()
    print(json.dumps(done), flush=True)
    os._exit(0)


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
