"""Colour profiles written by hand (ICC.1:2010), and the arithmetic to check what comes of them."""

from __future__ import annotations

import struct

# The colorants of each space as ICC profiles hold them: X, Y and Z of red, green and blue, adapted to D50.
DISPLAY_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
GAMMA = 563 / 256  # as Adobe RGB has it; close to the curve of sRGB and Display P3
D50 = (0.9642, 1.0, 0.8249)
Space = tuple[tuple[float, float, float], ...]
OWNER = "Kanarieprofiel"


def rgb_profile(space: Space) -> bytes:
    """Return a display profile of that space with a gamma curve. Its description holds a telltale name."""
    tags = {b"desc": _description(), b"cprt": b"text" + bytes(4) + b"none\x00", b"wtpt": _xyz(D50)}
    for name, colorant in zip((b"rXYZ", b"gXYZ", b"bXYZ"), space, strict=True):
        tags[name] = _xyz(colorant)
    for name in (b"rTRC", b"gTRC", b"bTRC"):
        tags[name] = _curve()
    return _profile(b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    """Return a profile for grey with that gamma."""
    tags = {b"desc": _description(), b"cprt": b"text" + bytes(4) + b"none\x00", b"wtpt": _xyz(D50)}
    return _profile(b"GRAY", {**tags, b"kTRC": _curve(gamma)})


def in_srgb(colour: tuple[int, int, int], space: Space) -> tuple[int, int, int]:
    """Return what a colour of that space (gamma as above) is in sRGB, clipped to what sRGB can show."""
    light = [(value / 255) ** GAMMA for value in colour]
    xyz = [sum(light[n] * space[n][axis] for n in range(3)) for axis in range(3)]
    found = [sum(row[axis] * xyz[axis] for axis in range(3)) for row in _inverse(SRGB)]
    red, green, blue = (round(255 * _encoded(min(1.0, max(0.0, value)))) for value in found)
    return red, green, blue


def _encoded(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def _inverse(space: Space) -> list[list[float]]:
    """Return the matrix from XYZ to the space: the inverse of the one whose columns are its colorants."""
    m = [[space[column][row] for column in range(3)] for row in range(3)]
    minors = [
        [
            m[(j + 1) % 3][(i + 1) % 3] * m[(j + 2) % 3][(i + 2) % 3]
            - m[(j + 1) % 3][(i + 2) % 3] * m[(j + 2) % 3][(i + 1) % 3]
            for j in range(3)
        ]
        for i in range(3)
    ]
    size = sum(m[0][n] * minors[n][0] for n in range(3))
    return [[value / size for value in row] for row in minors]


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_fixed, values))


def _curve(gamma: float = GAMMA) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)


def _description() -> bytes:
    text = OWNER.encode() + b"\x00"
    return b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78 + -len(text) % 4)


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    place = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        content += bytes(-len(content) % 4)
        table += name + struct.pack(">II", place + len(body), len(content))
        body += content
    size = place + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, b"mntr", space, b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(24) + bytes(4)
    head += b"".join(map(_fixed, D50))
    return head + bytes(128 - len(head)) + table + body
