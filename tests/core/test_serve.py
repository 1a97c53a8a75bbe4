from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kring.core.serve import web_command

ROOT = Path(__file__).resolve().parents[2]
WAIT = 60.0
RUN = """
import sys
from kring.core.serve import Supervisor
sys.exit(Supervisor({{"web": {web}, "worker": {worker}}}).run())
"""
ENDS = [sys.executable, "-c", "import time; time.sleep(1)"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"]


def stays(note: Path) -> list[str]:
    """A child that leaves its process id in `note` and stays until it is told to end."""
    return [sys.executable, "-c", f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"]


def supervise(tmp_path: Path, web: list[str], worker: list[str]) -> subprocess.Popen[bytes]:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path), "KRING_MODE": "test"}
    return subprocess.Popen(  # noqa: S603  our own Python
        [sys.executable, "-c", RUN.format(web=web, worker=worker)], cwd=ROOT, env=env
    )


def process_in(note: Path) -> int:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        if note.exists() and note.read_text():
            return int(note.read_text())
        time.sleep(0.05)
    raise AssertionError("The child did not start.")


def is_gone(pid: int) -> bool:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            if "Z" in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]:
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_stops_both(tmp_path, how):
    process = supervise(tmp_path, stays(tmp_path / "web"), stays(tmp_path / "worker"))
    children = [process_in(tmp_path / "web"), process_in(tmp_path / "worker")]
    process.send_signal(how)
    assert process.wait(WAIT) == 0
    assert all(map(is_gone, children))


def test_when_one_ends_the_other_is_stopped_and_the_exit_code_says_so(tmp_path):
    process = supervise(tmp_path, stays(tmp_path / "web"), ENDS)
    web = process_in(tmp_path / "web")
    assert process.wait(WAIT) == 1
    assert is_gone(web)


def test_a_child_that_will_not_listen_is_killed(tmp_path):
    process = supervise(tmp_path, stays(tmp_path / "web"), STUBBORN)
    process_in(tmp_path / "web")
    process.send_signal(signal.SIGTERM)
    assert process.wait(WAIT) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="The kernel of Linux ends the children; others leave them.")
def test_children_end_when_the_supervisor_is_killed(tmp_path):
    process = supervise(tmp_path, stays(tmp_path / "web"), stays(tmp_path / "worker"))
    children = [process_in(tmp_path / "web"), process_in(tmp_path / "worker")]
    process.kill()
    process.wait()
    assert all(map(is_gone, children))


def test_the_web_server_listens_where_it_is_told_and_holds_back():
    command = web_command(host="127.0.0.1", port=8010, workers=1)
    options = dict(zip(command[3:-1:2], command[4:-1:2], strict=False))
    assert options["--host"] == "127.0.0.1"
    assert options["--port"] == "8010"
    assert options["--interface"] == "rsgi"
    assert int(options["--workers-kill-timeout"]) < 5
    assert int(options["--backpressure"]) > 5000, "a page that is open keeps its connection"
