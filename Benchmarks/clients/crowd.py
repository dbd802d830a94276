#!/usr/bin/env python3
"""Connections that never send anything, for `bench --only hostile`: crowd.py PORT COUNT.

Prints `ready` when all were made. Each further line it prints tells, every 100 ms, how many are open and how many the
server ended, without a word or with which status.
"""

import json
import resource
import select
import socket
import sys
import time


def main(port, count):
    poll, sockets, ended = select.epoll(), {}, {}

    def look(seconds):
        for descriptor, _ in poll.poll(seconds):
            with sockets.pop(descriptor) as one:
                try:
                    words = one.recv(64).split(b" ")
                except OSError:
                    words = []
            kind = words[1].decode() if len(words) > 1 else "none"
            ended[kind] = ended.get(kind, 0) + 1

    for number in range(count):
        # Each address has some 28,000 ports.
        one = socket.create_connection(("127.0.0.1", port), 20, (f"127.0.0.{2 + number % 4}", 0))
        sockets[one.fileno()] = one
        poll.register(one, select.EPOLLIN | select.EPOLLRDHUP)
        if number % 100 == 99:
            look(0)
    print("ready", flush=True)
    while True:
        until = time.monotonic() + 0.1
        while (left := until - time.monotonic()) > 0:
            look(left)
        print(json.dumps({"open": len(sockets), "ended": ended}), flush=True)


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    main(int(sys.argv[1]), int(sys.argv[2]))
