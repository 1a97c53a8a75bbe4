"""Large photos cost little memory: whatever the kind of file, less than 300 MB above the idle process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from kring.photos import processing
from kring.photos.rules import Fault
from tests.photos import heics
from tests.photos import pictures as make

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 300_000_000
WIDTH, HEIGHT = 8064, 6048  # 48 megapixels, as a phone takes them

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="Memory is read from /proc, which this system has not."
)


def rise(*files: Path, threads: int = 1, keep: str = "small") -> int:
    """Return how many bytes a process of its own took at most above its idle state."""
    command = [sys.executable, "-m", "tests.photos.measuring", str(threads), keep, *map(str, files)]
    # The suite lets memory stay with the process that had it (Makefile); what is measured is a process of production.
    own = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=True)  # noqa: S603
    found = json.loads(done.stdout)
    assert found["done"] == len(files)
    return int(found["rise"])


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a file of 48 megapixels of each kind; WebP has fewer, as many as it may."""
    folder = tmp_path_factory.mktemp("large")
    flat = Image.new("RGB", (WIDTH, HEIGHT), make.RED)
    found = {}
    for name, kind, options in (
        ("jpeg", "JPEG", {}),
        ("progressive", "JPEG", {"progressive": True}),
        ("png", "PNG", {"compress_level": 1}),
    ):
        flat.save(folder / name, kind, **options)
        found[name] = folder / name
    flat.convert("RGBA").save(folder / "clear", "PNG", compress_level=1)
    Image.new("RGB", (6400, 6200), make.RED).save(folder / "square", "JPEG")  # just too small to be decoded smaller
    Image.new("RGB", (4900, 3800), make.RED).save(folder / "webp", "WEBP", method=0)
    (folder / "heic").write_bytes(heics.grid_of(WIDTH, HEIGHT, make.RED))
    return found | {name: folder / name for name in ("clear", "square", "webp", "heic")}


@pytest.mark.parametrize("kind", ["jpeg", "progressive", "png", "clear", "square", "webp", "heic"])
def test_a_photo_of_48_megapixels_takes_less_than_300_mb(large: dict[str, Path], kind: str) -> None:
    assert rise(large[kind]) < LIMIT


def test_many_take_no_more_than_one(large: dict[str, Path]) -> None:
    files = [large[kind] for kind in ("heic", "png", "heic", "jpeg", "heic")]
    assert rise(*files, threads=4, keep="full") < LIMIT


def test_what_would_take_more_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "webp"
    Image.new("RGB", (5200, 3800), make.RED).save(path, "WEBP", method=0)
    with path.open("rb") as upload, pytest.raises(processing.Unfit) as refused:
        processing.look(upload)
    assert refused.value.fault == Fault.HEAVY
