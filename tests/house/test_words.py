"""Every text of the interface has a Dutch translation, and no translation is left over."""

from __future__ import annotations

import re

from scripts import words


def test_the_dutch_catalogue_is_complete() -> None:
    missing, unused = words.problems()
    assert not missing
    assert not unused


def test_translations_keep_their_placeholders() -> None:
    holes = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
    wrong = []
    for entry in words.catalogue():
        wanted = set(holes.findall(entry.msgid)) | set(holes.findall(entry.msgid_plural or ""))
        for text in (*entry.msgstr_plural.values(), entry.msgstr):
            if text and not set(holes.findall(text)) <= wanted:
                wrong.append(entry.msgid)
            if text and not entry.msgid_plural and set(holes.findall(text)) != wanted:
                wrong.append(entry.msgid)
    assert not wrong
