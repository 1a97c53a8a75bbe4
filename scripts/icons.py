"""Build the icon sprite from a folder of lucide icons (npm package lucide-static, ISC licence).

    .venv/bin/python scripts/icons.py FOLDER

FOLDER holds one SVG per icon. Each becomes a <symbol> named as the icon; `{% icon "bell" %}` draws it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPRITE = ROOT / "kring/core/static/img/icons.svg"
WANTED = """
archive arrow-down arrow-left arrow-right arrow-up arrow-up-down at-sign award baby backpack badge-check ban bell
bell-off bike bold book-heart book-open bookmark briefcase building building-2 bus cake calendar calendar-check
calendar-clock calendar-days calendar-plus calendar-range calendar-x-2 camera cat check check-check chevron-down
chevron-left chevron-right chevron-up chevrons-left chevrons-right circle circle-alert circle-check circle-help
circle-plus circle-user-round circle-x clipboard-check clipboard-list clock cloud-off copy crop database dot door-open
download droplets ellipsis ellipsis-vertical external-link eye eye-off file file-archive file-check file-down
file-spreadsheet file-text file-up fingerprint-pattern flag folder footprints funnel gift globe graduation-cap grid-2x2
grip-vertical hand-helping hand-heart headphones heart heart-handshake history hourglass house image image-off
image-plus images inbox info italic key key-round keyboard landmark languages laptop layers layout-list leaf library
life-buoy lightbulb link link-2-off list list-checks list-ordered list-plus list-todo loader-circle lock lock-open
log-in log-out mail mail-check mail-open map map-pin medal megaphone menu message-circle message-circle-question-mark
message-square messages-square mic minus monitor moon music newspaper notebook-pen package palette paperclip
party-popper pause pencil pencil-line phone phone-call pin play plus printer puzzle qr-code quote redo-2 refresh-cw
reply rocket
rotate-ccw rotate-cw route save scale school scissors scroll-text search send server settings share share-2 shield
shield-alert shield-check ship shirt shopping-bag sliders-horizontal smartphone smile snowflake sparkles sprout
square-check square-pen star sticky-note stethoscope sun sunrise table tablet tag target tent thermometer thumbs-up
timer trash-2 tree-deciduous triangle-alert trophy truck tv type underline undo-2 unlink upload user user-check user-cog
user-minus user-plus user-round user-round-check user-round-cog user-round-plus user-round-x user-x users users-round
utensils video volume-2 wallet wand-sparkles waves wifi-off wrench x zap zoom-in
"""
# The name that a template uses, and the file that draws it where lucide renamed it.
ALIASES = {"circle-help": "circle-question-mark", "filter": "funnel", "unlock": "lock-open"}


def symbol(name: str, svg: str) -> str:
    """Return the <symbol> for one icon file: its shapes only, without comment, class or size."""
    shapes = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
    if shapes is None:
        raise SystemExit(f"{name}: this file holds no drawing.")
    drawing = re.sub(r">\s+<", "><", shapes.group(1).strip())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>'


def main() -> int:
    """Write the sprite; say which icon is missing."""
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    folder = Path(sys.argv[1])
    wanted = {name: ALIASES.get(name, name) for name in [*WANTED.split(), *ALIASES]}
    missing = [source for source in wanted.values() if not (folder / f"{source}.svg").exists()]
    if missing:
        print(f"Not in {folder}: {', '.join(sorted(missing))}")
        return 1
    symbols = [symbol(name, (folder / f"{source}.svg").read_text()) for name, source in sorted(wanted.items())]
    SPRITE.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")
    print(f"{len(symbols)} icons, {SPRITE.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
