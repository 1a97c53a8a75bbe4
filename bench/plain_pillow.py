"""The same renditions by Pillow alone, as one would write it in ten lines: the yardstick of `bench photo`.

    python -m bench.plain_pillow FILE ...

Prints the same JSON as tests/photos/measuring.py.
"""

from __future__ import annotations

import io
import json
import sys
import time

import pillow_heif
from PIL import Image, ImageOps

from tests.photos.measuring import memory


def main() -> None:
    """Make 1600, 800 and 400 pixels of each file; no limits, no colour profiles, one picture after another."""
    pillow_heif.register_heif_opener(thumbnails=False)
    idle, began, cpu = memory("VmRSS"), time.perf_counter(), time.process_time()
    for name in sys.argv[1:]:
        with Image.open(name) as picture:
            picture.draft("RGB", (1600, 1600))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
        for size in (1600, 800, 400):
            upright.thumbnail((size, size))
            upright.save(io.BytesIO(), "WEBP", quality=80)
    spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    print(json.dumps({"rise": memory("VmHWM") - idle, "done": len(sys.argv) - 1, **spent}))


if __name__ == "__main__":
    main()
