"""The lens, purely: what may be shown to whom, given who is in a photo and whose consent stands."""

from __future__ import annotations

import pytest

from kring.photos import rules
from kring.photos.rules import APP_GROUP, APP_SCHOOL, OWN_GUARDIANS, Finding, InPhoto, People, Towards, Verdict

JOEP, NOOR, FIVE, SIX = 1, 2, 50, 60
NAMED = InPhoto(People.NAMED, (JOEP, NOOR))


@pytest.mark.parametrize(
    ("towards", "purpose"),
    [
        (Towards(frozenset({FIVE})), APP_GROUP),
        (Towards(frozenset({SIX})), APP_SCHOOL),
        (Towards(frozenset({FIVE, SIX})), APP_SCHOOL),
        (Towards(frozenset({FIVE}), has_more=True), APP_SCHOOL),
        (Towards(frozenset({FIVE}), whole_school=True), APP_SCHOOL),
        (Towards(whole_school=True), APP_SCHOOL),
        (Towards(), APP_SCHOOL),
    ],
)
def test_only_exactly_the_photos_own_group_is_narrow(towards: Towards, purpose: str) -> None:
    assert rules.purpose_of(towards, group_id=FIVE) == purpose


@pytest.mark.parametrize("purpose", [APP_GROUP, APP_SCHOOL, "website"])
def test_everybody_in_it_needs_consent_for_that_very_purpose(purpose: str) -> None:
    both = {(JOEP, purpose), (NOOR, purpose)}
    assert rules.lens(NAMED, purpose, both).is_fine
    assert rules.lens(NAMED, purpose, both - {(NOOR, purpose)}) == Finding(Verdict.NO_CONSENT, (NOOR,))
    others = {(child, other) for child in (JOEP, NOOR) for other in ("app_group", "app_school", "website")}
    assert rules.lens(NAMED, purpose, others - both) == Finding(Verdict.NO_CONSENT, (JOEP, NOOR))


def test_a_child_that_is_known_no_more_keeps_the_photo_back() -> None:
    gone = InPhoto(People.NAMED, (None,))
    assert rules.lens(gone, APP_GROUP, set()).verdict == Verdict.NO_CONSENT
    assert rules.lens(gone, OWN_GUARDIANS, set(), only_for=JOEP).verdict == Verdict.NOT_ALONE


@pytest.mark.parametrize(
    ("purpose", "is_checked", "verdict"),
    [
        (APP_GROUP, False, Verdict.CHECK),
        (APP_GROUP, True, Verdict.FINE),
        (APP_SCHOOL, True, Verdict.SAY_WHO),
        ("website", True, Verdict.SAY_WHO),
        (OWN_GUARDIANS, True, Verdict.SAY_WHO),
    ],
)
def test_when_nobody_said_who_is_in_it_a_check_by_hand_is_enough_in_the_own_group_only(
    purpose: str, is_checked: bool, verdict: Verdict
) -> None:
    assert rules.lens(InPhoto(People.UNSAID), purpose, set(), is_checked=is_checked).verdict == verdict


def test_a_check_by_hand_does_not_help_against_a_missing_consent() -> None:
    assert rules.lens(NAMED, APP_GROUP, {(JOEP, APP_GROUP)}, is_checked=True).verdict == Verdict.NO_CONSENT


@pytest.mark.parametrize("purpose", [APP_GROUP, APP_SCHOOL, "website"])
def test_where_nobody_can_be_recognised_nobody_is_asked(purpose: str) -> None:
    assert rules.lens(InPhoto(People.NOBODY), purpose, set()).is_fine


def test_for_one_childs_guardians_the_child_is_alone_in_it() -> None:
    alone = InPhoto(People.NAMED, (JOEP,))
    assert rules.lens(alone, OWN_GUARDIANS, set(), only_for=JOEP).is_fine
    assert rules.lens(InPhoto(People.NOBODY), OWN_GUARDIANS, set(), only_for=JOEP).is_fine
    assert rules.lens(alone, OWN_GUARDIANS, set(), only_for=NOOR) == Finding(Verdict.NOT_ALONE, (JOEP,))
    assert rules.lens(NAMED, OWN_GUARDIANS, set(), only_for=JOEP) == Finding(Verdict.NOT_ALONE, (NOOR,))


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([("Daan", "Bakker"), ("Mila", "Vos")], ["Daan", "Mila"]),
        ([("Daan", "Bakker"), ("Daan", "Vos")], ["Daan B.", "Daan V."]),
        ([("Daan", "Bakker"), ("Daan", "Bos")], ["Daan Bakker", "Daan Bos"]),
        ([("Daan", ""), ("Daan", "Bos")], ["Daan", "Daan B."]),
    ],
)
def test_on_a_roster_a_first_name_is_enough_unless_two_share_it(names: list[tuple[str, str]], shown: list[str]) -> None:
    assert rules.short_names(names) == shown


@pytest.mark.parametrize(("number", "told"), [(0, 0), (7, 0), (8, 10), (12, 10), (13, 15), (26, 25), (248, 250)])
def test_parents_hear_numbers_in_fives(number: int, told: int) -> None:
    assert rules.about(number) == told
