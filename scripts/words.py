"""The words of the interface: what must be translated, what is missing, and merging new translations.

    python scripts/words.py check                what is missing or left over in locale/nl; exit 1 if anything
    python scripts/words.py merge FILE.po        add the translations of FILE.po to locale/nl (safe to run at once)
    python scripts/words.py missing              print the missing entries as an empty .po, to fill in
    python scripts/words.py prune                drop translations that nothing uses any more
    python scripts/words.py compile              make the .mo files (no gettext needed)

Finds texts by compiling the templates and by reading the Python syntax tree, so GNU gettext is not needed.
"""

from __future__ import annotations

import ast
import fcntl
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"
Key = tuple[str | None, str, str]  # context, msgid, plural
SINGULAR = {"gettext", "gettext_lazy", "gettext_noop", "_"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}


def python_texts(path: Path) -> Iterator[Key]:
    """Yield the texts that a Python file marks for translation."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in SINGULAR and texts:
            yield None, texts[0], ""
        elif name in PLURAL and len(texts) >= 2:
            yield None, texts[0], texts[1]
        elif name in CONTEXT and len(texts) >= 2:
            yield texts[0], texts[1], ""
        elif name in CONTEXT_PLURAL and len(texts) >= 3:
            yield texts[0], texts[1], texts[2]


def template_texts(path: Path) -> Iterator[Key]:
    """Yield the texts that a template marks for translation, read by Django's own lexer and parser."""
    from django.template import engines
    from django.template.base import Template
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    template = Template(path.read_text(), engine=engines["django"].engine)  # type: ignore[attr-defined]
    seen: set[int] = set()

    def walk(nodes: object) -> Iterator[Key]:
        for node in nodes or ():  # type: ignore[attr-defined]
            if id(node) in seen:
                continue
            seen.add(id(node))
            yield from texts_of(node)
            for value in vars(node).values():
                children = value if isinstance(value, list | tuple) else [value]
                if isinstance(value, dict):
                    children = list(value.values())
                for child in children:
                    if hasattr(child, "nodelist") or hasattr(child, "child_nodelists"):
                        yield from walk([child])
                    elif type(child).__name__ == "NodeList":
                        yield from walk(child)
                    elif isinstance(child, tuple):
                        for part in child:
                            if type(part).__name__ == "NodeList":
                                yield from walk(part)

    def texts_of(node: object) -> Iterator[Key]:
        context = getattr(node, "message_context", None)
        context_text = str(context.var) if context is not None else None
        if isinstance(node, TranslateNode):
            # Django wraps the text in a Variable whose literal it is; a real variable has none.
            literal = getattr(node.filter_expression.var, "literal", node.filter_expression.var)
            if isinstance(literal, str):
                yield context_text, literal, ""
        elif isinstance(node, BlockTranslateNode):
            singular, _variables = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            if node.trimmed:
                from django.utils.translation import trim_whitespace

                singular, plural = trim_whitespace(singular), trim_whitespace(plural)
            yield context_text, singular, plural

    yield from walk(template.nodelist)
    for partial in getattr(template, "extra_data", {}).get("template-partials", {}).values():
        yield from walk(partial.nodelist)
    # Filter arguments such as {{ x|default:_("none") }} are not nodes.
    for match in re.finditer(r"""_\((?:"([^"]+)"|'([^']+)')\)""", path.read_text()):
        yield None, match.group(1) or match.group(2), ""


def all_texts() -> dict[Key, str]:
    """Return every text in use, with the file it was first seen in."""
    found: dict[Key, str] = {}
    for path in sorted([*ROOT.glob("kring/**/*.py"), *ROOT.glob("config/*.py")]):
        for key in python_texts(path):
            found.setdefault(key, str(path.relative_to(ROOT)))
    for path in sorted([*ROOT.glob("kring/**/templates/**/*.html"), *ROOT.glob("kring/**/templates/**/*.txt")]):
        for key in template_texts(path):
            found.setdefault(key, str(path.relative_to(ROOT)))
    return {key: place for key, place in found.items() if key[1].strip()}


def key_of(entry: polib.POEntry) -> Key:
    """Return what identifies an entry."""
    return entry.msgctxt, entry.msgid, entry.msgid_plural or ""


def catalogue() -> polib.POFile:
    """Return the Dutch catalogue, or an empty one."""
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=110)
    po = polib.POFile(wrapwidth=110)
    po.metadata = {
        "Project-Id-Version": "kring",
        "Language": "nl",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return po


def save(po: polib.POFile) -> None:
    """Write the catalogue sorted, so that two changes seldom touch the same lines."""
    po.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    po.save(str(CATALOGUE))


def is_translated(entry: polib.POEntry) -> bool:
    """Say whether every form of the entry has a translation."""
    if entry.msgid_plural:
        return len(entry.msgstr_plural) == 2 and all(entry.msgstr_plural.values())
    return bool(entry.msgstr)


def problems() -> tuple[dict[Key, str], list[Key]]:
    """Return the texts without translation (with their file) and the translations without use."""
    used = all_texts()
    translated = {key_of(entry) for entry in catalogue() if is_translated(entry) and "fuzzy" not in entry.flags}
    return {k: v for k, v in used.items() if k not in translated}, sorted(translated - set(used), key=str)


def merge(path: Path) -> None:
    """Add the filled-in entries of `path` to the catalogue, under a lock."""
    with open("/tmp/kring-words.lock", "w") as lock:  # noqa: S108  a lock only, no content
        fcntl.flock(lock, fcntl.LOCK_EX)
        po = catalogue()
        known = {key_of(entry): entry for entry in po}
        for entry in polib.pofile(str(path)):
            if not is_translated(entry):
                continue
            entry.occurrences, entry.comment = [], ""
            if key_of(entry) in known:
                po.remove(known[key_of(entry)])
            po.append(entry)
        save(po)


def print_missing() -> None:
    """Print what is missing as an empty catalogue."""
    po = polib.POFile(wrapwidth=110)
    po.metadata = catalogue().metadata
    for (context, msgid, plural), place in problems()[0].items():
        entry = polib.POEntry(msgctxt=context, msgid=msgid, comment=place)
        if plural:
            entry.msgid_plural, entry.msgstr_plural = plural, {0: "", 1: ""}
        po.append(entry)
    print(po)


def prune() -> None:
    """Drop what nothing uses."""
    po, unused = catalogue(), set(problems()[1])
    for entry in [entry for entry in po if key_of(entry) in unused]:
        po.remove(entry)
    save(po)


def compile_all() -> None:
    """Write the .mo file beside each .po."""
    for path in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(target))


def main() -> int:
    """Run one command."""
    command = sys.argv[1] if len(sys.argv) > 1 else "check"
    if command == "compile":
        compile_all()
        return 0
    if command == "merge":
        merge(Path(sys.argv[2]))
        compile_all()
        return 0
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("KRING_MODE", "test")
    import django

    django.setup()
    if command == "missing":
        print_missing()
    elif command == "prune":
        prune()
    else:
        missing, unused = problems()
        for key, place in missing.items():
            print(f"missing: {key[1]!r} ({place})")
        for key in unused:
            print(f"unused: {key[1]!r}")
        return 1 if missing or unused else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
