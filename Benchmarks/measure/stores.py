"""Private Redis, Postgres and nginx on loopback."""

import os
import pwd
import shutil
import socket
from pathlib import Path

from .machine import BenchError, answers, free_port, wait_until


class Redis:
    """A Redis server with an empty folder: AOF `everysec` unless said otherwise, nothing evicted."""

    def __init__(self, machine, fsync="everysec"):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        folder = machine.new_folder("redis")
        self.running = machine.start("redis", [
            "redis-server", "--port", self.port, "--bind", "127.0.0.1", "--dir", folder, "--save", "",
            "--appendonly", "no" if fsync == "none" else "yes", "--appendfsync", fsync if fsync != "none" else "no",
            "--maxmemory-policy", "noeviction"])
        self.connection = None
        wait_until(self.is_ready, 10, "redis")

    def is_ready(self):
        self.running.check()
        try:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.reader = self.connection.makefile("rb")
            return self.ask("PING") == b"PONG"
        except OSError:
            return False

    def ask(self, *words):
        return self.ask_all([words])[0]

    def ask_all(self, commands):
        """The replies to several commands that are sent at once."""
        request = b""
        for words in commands:
            request += b"*%d\r\n" % len(words)
            for word in words:
                word = word if isinstance(word, bytes) else str(word).encode()
                request += b"$%d\r\n%s\r\n" % (len(word), word)
        self.connection.sendall(request)
        return [self.reply() for _ in commands]

    def reply(self):
        line = self.reader.readline()
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise BenchError(f"redis: {rest.decode()}")
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self.reader.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self.reply() for _ in range(int(rest))]
        return rest

    def info(self, section):
        """A section of INFO: name -> text."""
        lines = self.ask("INFO", section).decode().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def calls(self, command):
        """How often a command ran since the server started."""
        said = self.info("commandstats").get(f"cmdstat_{command}", "calls=0")
        return int(said.split(",")[0].removeprefix("calls="))

    def keys(self, pattern):
        """All keys that match, found without blocking the server."""
        cursor, found = b"0", []
        while True:
            cursor, page = self.ask("SCAN", cursor, "MATCH", pattern, "COUNT", 1000)
            found += page
            if cursor == b"0":
                return found


class Postgres:
    """A Postgres server with an empty database `rejoinder`, safe settings, trust on loopback."""

    def __init__(self, machine):
        self.machine, self.port = machine, free_port()
        self.url = f"postgres://rejoinder@127.0.0.1:{self.port}/rejoinder"
        # Refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        folder = machine.new_folder("postgres")
        if self.user:
            shutil.chown(folder, pwd.getpwnam(self.user).pw_uid)
        programs = postgres_programs()
        machine.run([programs / "initdb", "--pgdata", folder / "data", "--auth", "trust", "--username", "rejoinder",
                     "--encoding", "UTF8", "--no-locale", "--no-sync"], user=self.user, cwd=folder)
        self.psql = programs / "psql"
        self.running = machine.start("postgres", [
            programs / "postgres", "-D", folder / "data", "-p", self.port, "-c", "listen_addresses=127.0.0.1",
            "-c", f"unix_socket_directories={folder}"], user=self.user, cwd=folder)
        wait_until(self.is_ready, 20, "postgres")

    def is_ready(self):
        self.running.check()
        try:
            self.execute("CREATE DATABASE rejoinder", database="postgres")
            return True
        except BenchError:
            return False

    def execute(self, sql, database="rejoinder"):
        url = f"postgres://rejoinder@127.0.0.1:{self.port}/{database}"
        return self.machine.run([self.psql, url, "--no-psqlrc", "--quiet", "--tuples-only", "--command", sql])


def postgres_programs():
    """The folder of Debian's newest Postgres, or of the one on PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if versions:
        return versions[-1].parent
    found = shutil.which("postgres")
    if not found:
        raise BenchError("no postgres on this machine")
    return Path(found).parent


class Nginx:
    """nginx that answers every request with a fixed 200: what HTTP itself costs here."""

    def __init__(self, machine):
        self.port = free_port()
        folder = machine.new_folder("nginx")
        temporary = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in
                              ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(f"""
            {user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
            events {{ worker_connections 1024; }}
            http {{
                access_log off; keepalive_requests 100000000; {temporary}
                server {{
                    listen 127.0.0.1:{self.port};
                    default_type application/json;
                    location / {{ return 200 '{{"ok":true,"accepted":1,"duplicates":0,"ignored":0}}'; }}
                }}
            }}""")
        self.running = machine.start("nginx", ["nginx", "-p", folder, "-c", folder / "nginx.conf",
                                               "-e", folder / "error.log"])
        wait_until(self.is_ready, 10, "nginx")

    def is_ready(self):
        self.running.check()
        return answers(f"http://127.0.0.1:{self.port}/")
