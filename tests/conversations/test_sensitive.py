"""The friendly hint: what it recognises, what it leaves alone, and where it leads (N1, N2, N4)."""

from __future__ import annotations

import pytest

from kring.agreements.policy import DEFAULTS, with_values
from kring.conversations.rules.sensitive import WORDS, Subject, hint_for, subjects_of


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Joep is ziek vandaag", Subject.SICK),
        ("Hij heeft KOORTS.", Subject.SICK),
        ("We komen morgen iets te  laat", Subject.LATE),
        ("Mogen we vrijdag een dag vrij?", Subject.LEAVE),
        ("Hoe gaat het met de voortgang van Saar?", Subject.PROGRESS),
        ("Wanneer krijgen we de toetsuitslagen?", Subject.RESULTS),
        ("Hij wordt op het plein vaak gepest door", Subject.BEHAVIOUR),
        ("Ze krijgt een onderzoek naar dyslexie", Subject.DIAGNOSIS),
        ("He is being bullied", Subject.BEHAVIOUR),
        ("Does she have ADHD?", Subject.DIAGNOSIS),
        ("She is ill", Subject.SICK),
    ],
)
def test_it_recognises_what_a_message_is_about(text: str, subject: Subject) -> None:
    assert subjects_of(text) == {subject}


@pytest.mark.parametrize(
    "text",
    [
        "Mag de vleermuiskast donderdag mee?",
        "Wie heeft de rode handschoen gezien?",
        "De muziekles was zo leuk",
        "Bill brengt de appels",
        "We hebben genoeg stoelen voor het rapportgesprek",
        "Hij heeft zijn gymtas vergeten",
        "Kunnen we de addertjes-tekening meenemen?",
        "The skills lesson was great",
        "",
    ],
)
def test_it_leaves_ordinary_messages_alone(text: str) -> None:
    assert subjects_of(text) == frozenset()


def test_the_lists_hold_small_letters_in_both_languages() -> None:
    words = [word for some in WORDS.values() for word in some]
    assert all(word == word.lower().strip() for word in words)
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("text", "from_family", "code", "clause"),
    [
        ("Joep is ziek", True, "sick", "N2"),
        ("Joep komt te laat", True, "late", "N2"),
        ("Mogen we een dag vrij?", True, "leave", "N4"),
        ("Joep wordt gepest en is nu ziek", True, "sick", "N2"),
        ("Joep wordt gepest", True, "sensitive", "N1"),
        ("Joep wordt gepest", False, "sensitive", "N1"),
    ],
)
def test_one_hint_leads_to_one_paragraph(text: str, from_family: bool, code: str, clause: str) -> None:
    hint = hint_for(text, DEFAULTS, from_family=from_family)
    assert hint is not None
    assert (hint.code, hint.clause) == (code, clause)


def test_a_teacher_who_asks_after_a_sick_child_gets_no_hint() -> None:
    assert hint_for("Is Joep nog ziek?", DEFAULTS, from_family=False) is None


def test_a_school_that_wants_no_hint_on_sensitive_matters_has_none() -> None:
    policy = with_values(DEFAULTS, {"sensitive_topics.hint": False})
    assert hint_for("Joep wordt gepest", policy, from_family=True) is None
    assert hint_for("Joep is ziek", policy, from_family=True) is not None
