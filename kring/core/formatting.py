"""Light formatting: what a teacher types becomes a few safe tags. No editor, no HTML to type.

A blank line starts a paragraph, `*bold*`, `_slanted_`, lines that begin with "- " or "1. " are lists, and addresses
become links. Everything is escaped first and cleaned by nh3 afterwards.
"""

from __future__ import annotations

import re
from html import escape

from kring.core.html import clean_html

_ADDRESS = re.compile(r"(?P<web>(?:https?://|www\.)[^\s<>]+)|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,300}?)(?<=\S)\*(?![\w*])")
_SLANTED = re.compile(r"(?<![\w_])_(?=\S)([^_\n]{1,300}?)(?<=\S)_(?![\w_])")
_BULLET = re.compile(r"^\s*[-*•]\s+(.*)$")
_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s+(.*)$")
_TAIL = ".,;:!?)"


def _link(found: re.Match[str]) -> str:
    if found["mail"]:
        return f'<a href="mailto:{found["mail"]}">{found["mail"]}</a>'
    address = found["web"]
    # "(see www.school.nl)." does not mean the bracket and the full stop.
    tail = ""
    while address and (address[-1] in _TAIL or address.endswith("&quot")):
        address, tail = address[:-1], address[-1] + tail
    target = address if address.startswith("http") else f"https://{address}"
    return f'<a href="{target}">{address}</a>{tail}'


def _inline(text: str) -> str:
    out, last = [], 0
    safe = escape(text)
    for found in _ADDRESS.finditer(safe):
        out += [_emphasis(safe[last : found.start()]), _link(found)]
        last = found.end()
    return "".join([*out, _emphasis(safe[last:])])


def _emphasis(safe: str) -> str:
    return _SLANTED.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", safe))


def _block(lines: list[str]) -> str:
    for pattern, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        found = [pattern.match(line) for line in lines]
        if all(found):
            return f"<{tag}>" + "".join(f"<li>{_inline(m[1])}</li>" for m in found if m) + f"</{tag}>"
    return "<p>" + "<br>".join(_inline(line) for line in lines) + "</p>"


def _kind_of(line: str) -> str:
    return "ul" if _BULLET.match(line) else "ol" if _NUMBER.match(line) else "p"


def to_html(source: str) -> str:
    """Return the safe HTML of what was typed. Empty text gives an empty string."""
    blocks: list[list[str]] = []
    previous = ""
    for line in source.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        kind = _kind_of(line) if line.strip() else ""
        if kind and kind == previous:
            blocks[-1].append(line.strip())
        elif kind:
            blocks.append([line.strip()])
        previous = kind
    return clean_html("".join(_block(lines) for lines in blocks))
