"""The well-behaved sender, and which core who runs on."""

import contextlib
import os
import secrets
import sys

from .contenders import HERE, SECRET


def healthy(machine, port, rate, seconds):
    """What a sender sees that posts so many messages a second: see clients/healthy.py."""
    running = machine.start("healthy", [sys.executable, HERE / "clients/healthy.py", port, SECRET, rate, seconds,
                                        secrets.token_hex(6).upper()])
    pin(running, cores()[1])
    return running.result(seconds + 60)


def cores():
    """One for the server and one for the clients; the same if there is only one."""
    have = sorted(os.sched_getaffinity(0))
    return have[0], have[-1]


def pin(running, core):
    with contextlib.suppress(ProcessLookupError):
        for pid in running.family():
            os.sched_setaffinity(pid, {core})
