"""Messages posted one by one, each at its time: the load of the parts that look at single replies."""

import asyncio
import json
import random
import time

from .conversations import webhook
from .machine import BenchError
from .whole import exchange


class Poster:
    """Posts over connections that it keeps; closed by `close`."""

    def __init__(self, port):
        self.port, self.kept, self.now = port, [], int(time.time())
        #: When each message was written, ms since 1970, by contact.
        self.posted = {}

    async def post(self, contact, tenant="bench"):
        reader, writer = self.kept.pop() if self.kept else await asyncio.open_connection("127.0.0.1", self.port)
        self.posted[str(15550000000 + contact)] = time.time() * 1000
        head, body = await exchange(reader, writer, webhook(self.port, contact, 0, self.now, tenant=tenant))
        if b" 200 " not in head[:16] or json.loads(body)["accepted"] != 1:
            raise BenchError(f"a webhook was refused: {head[:40]!r} {body[:200]!r}")
        self.kept.append((reader, writer))

    def close(self):
        for _, writer in self.kept:
            writer.close()


async def paced(contacts, rate, one):
    """Starts `one` for each of these contacts at uneven moments, so many a second. Returns when all have ended."""
    tasks, due, uneven = [], time.monotonic(), random.Random(6)
    for contact in contacts:
        await asyncio.sleep(max(0, due - time.monotonic()))
        tasks.append(asyncio.create_task(one(contact)))
        due += uneven.expovariate(rate)
    await asyncio.gather(*tasks)
