"""Every event that the code records has a sentence in the log."""

from __future__ import annotations

import re
from pathlib import Path

from kring.audit.words import KINDS, SENTENCES, sentence

ROOT = Path(__file__).resolve().parents[2] / "kring"
NAME = re.compile(r'"((?:school|people|accounts|agreement|comment|document|imports|photo|photos|post)\.[a-z_]+)"')
RECORDED = re.compile(r"\bwhat=\(?\s*(\"[a-z_.]+\"[^,\n]*)")


def test_every_event_has_a_sentence_and_a_kind() -> None:
    found = {
        name
        for path in ROOT.rglob("*.py")
        for line in RECORDED.findall(path.read_text())
        for name in NAME.findall(line)
    }
    assert found - set(SENTENCES) == set()
    beginnings = tuple(begin for _label, group in KINDS.values() for begin in group)
    assert not [name for name in found if not name.startswith(beginnings)]


def test_an_event_without_a_sentence_is_still_shown() -> None:
    assert "Wilma" in sentence("iets.nieuws", who="Wilma", about="")
