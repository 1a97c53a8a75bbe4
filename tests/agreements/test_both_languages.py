"""Every clause of both tables is printed in Dutch and English, has its field, and says what was chosen."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.utils import translation

from kring.agreements.clauses import BY_ID
from kring.agreements.clauses.labels import SETTING_NAMES
from kring.agreements.policy import FILLED_IN, KINDS
from kring.people.models import User
from tests.agreements.making import publish
from tests.agreements.test_clauses import CHANGES, FIRST, FIRST_TABLE, SECOND_TABLE
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LANGUAGES = ["nl", "en"]
BASE = {path: value for changes in FIRST.values() for path, value in changes.items()}


def read_in(cast: Cast, language: str, page: str) -> str:
    User.objects.filter(pk=cast.user("management").pk).update(language=language)
    return cast.client("management").get(f"/school/{cast.school.public_id}/agreements/{page}").content.decode()


def paragraphs_of(document: str) -> dict[str, str]:
    """Return the words of each clause of the printed page, by its id."""
    found = re.findall(r'<article class="clause" id="(\w+)"(.*?)</article>', document, re.DOTALL)
    return {clause.upper(): unescape(re.sub(r"<[^>]+>", " ", text)) for clause, text in found}


def typed(clauses: list[str]) -> dict[str, Any]:
    return {path: KINDS[path].read(value) for path, value in (CHANGES[clause] for clause in clauses)}


def test_every_clause_is_printed_in_both_languages_and_follows_its_setting(cast: Cast) -> None:
    own, dependent = [c for c in [*FIRST_TABLE, *SECOND_TABLE] if c not in FIRST], list(FIRST)
    confirmed = tuple(sorted(FILLED_IN))
    for base, clauses in (({}, own), (BASE, dependent)):
        publish(cast, base, confirmed=confirmed)
        before = {language: paragraphs_of(read_in(cast, language, "")) for language in LANGUAGES}
        publish(cast, base | typed(clauses), confirmed=confirmed)
        after = {language: paragraphs_of(read_in(cast, language, "")) for language in LANGUAGES}
        assert set(before["nl"]) == set(before["en"]) == set(FIRST_TABLE) | set(SECOND_TABLE)
        for clause in clauses:
            assert before["nl"][clause] != before["en"][clause], clause
            for language in LANGUAGES:
                assert before[language][clause] != after[language][clause], (clause, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_of_every_clause_has_a_named_field_in_the_editor(cast: Cast, language: str) -> None:
    publish(cast, BASE)
    editor = unescape(read_in(cast, language, "edit/"))
    for clause in [*FIRST_TABLE, *SECOND_TABLE]:
        for path in BY_ID[clause].settings:
            assert f'name="{path}' in editor, path
            with translation.override(language):
                assert str(SETTING_NAMES[path]) in editor, path
