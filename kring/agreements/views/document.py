"""What the page needs: chapters and clauses with their HTML, numbers, margin notes and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeString

from kring.agreements.clauses import ADDRESSEES, BY_ID
from kring.agreements.models import Agreement
from kring.agreements.policy import DEFAULTS, Policy
from kring.agreements.printing import FALLBACK, LANGUAGES, Printed, changes, html_of, printed, unsaid_settings


@dataclass
class ClauseView:
    """One paragraph as the page shows it."""

    id: str
    anchor: str
    number: str
    heading: str
    html: SafeString
    addressee: str
    where: str
    is_new: bool = False
    is_changed: bool = False
    unsaid: list[str] = field(default_factory=list)


@dataclass
class ChapterView:
    """One chapter as the page shows it."""

    key: str
    number: int
    title: str
    own: str
    own_language: str
    own_is_changed: bool
    clauses: list[ClauseView]

    @property
    def changed(self) -> int:
        """Return how many of its clauses changed."""
        return sum(clause.is_changed or clause.is_new for clause in self.clauses) + self.own_is_changed


def language_now() -> str:
    """Return the interface language if the document is printed in it, else Dutch."""
    language = (translation.get_language() or FALLBACK).split("-")[0]
    return language if language in LANGUAGES else FALLBACK


def text_of(version: Agreement | None) -> Printed:
    """Return the printed text of a version in the language of the reader; without a version Kring's defaults."""
    language = language_now()
    if version is None:
        return printed(DEFAULTS, confirmed=(), paragraphs={}, language=language)
    return version.printed.get(language) or version.printed.get(FALLBACK, [])


def chapters_of(text: Printed, *, before: Printed | None = None, unsaid: Iterable[str] = ()) -> list[ChapterView]:
    """Return the chapters for the page; with `before`, new words are marked and old ones struck."""
    held_back = set(unsaid)
    old_clauses: dict[str, Mapping[str, Any]] = {}
    old_own: dict[str, str] = {}
    for chapter in before or []:
        old_own[chapter["key"]] = chapter["own"]
        old_clauses |= {clause["id"]: clause for clause in chapter["clauses"]}
    found = []
    for chapter in text:
        clauses = []
        for index, printed_clause in enumerate(chapter["clauses"], 1):
            clause = BY_ID.get(printed_clause["id"])
            old = old_clauses.get(printed_clause["id"])
            is_changed = before is not None and old is not None and old["blocks"] != printed_clause["blocks"]
            blocks = printed_clause["blocks"]
            clauses.append(
                ClauseView(
                    id=printed_clause["id"],
                    anchor=printed_clause["id"].lower(),
                    number=f"{chapter['number']}.{index}",
                    heading=printed_clause["heading"],
                    html=changes(old["blocks"], blocks) if is_changed and old else html_of(blocks),
                    addressee=str(ADDRESSEES[clause.addressee]) if clause else "",
                    where=str(clause.where) if clause and not clause.is_capability_later else "",
                    is_new=before is not None and old is None,
                    is_changed=is_changed,
                    unsaid=sorted(held_back & set(clause.settings)) if clause else [],
                )
            )
        own_is_changed = before is not None and old_own.get(chapter["key"], "") != chapter["own"]
        found.append(
            ChapterView(
                chapter["key"], chapter["number"], chapter["title"], chapter["own"], chapter["own_language"],
                own_is_changed, clauses,
            )
        )  # fmt: skip
    return found


def draft_text(policy: Policy, confirmed: Iterable[str], paragraphs: Mapping[str, Any]) -> Printed:
    """Return what a draft would print, in the language of the reader."""
    return printed(policy, confirmed=confirmed, paragraphs=paragraphs, language=language_now())


def unsaid_of(policy: Policy, confirmed: Iterable[str]) -> frozenset[str]:
    """Return the filled-in settings that management has not made its own."""
    return unsaid_settings(policy, confirmed)
