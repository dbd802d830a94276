#!/usr/bin/env python3
"""A well-behaved sender at a fixed rate, for `bench --only hostile`: healthy.py PORT SECRET RATE SECONDS PREFIX.

Posts one message at each tick, whether or not earlier ones were answered, every fifth over a connection of its own.
What a request took counts from its tick, so that a server that stalls cannot hide it. Prints one line of JSON.
"""

import asyncio
import json
import sys
import time

LIMIT = 10.0


def request(secret, prefix, number):
    body = ('{"tenantId":"bench","payload":{"type":"notify","messages":[{"key":{"remoteJid":"%d@s.whatsapp.net",'
            '"fromMe":false,"id":"%s%08X"},"message":{"conversation":"When do you open on Friday?"},'
            '"pushName":"Dana","messageTimestamp":%d}]}}'
            % (972500000000 + number % 1000, prefix, number, int(time.time()))).encode()
    return (f"POST /webhook/whatsapp/incoming HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"X-Internal-Secret: {secret}\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


async def exchange(reader, writer, data):
    """Sends a request and returns the status of its answer."""
    writer.write(data)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                  if line.startswith(b"content-length"))
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


async def main(port, secret, rate, seconds, prefix):
    kept, took, failed = [], [], {}

    async def one(number, due):
        connection, fresh = None, number % 5 == 0
        try:
            async with asyncio.timeout(LIMIT):
                connection = kept.pop() if kept and not fresh else await asyncio.open_connection("127.0.0.1", port)
                status = await exchange(*connection, request(secret, prefix, number))
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            status = type(error).__name__
        if status == 200:
            took.append(time.perf_counter() - due)
        else:
            took.append(LIMIT)
            failed[status] = failed.get(status, 0) + 1
        if connection and (fresh or status != 200):
            connection[1].close()
        elif connection:
            kept.append(connection)

    tasks, start = [], time.perf_counter() + 0.1
    for number in range(int(rate * seconds)):
        due = start + number / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number, due)))
    await asyncio.gather(*tasks)
    took.sort()
    print(json.dumps({"requests": len(took), "failed": sum(failed.values()), "failures": {str(k): v for k, v in failed.items()},
                      "p50_ms": took[len(took) // 2] * 1e3, "p99_ms": took[int(len(took) * 0.99)] * 1e3}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), float(sys.argv[4]), sys.argv[5]))
