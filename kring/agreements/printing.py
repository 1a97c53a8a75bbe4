"""From values to the text that people read, and from that text to HTML with settings and changes marked.

A printed version is plain data, stored with it: a list of chapters, each with its clauses and their blocks. A block is
{"p": text} or {"ul": [texts]}; in a text [square brackets] mark a setting and {{double braces}} a number or address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from django.utils import translation
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kring.agreements.clauses import BY_ID, CHAPTERS, CLAUSES, Clause, Say
from kring.agreements.policy import DEFAULTS, FILLED_IN, Policy, value_at

LANGUAGES = ("nl", "en")
FALLBACK = "nl"
Printed = list[dict[str, Any]]


def unsaid_settings(policy: Policy, confirmed: Iterable[str]) -> frozenset[str]:
    """Return the filled-in settings that still have Kring's value and that management did not confirm."""
    said = set(confirmed)
    return frozenset(
        path for path in FILLED_IN if path not in said and value_at(policy, path) == value_at(DEFAULTS, path)
    )


def blocks_of(clause: Clause, say: Say) -> list[dict[str, Any]]:
    """Return the blocks of one clause in the active language."""
    return [{"p": block} if isinstance(block, str) else {"ul": list(block)} for block in clause.say(say)]


def printed(policy: Policy, *, confirmed: Iterable[str], paragraphs: Mapping[str, Any], language: str) -> Printed:
    """Return the whole document in `language`; a free paragraph that misses it is printed in Dutch."""
    say = Say(policy, unsaid_settings(policy, confirmed))
    with translation.override(language):
        chapters = []
        for number, (key, title) in enumerate(CHAPTERS.items(), 1):
            clauses = [
                {"id": clause.id, "heading": str(clause.heading), "blocks": blocks_of(clause, say)}
                for clause in CLAUSES
                if clause.chapter == key
            ]
            own = paragraphs.get(key, {})
            text = own.get(language) or own.get(FALLBACK, "")
            spoken = language if own.get(language) else FALLBACK
            chapters.append(
                {"key": key, "number": number, "title": str(title), "own": text, "own_language": spoken,
                 "clauses": clauses}
            )  # fmt: skip
        return chapters


def sentence_of(clause_id: str, policy: Policy, language: str = "") -> SafeString:
    """Return the sentences of one clause as HTML, for a hint; in the active language unless one is given."""
    with translation.override(language or translation.get_language()):
        blocks = blocks_of(BY_ID[clause_id], Say(policy))
    return html_of(blocks)


# Marks -> HTML

_SIGN = re.compile(r"(\[|\]|\{\{|\}\}|\s+)")


def _tokens(text: str) -> list[tuple[str, bool, bool]]:
    """Return the words (and spaces) of a text, each with: part of a setting, part of a number or address."""
    found, setting, link = [], False, False
    for part in _SIGN.split(text):
        if part in ("[", "]"):
            setting = part == "["
        elif part in ("{{", "}}"):
            link = part == "{{"
        elif part:
            found.append((part, setting, link))
    return found


def link_to(text: str) -> SafeString:
    """Return a telephone number, mail or web address as a link."""
    if text.startswith(("http://", "https://")):
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', text, text.split("//", 1)[1])
    if "@" in text:
        return format_html('<a href="mailto:{}">{}</a>', text, text)
    return format_html('<a href="tel:{}">{}</a>', re.sub(r"[^\d+]", "", text), text)


def _run(tokens: list[tuple[str, bool, bool]], tag: str = "") -> str:
    """Return tokens as HTML; neighbours of the same sort share one element."""
    out: list[str] = []
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and tokens[end][1:] == tokens[at][1:]:
            end += 1
        text = "".join(token[0] for token in tokens[at:end])
        html = link_to(text.strip()) if tokens[at][2] else escape(text)
        out.append(f'<b class="setting">{html}</b>' if tokens[at][1] and not tag else html)
        at = end
    inner = "".join(out)
    return f"<{tag}>{inner}</{tag}>" if tag and inner.strip() else inner


def marked(text: str) -> SafeString:
    """Return one text as HTML with its settings underlined."""
    return mark_safe(_run(_tokens(text)))  # noqa: S308  every word went through escape or format_html


def html_of(blocks: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return blocks as HTML."""
    found = []
    for block in blocks:
        if "p" in block:
            found.append(format_html("<p>{}</p>", marked(block["p"])))
        else:
            items = format_html_join("", "<li>{}</li>", ((marked(item),) for item in block["ul"]))
            found.append(format_html("<ul>{}</ul>", items))
    return SafeString("".join(found))


def changes(old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return the new blocks with new words in <ins> and old ones in <del>; a list is read as one paragraph per item."""
    before, after = _lines(old), _lines(new)
    found = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [marked(line) for line in after[b1:b2]]
            continue
        pairs = max(a2 - a1, b2 - b1)
        for offset in range(pairs):
            first = before[a1 + offset] if a1 + offset < a2 else ""
            second = after[b1 + offset] if b1 + offset < b2 else ""
            found.append(_line_change(first, second))
    return format_html_join("", "<p>{}</p>", ((line,) for line in found))


def _lines(blocks: Iterable[Mapping[str, Any]]) -> list[str]:
    return [line for block in blocks for line in ([block["p"]] if "p" in block else block["ul"])]


def _line_change(old: str, new: str) -> SafeString:
    before, after = _tokens(old), _tokens(new)
    matcher = SequenceMatcher(None, [token[0] for token in before], [token[0] for token in after], autojunk=False)
    out = []
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            out.append(_run(after[b1:b2]))
            continue
        gone, come = _run(before[a1:a2], "del"), _run(after[b1:b2], "ins")
        out.append(f"{gone} {come}" if gone.strip() and come.strip() else gone + come)
    return mark_safe("".join(out))  # noqa: S308  every word went through escape or format_html
