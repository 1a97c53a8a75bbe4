"""How much memory a process takes while it makes pictures: run as a program of its own by test_memory.py and the bench.

    python -m tests.photos.measuring THREADS KEEP_FULL FILE ...

Prints JSON: for all files together the highest memory above that of the idle process, in bytes, and seconds of the
clock and of CPU.
"""

from __future__ import annotations

import io
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from kring.photos import processing


def memory(name: str) -> int:
    """Return `VmRSS` (now) or `VmHWM` (the highest so far) of this process in bytes (proc(5), Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


def main() -> None:
    """Make the renditions of every file, with several threads that ask at once."""
    threads, keep_full, files = int(sys.argv[1]), sys.argv[2] == "full", [Path(name) for name in sys.argv[3:]]
    small = io.BytesIO()
    Image.new("RGB", (64, 64)).save(small, "JPEG")
    processing.make_renditions(small)  # what is loaded once belongs to the idle process
    idle, began, cpu = memory("VmRSS"), time.perf_counter(), time.process_time()

    def make(path: Path) -> None:
        with path.open("rb") as upload:
            processing.make_renditions(upload, keep_full=keep_full)

    with ThreadPoolExecutor(threads) as pool:
        done = len(list(pool.map(make, files)))
    spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    print(json.dumps({"rise": memory("VmHWM") - idle, "done": done, **spent}))  # noqa: T201


if __name__ == "__main__":
    main()
