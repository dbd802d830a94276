"""Processes of this machine: started privately, measured through /proc, stopped by their ids."""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
LIBC = ctypes.CDLL(None)
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class BenchError(Exception):
    """Something the benchmark needs did not work; the message says what, and what its log says."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    """Returns the first true value of `condition`, asked every 10 ms."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise BenchError(f"{what}: not within {seconds} s")


def answers(url, timeout=1):
    """Whether a GET of `url` is answered with 200."""
    with contextlib.suppress(urllib.error.URLError, OSError):
        with urllib.request.urlopen(url, timeout=timeout) as response:
            return response.status == 200
    return False


class Running:
    """A process that we started, with the processes it started."""

    def __init__(self, name, process, log):
        self.name, self.process, self.log = name, process, log

    def family(self):
        """The ids of the process and of its living descendants."""
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            for thread in Path(f"/proc/{pid}/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    waiting += map(int, thread.read_text().split())
        return found

    def cpu_seconds(self):
        """User and system time of the family, those of its children included that ended already."""
        total = 0
        for pid in self.family():
            if fields := stat_fields(pid):
                total += sum(int(fields[index]) for index in range(11, 15))
        return total / TICK

    def memory_bytes(self):
        """Resident memory of the family. Pages that two of them share count twice."""
        return sum(int(fields[21]) * PAGE for pid in self.family() if (fields := stat_fields(pid)))

    def check(self):
        if self.process.poll() is not None:
            raise BenchError(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")

    def result(self, seconds):
        """The line of JSON that a command prints which ends within so many seconds, and well."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise BenchError(f"{self.name}: not within {seconds} s\n{self.tail()}") from None
        lines = [line for line in self.tail().splitlines() if line.startswith("{")]
        if status != 0 or not lines:
            raise BenchError(f"{self.name} ended with {status}:\n{self.tail()}")
        return json.loads(lines[-1])

    def tail(self):
        return "\n".join(Path(self.log).read_text(errors="replace").splitlines()[-15:])

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                for pid in self.family():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                self.process.wait()


def stat_fields(pid):
    """The fields of /proc/PID/stat after the name, or none if there is no such process any more."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text[text.rindex(")") + 2:].split()


class Machine:
    """Everything one run starts, in a folder of its own. Leaving the `with` stops and removes all of it."""

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rejoinder-bench-"))
        # Postgres runs as another user than root and must reach its folder.
        self.folder.chmod(0o711)
        self.running, self.count = [], 0
        return self

    def __exit__(self, *_):
        self.stop_all()
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_folder(self, name):
        self.count += 1
        folder = self.folder / f"{self.count}-{name}"
        folder.mkdir()
        return folder

    def start(self, name, command, environment={}, user=None, cwd=None):
        """Starts a server. Its output goes to a file, and it ends with us whatever happens to us."""
        self.count += 1
        log = self.folder / f"{self.count}-{name}.log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [str(word) for word in command], env=clean_environment() | environment, user=user,
                cwd=cwd or self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                preexec_fn=lambda: LIBC.prctl(DIE_WITH_PARENT, signal.SIGTERM))
        running = Running(name, process, log)
        self.running.append(running)
        return running

    def run(self, command, environment={}, user=None, cwd=None, timeout=120):
        """Runs a command to its end and returns what it printed."""
        try:
            done = subprocess.run(
                [str(word) for word in command], env=clean_environment() | environment, user=user,
                cwd=cwd or self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)
        except subprocess.TimeoutExpired:
            raise BenchError(f"{' '.join(map(str, command))}: not within {timeout} s") from None
        if done.returncode != 0:
            raise BenchError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def stop(self, *running):
        for one in running:
            one.stop()
            self.running.remove(one)

    def stop_all(self):
        self.stop(*reversed(self.running))


def clean_environment():
    """PATH and little else, so that settings of the caller's shell do not reach what is measured."""
    return {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TZ") if name in os.environ}
