"""Who is measured: Rejoinder's own programs, and the peer in Flask. The queues beside ours are in queues.py."""

import shutil
import sys
from pathlib import Path

from .machine import BenchError, answers, free_port, wait_until

HERE = Path(__file__).resolve().parent.parent
SECRET = "a secret of the benchmark"
NO_DATABASE = "postgres://nobody@127.0.0.1:1/none"


class Rejoinder:
    """The release build. Each method starts one program on the given stores and waits until it is ready."""

    name = "Rejoinder"

    def __init__(self, programs):
        self.programs = Path(programs).resolve()
        if not (self.programs / "rejoinder-api").exists():
            raise BenchError(f"no programs in {self.programs}: run `make release`")

    def environment(self, redis, postgres=None, **more):
        """`postgres` may be left away for commands that use the queue only."""
        return {"REDIS_URL": redis.url, "DATABASE_URL": postgres.url if postgres else NO_DATABASE,
                "INTERNAL_SECRET": SECRET, "DEFAULT_BUSINESS": "bench", "API_HOST": "127.0.0.1",
                "LOG_FORMAT": "json"} | more

    def api(self, machine, redis, postgres, **settings):
        port = free_port()
        environment = self.environment(redis, postgres, API_PORT=str(port), **settings)
        running = machine.start("api", [self.programs / "rejoinder-api"], environment)
        return running, self.ready(running, port)

    def worker(self, machine, redis, postgres, **settings):
        return self.service(machine, "worker", redis, postgres, **settings)

    def scheduler(self, machine, redis, postgres, **settings):
        return self.service(machine, "scheduler", redis, postgres, **settings)

    def service(self, machine, name, redis, postgres, **settings):
        port = free_port()
        environment = self.environment(redis, postgres, METRICS_PORT=str(port), **settings)
        running = machine.start(name, [self.programs / f"rejoinder-{name}"], environment)
        return running, self.ready(running, port)

    def simulator(self, machine, **settings):
        """The gateway and AI stand-in."""
        port = free_port()
        environment = {"INTERNAL_SECRET": SECRET, "SIMULATOR_HOST": "127.0.0.1", "SIMULATOR_PORT": str(port)} | settings
        running = machine.start("simulator", [self.programs / "rejoinder-simulator"], environment)
        return running, self.ready(running, port)

    def command(self, machine, redis, postgres, *words, timeout=120, **settings):
        """Runs `rejoinder` with these words to its end. Returns what it printed."""
        return machine.run([self.programs / "rejoinder", *words], self.environment(redis, postgres, **settings),
                           timeout=timeout)

    def start_command(self, machine, redis, *words, **settings):
        """Starts `rejoinder` with these words, which uses the queue only."""
        return machine.start(words[0], [self.programs / "rejoinder", *words], self.environment(redis, **settings))

    def ready(self, running, port):
        wait_until_ready(running, port)
        return port


class FlaskRQ:
    """The peer for webhooks: gunicorn with a process for each core, threads in each, and RQ."""

    name = "Flask + gunicorn + RQ"

    def __init__(self, machine):
        self.python = python_with("flask_rq", machine)

    def api(self, machine, redis, postgres):
        port = free_port()
        running = machine.start("gunicorn", [
            self.python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", 2, "--threads", 32,
            "--worker-class", "gthread", "--log-level", "warning", "app:app"], peer_environment("flask_rq", redis))
        wait_until_ready(running, port)
        return running, port


def wait_until_ready(running, port):
    def is_ready():
        running.check()
        return answers(f"http://127.0.0.1:{port}/health/ready")

    wait_until(is_ready, 20, running.name)


def peer_folder(name):
    return HERE / "peer" / name


def peer_environment(name, redis):
    return {"REDIS_URL": redis.url, "INTERNAL_SECRET": SECRET, "PYTHONPATH": str(peer_folder(name)),
            "PYTHONDONTWRITEBYTECODE": "1"}


def python_with(name, machine):
    """The Python of a peer's venv, made once and again when its requirements change."""
    venv, wanted = HERE / ".venv" / name, peer_folder(name) / "requirements.txt"
    marker = venv / "requirements.txt"
    if not marker.exists() or marker.read_text() != wanted.read_text():
        print(f"making the venv of {name}", file=sys.stderr)
        shutil.rmtree(venv, ignore_errors=True)
        machine.run([sys.executable, "-m", "venv", venv])
        machine.run([venv / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted],
                    timeout=600)
        shutil.copy(wanted, marker)
    return venv / "bin/python"
