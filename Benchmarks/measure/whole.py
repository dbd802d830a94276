"""The whole system, for parts that follow a message from the webhook to the reply."""

import json
import re
import urllib.request

from .stores import Postgres, Redis


class Whole:
    """Simulator, API and one worker on stores of their own, with the business `bench`, or others.

    It has no read marks, which are two calls more for each message: no peer makes them.
    """

    def __init__(self, machine, contender, ai_ms, gateway_ms, businesses=("bench",), providers="baileys", **settings):
        redis, postgres = Redis(machine), Postgres(machine)
        contender.command(machine, redis, postgres, "migrate")
        for business in businesses:
            postgres.execute("INSERT INTO businesses (id, name, status, system_prompt, providers, settings) "
                             f"VALUES ('{business}', 'Bench', 'active', 'Answer briefly.', '{{{providers}}}', "
                             "'{\"read_marks\": false}')")
        _, simulator = contender.simulator(
            machine, SIMULATOR_AI_LATENCY_MS=str(ai_ms), SIMULATOR_GATEWAY_LATENCY_MS=str(gateway_ms))
        self.simulator = f"http://127.0.0.1:{simulator}"
        settings |= {"BAILEYS_URL": self.simulator, "AI_URL": f"{self.simulator}/v1", "AI_API_KEY": "bench",
                     "OUTBOUND_ALLOW_HOSTS": "127.0.0.1"}
        self.api, self.port = contender.api(machine, redis, postgres, **settings)
        self.worker, self.metrics = contender.worker(machine, redis, postgres, **settings)

    def sent(self):
        """What the gateway was asked to send. It is long: asking without pause would be the load."""
        return ask(f"{self.simulator}/simulator/messages")

    def overview(self):
        """What all processes together say; a worker tells its part every few seconds."""
        return ask(f"http://127.0.0.1:{self.port}/api/webhook/health")

    def jobs_in_flight(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}/metrics", timeout=10) as response:
            lines = response.read().decode().splitlines()
        return sum(int(line.split()[-1]) for line in lines if line.startswith("rejoinder_jobs_in_flight"))


def ask(url):
    with urllib.request.urlopen(url, timeout=10) as response:
        return json.load(response)


async def exchange(reader, writer, request):
    """Sends a request and returns the head and the body of its answer."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
    return head, await reader.readexactly(length)
