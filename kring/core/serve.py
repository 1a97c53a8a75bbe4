"""One command that serves: the web server, one worker and, where it is set, the mail that comes in, watched together.
If one ends, the others are stopped."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

import structlog
from django.conf import settings

CONNECTIONS = 8192  # of one web process: every page that is open has one
PATIENCE = 5.0  # seconds for both to end by themselves
log = structlog.get_logger(__name__)


def web_command(*, host: str, port: int, workers: int) -> list[str]:
    """Return the command that starts Granian on RSGI, which serves pages in threads and open pages in its loop
    (core/bridge.py). The number of threads stands in KRING_WEB_THREADS.

    Backpressure is above the number of pages that may be open, because each keeps its connection; the kill timeout
    ends a process that would wait for one.
    """
    options = {
        "--interface": "rsgi",
        "--http": "1",
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--backlog": "1024",
        "--backpressure": str(CONNECTIONS),
        "--workers-kill-timeout": "3",
        "--log-level": "warning",
    }
    flat = [part for pair in options.items() for part in pair]
    return [sys.executable, "-m", "granian", *flat, "--no-ws", "config.rsgi:application"]


def worker_command() -> list[str]:
    """Return the command that starts one worker."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]


def mail_command() -> list[str]:
    """Return the command that takes in requests for help by mail."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "mail_intake"]


def _end_with_parent() -> Callable[[], None] | None:
    """Return what a child runs first on Linux: ask for SIGTERM when its parent dies, also by kill -9."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
    return lambda: libc.prctl(set_parent_death_signal, signal.SIGTERM)


class Supervisor:
    """Starts commands and keeps them together."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.asked_to_stop = threading.Event()

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Ask for the end. Made to be a signal handler."""
        self.asked_to_stop.set()

    def run(self) -> int:
        """Run until asked to stop (returns 0) or until a child ends by itself (returns 1). Blocks."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        before = _end_with_parent()
        for name, command in self.commands.items():
            # Own sessions: Ctrl-C in a terminal goes to the whole group, and here only the supervisor answers it.
            self.children[name] = subprocess.Popen(  # noqa: S603  our own commands, no shell
                command, cwd=settings.BASE_DIR, start_new_session=True, preexec_fn=before, env=dict(os.environ)
            )
        fallen: list[str] = []
        while not self.asked_to_stop.wait(0.2):
            fallen = [name for name, child in self.children.items() if child.poll() is not None]
            if fallen:
                break
        # The children may have had the same signal from a terminal or a container: then ending is no failure.
        for name in fallen:
            log.error("serve.ended", child=name, code=self.children[name].returncode)
        self._end_all()
        return 1 if fallen and not self.asked_to_stop.is_set() else 0

    def _end_all(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + PATIENCE
        for name, child in self.children.items():
            try:
                child.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                log.warning("serve.killed", child=name)
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
