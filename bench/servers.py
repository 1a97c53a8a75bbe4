"""Starting a server and reading what it costs: CPU of its whole process tree, and of PostgreSQL where that serves."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
SHOWN = 4_000  # bytes of what a server said last, shown when it failed
ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_of(pid: int, *, highest: bool = False) -> int:
    """Return the memory of a process and its children in bytes, now or at its highest. Shared pages count for each."""
    total, name = 0, "VmHWM:" if highest else "VmRSS:"
    for one in _tree(pid):
        try:
            status = Path(f"/proc/{one}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(name))
    return total


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _tree(int(child))


def _postgres_pids() -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*/comm"):
        try:
            if entry.read_text().strip() == "postgres":
                yield int(entry.parent.name)
        except (FileNotFoundError, ProcessLookupError):
            continue


@dataclass
class Server:
    """A running web server."""

    process: subprocess.Popen[bytes]
    port: int
    counts_postgres: bool

    def cpu(self) -> float:
        """Return the CPU seconds used so far: web server, application, database."""
        pids = set(_tree(self.process.pid))
        if self.counts_postgres:
            pids |= set(_postgres_pids())
        return sum(map(_cpu_of, pids))

    def connection(self) -> http.client.HTTPConnection:
        """Return a connection that stays open."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)


@contextmanager
def serving(
    application: str, *, threads: int = 1, env: dict[str, str] | None = None, interface: str = "wsgi"
) -> Iterator[Server]:
    """Serve an application (WSGI, or RSGI with open pages) with Granian, one process, until the block ends."""
    port = free_port()
    environment = {**os.environ, **(env or {}), "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        interface,
        "--http",
        "1",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
        *(["--blocking-threads", str(threads)] if interface == "wsgi" else ["--backpressure", "4096"]),
        "--log-level",
        "error",
        "--workers-kill-timeout",
        "3",
        "--no-ws",
        application,
    ]
    # A line for each request is written, because production pays for it, and read only when something goes wrong.
    with tempfile.TemporaryFile() as lines:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, stdout=lines, stderr=subprocess.STDOUT
        )
        try:
            _wait(port, process)
            yield Server(process, port, "postgres" in environment.get("DATABASE_URL", ""))
        except SystemExit:
            lines.seek(max(0, lines.seek(0, os.SEEK_END) - SHOWN))
            sys.stderr.write(lines.read().decode(errors="replace"))
            raise
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("The server did not start.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not answer.")


@dataclass(frozen=True)
class Figure:
    """What one kind of request cost: CPU ms each, and wall-clock ms."""

    cpu_ms: float
    p50_ms: float
    p95_ms: float
    count: int
    a_second: float = 0.0  # requests of one connection, one after another


def measure(server: Server, ask: Callable[[http.client.HTTPConnection, int], None], *, count: int, warm: int) -> Figure:
    """Send `warm` requests unmeasured and `count` measured ones over one connection. `ask(connection, n)` sends one."""
    connection = server.connection()
    for n in range(warm):
        ask(connection, n)
    times = []
    before = server.cpu()
    for n in range(warm, warm + count):
        began = time.perf_counter()
        ask(connection, n)
        times.append((time.perf_counter() - began) * 1000)
    used = server.cpu() - before
    connection.close()
    return Figure(
        used * 1000 / count,
        statistics.median(times),
        sorted(times)[int(count * 0.95) - 1],
        count,
        1000 * count / sum(times),
    )


def getter(path: str, cookie: str = "", expect: int = 200) -> Callable[[http.client.HTTPConnection, int], None]:
    """Return an `ask` that gets `path` and insists on the status."""
    headers = {"Cookie": cookie, "Host": "localhost"} if cookie else {"Host": "localhost"}

    def ask(connection: http.client.HTTPConnection, _n: int) -> None:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != expect:
            raise SystemExit(f"{path} answered {response.status}: {body[:300]!r}")

    return ask


def poster(
    paths: list[str], body: str, cookie: str, expect: int = 302
) -> Callable[[http.client.HTTPConnection, int], None]:
    """Return an `ask` that posts `body` to the n-th path and insists on the status."""
    headers = {"Cookie": cookie, "Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}

    def ask(connection: http.client.HTTPConnection, n: int) -> None:
        connection.request("POST", paths[n], body=body, headers=headers)
        response = connection.getresponse()
        answer = response.read()
        if response.status != expect:
            raise SystemExit(f"{paths[n]} answered {response.status}: {answer[:600]!r}")

    return ask
