"""Photos: twenty of a phone to all renditions beside plain Pillow, and twenty of 48 megapixels sent at once."""

from __future__ import annotations

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

from bench.servers import ROOT, Server, memory_of, serving

LARGE = (8064, 6048)
SENDERS = 4  # browsers that send at once


def photo() -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory() as folder:
        _beside_pillow(phone_photos(Path(folder)))
        _sent_at_once(large_photos(Path(folder)))


def like_a_photo(width: int, height: int) -> Image.Image:
    """Return a picture with soft parts, fine parts and sharp edges, the same each time."""
    chance = random.Random(1)
    soft, fine = (Image.effect_noise((width // part, height // part), 60).resize((width, height)) for part in (32, 3))
    grey = Image.blend(soft, fine, 0.3)
    image = Image.merge("RGB", (grey, ImageChops.offset(grey, 200, 80), ImageChops.offset(grey, -300, 50)))
    draw = ImageDraw.Draw(image)
    for _ in range(300):
        x, y = chance.randrange(width), chance.randrange(height)
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.line((x, y, x + chance.randrange(-300, 300), y + chance.randrange(-300, 300)), colour, 3)
    return image


def phone_photos(folder: Path) -> list[Path]:
    """Return twenty files of a phone: 15 JPEG of 12 megapixels, some on their side, 3 HEIC, 2 screenshots."""
    from tests.photos import pictures, profiles

    image = like_a_photo(4032, 3024)
    found = []
    for number, orientation in enumerate((1, 6, 8)):
        path = folder / f"{number}.jpg"
        exif = pictures.telltale_exif(orientation)
        p3 = profiles.rgb_profile(profiles.DISPLAY_P3)
        image.save(path, "JPEG", quality=90, exif=exif, icc_profile=p3)
        found += [path] * 5
    heic = folder / "phone.heic"
    image.save(heic, "HEIF", quality=50, tile_size=512)
    shot = folder / "screen.png"
    like_a_photo(1170, 2532).quantize(64).convert("RGB").save(shot)
    return [*found, *[heic] * 3, *[shot] * 2]


def large_photos(folder: Path) -> list[Path]:
    """Return twenty files of 48 megapixels: 10 JPEG, 6 HEIC, 4 PNG."""
    from tests.photos import heics, pictures

    jpeg, heic, png = (folder / name for name in ("large.jpg", "large.heic", "large.png"))
    like_a_photo(*LARGE).save(jpeg, "JPEG", quality=85)
    heic.write_bytes(heics.grid_of(*LARGE, pictures.RED))
    Image.new("RGB", LARGE, pictures.RED).save(png, "PNG", compress_level=1)
    return [*[jpeg] * 10, *[heic] * 6, *[png] * 4]


def _beside_pillow(files: list[Path]) -> None:
    names = list(map(str, files))
    ours = _asked("tests.photos.measuring", "1", "small", *names)
    plain = _asked("bench.plain_pillow", *names)
    print(f"{len(files)} photos of a phone to 400, 800 and 1600 px WebP, one after another:")
    for name, found in (("Kring", ours), ("plain Pillow", plain)):
        print(
            f"  {name:<14}{found['seconds']:6.1f} s  {found['cpu']:6.1f} s CPU  "
            f"{found['rise'] / 1e6:5.0f} MB above the idle process"
        )
    print(f"  ratio {ours['cpu'] / plain['cpu']:.2f}x CPU, {ours['rise'] / plain['rise']:.2f}x memory")


def _asked(module: str, *arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _sent_at_once(files: list[Path]) -> None:
    """Send them from several browsers at once to the real web server, and let a real worker make them ready."""
    from bench.schools import build, cookie_for
    from kring.photos.models import Photo

    bench = build(name="Foto's", groups=1, children=25, guardians=40, posts_a_group=0, years=1)
    address = f"/school/{bench.school.public_id}/groups/{bench.groups[0].public_id}/photos/"
    cookie = cookie_for(bench.teacher)
    before = Photo.objects.count()
    with serving("config.wsgi:application", threads=4) as server, _worker() as worker:
        _send(server, address, cookie, files[0], number=99)  # what is loaded once belongs to the idle process
        _until_ready(before + 1)
        idle = [memory_of(pid) for pid in (server.process.pid, worker.pid)]
        began = time.perf_counter()
        answers = _send_all(server, address, cookie, files)
        sent = time.perf_counter() - began
        _until_ready(before + 1 + len(files))
        ready = time.perf_counter() - began
        rise = [memory_of(pid, highest=True) for pid in (server.process.pid, worker.pid)]
    print(f"{len(files)} photos of 48 megapixels from {SENDERS} browsers at once:")
    print(f"  sent after {sent:.1f} s, answers p50 {statistics.median(answers):.2f} s, all ready after {ready:.1f} s")
    for name, low, high in zip(("web server", "worker"), idle, rise, strict=True):
        print(f"  {name:<12} {low / 1e6:5.0f} MB idle, at most {(high - low) / 1e6:.0f} MB more")


@contextmanager
def _worker() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "manage.py", "worker"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=quiet, stderr=quiet)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def _send(server: Server, address: str, cookie: str, path: Path, number: int) -> float:
    from bench.schools import CSRF

    # A byte behind the picture makes every file another one; the worker sees what a phone sent.
    content = path.read_bytes() + bytes([number])
    head = f'--line\r\nContent-Disposition: form-data; name="photo_files"; filename="{number}.jpg"\r\n'
    body = head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n--line--\r\n"
    headers = {
        "Host": "localhost",
        "Cookie": cookie,
        "X-CSRFToken": CSRF,
        "HX-Request": "true",
        "Content-Type": "multipart/form-data; boundary=line",
    }
    connection = server.connection()
    began = time.perf_counter()
    connection.request("POST", address, body=body, headers=headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status != 200 or b"data-photo=" not in text:
        raise SystemExit(f"{address} answered {answer.status}: {text[:300]!r}")
    return time.perf_counter() - began


def _send_all(server: Server, address: str, cookie: str, files: list[Path]) -> list[float]:
    """Return the seconds of each answer."""
    with ThreadPoolExecutor(SENDERS) as browsers:
        sent = [browsers.submit(_send, server, address, cookie, path, number) for number, path in enumerate(files)]
        return [one.result() for one in sent]


def _until_ready(count: int) -> None:
    """Wait until so many photos are ready."""
    from kring.photos.models import Photo

    for _ in range(6_000):
        time.sleep(0.1)
        if Photo.objects.filter(state="failed").exists():
            raise SystemExit("A photo failed.")
        if Photo.objects.ready().count() >= count:
            return
    raise SystemExit("The worker did not get ready.")
