"""Draw the icons of the installed app from the mark: a circle of children with the teacher in it.

    .venv/bin/python scripts/app_icons.py

The maskable ones keep the mark inside the safe zone (a circle of 80 % of the width, W3C manifest).
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "kring/core/static/img/app"
BOARD, CHILDREN, TEACHER = "#20483a", "#f7f5ea", "#f3cf74"
SHARP = 4  # drawn larger and made smaller, for smooth edges


def draw(size: int, *, maskable: bool) -> Image.Image:
    """Return the icon of `size` pixels: the mark on the board, to the edge when `maskable`, else with round corners."""
    big = size * SHARP
    picture = Image.new("RGBA", (big, big), BOARD if maskable else (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    if not maskable:
        pen.rounded_rectangle((0, 0, big - 1, big - 1), radius=big * 0.22, fill=BOARD)
    radius = big * (0.27 if maskable else 0.33)
    for place in range(12):
        if place == 1:
            continue  # the open place: the circle lets you in
        angle = math.radians(15 + 30 * place)
        x, y = big / 2 + radius * math.cos(angle), big / 2 + radius * math.sin(angle)
        is_teacher = place == 7
        dot = radius * (0.215 if is_teacher else 0.158)
        pen.ellipse((x - dot, y - dot, x + dot, y + dot), fill=TEACHER if is_teacher else CHILDREN)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def badge(size: int) -> Image.Image:
    """Return the mark in white on nothing: a telephone colours it itself, small, in its status bar."""
    big = size * SHARP
    picture = Image.new("LA", (big, big), (255, 0))
    pen = ImageDraw.Draw(picture)
    for place in range(12):
        if place == 1:
            continue
        angle = math.radians(15 + 30 * place)
        x, y = big / 2 + 0.37 * big * math.cos(angle), big / 2 + 0.37 * big * math.sin(angle)
        dot = big * (0.09 if place == 7 else 0.068)
        pen.ellipse((x - dot, y - dot, x + dot, y + dot), fill=(255, 255))
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> int:
    """Write all icons."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for size in (192, 512):
        draw(size, maskable=False).save(FOLDER / f"icon-{size}.png", optimize=True)
        draw(size, maskable=True).save(FOLDER / f"maskable-{size}.png", optimize=True)
    badge(96).save(FOLDER / "badge-96.png", optimize=True)
    draw(180, maskable=True).save(FOLDER / "icon-180.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
