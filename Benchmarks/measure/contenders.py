"""Who is measured: Rejoinder's own programs, and the peer in Flask and RQ."""

import shutil
import sys
from pathlib import Path

from .machine import BenchError, answers, free_port, wait_until

HERE = Path(__file__).resolve().parent.parent
SECRET = "a secret of the benchmark"


class Rejoinder:
    """The release build. Each method starts one program on the given stores and waits until it is ready."""

    name = "Rejoinder"

    def __init__(self, programs):
        self.programs = Path(programs).resolve()
        if not (self.programs / "rejoinder-api").exists():
            raise BenchError(f"no programs in {self.programs}: run `make release`")

    def environment(self, redis, postgres, **more):
        return {"REDIS_URL": redis.url, "DATABASE_URL": postgres.url, "INTERNAL_SECRET": SECRET,
                "DEFAULT_BUSINESS": "bench", "API_HOST": "127.0.0.1", "LOG_FORMAT": "json"} | more

    def api(self, machine, redis, postgres, **settings):
        port = free_port()
        environment = self.environment(redis, postgres, API_PORT=str(port), **settings)
        running = machine.start("api", [self.programs / "rejoinder-api"], environment)
        return running, self.ready(running, port)

    def worker(self, machine, redis, postgres, **settings):
        port = free_port()
        environment = self.environment(redis, postgres, METRICS_PORT=str(port), **settings)
        running = machine.start("worker", [self.programs / "rejoinder-worker"], environment)
        return running, self.ready(running, port)

    def simulator(self, machine, **settings):
        """The gateway and AI stand-in."""
        port = free_port()
        environment = {"INTERNAL_SECRET": SECRET, "SIMULATOR_HOST": "127.0.0.1", "SIMULATOR_PORT": str(port)} | settings
        running = machine.start("simulator", [self.programs / "rejoinder-simulator"], environment)
        return running, self.ready(running, port)

    def command(self, machine, redis, postgres, *words):
        return machine.run([self.programs / "rejoinder", *words], self.environment(redis, postgres))

    def ready(self, running, port):
        def is_ready():
            running.check()
            return answers(f"http://127.0.0.1:{port}/health/ready")

        wait_until(is_ready, 20, running.name)
        return port


class FlaskRQ:
    """The peer: gunicorn with a process for each core, threads in each, and RQ."""

    name = "Flask + gunicorn + RQ"

    def __init__(self, machine):
        self.python = self.prepare(machine)

    def prepare(self, machine):
        """A venv beside this folder, made once and again when the requirements change."""
        venv, wanted = HERE / ".venv", HERE / "peer" / "requirements.txt"
        marker = venv / "requirements.txt"
        if not marker.exists() or marker.read_text() != wanted.read_text():
            print("making the peer's venv", file=sys.stderr)
            shutil.rmtree(venv, ignore_errors=True)
            machine.run([sys.executable, "-m", "venv", venv])
            machine.run([venv / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted],
                        timeout=600)
            shutil.copy(wanted, marker)
        return venv / "bin/python"

    def environment(self, redis):
        return {"REDIS_URL": redis.url, "INTERNAL_SECRET": SECRET, "PYTHONPATH": str(HERE / "peer"),
                "PYTHONDONTWRITEBYTECODE": "1"}

    def api(self, machine, redis, postgres):
        port = free_port()
        running = machine.start("gunicorn", [
            self.python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", 2, "--threads", 32,
            "--worker-class", "gthread", "--log-level", "warning", "app:app"], self.environment(redis))

        def is_ready():
            running.check()
            return answers(f"http://127.0.0.1:{port}/health/ready")

        wait_until(is_ready, 20, "gunicorn")
        return running, port

    def worker(self, machine, redis):
        """RQ without a fork for each job, which is its fastest way."""
        return machine.start("rq", [self.python, "-m", "rq.cli", "worker", "--url", redis.url, "--quiet",
                                    "--worker-class", "rq.SimpleWorker", "default"], self.environment(redis))

    def enqueue_noops(self, machine, redis, count):
        machine.run([self.python, HERE / "peer" / "jobs.py", count], self.environment(redis), timeout=300)
