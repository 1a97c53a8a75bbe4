"""Answering: who may, what is kept, when a change is possible, and what the team is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import Error, IntegrityError, connection, transaction

from kring.agreements.policy import PURPOSES
from kring.audit.models import AuditEvent
from kring.consents.actions import answer, answer_on_paper
from kring.consents.models import Answer, PurposeText, Standing, Withdrawal
from kring.consents.sheet import sheet_for
from kring.core.access import NotAllowed, Refused
from kring.notifications.models import Notice
from kring.people.actions import remove_child, remove_person
from kring.people.models import Child, Guardianship
from tests import factories as make
from tests.agreements.making import publish
from tests.cast import NOW, ROLES, TODAY, Cast
from tests.consents.giving import say, second_parent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SEPTEMBER = datetime(2027, 9, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize("role", ROLES)
def test_only_a_guardian_with_authority_answers(cast: Cast, role: str) -> None:
    by = cast.viewer(role)
    if role == "guardian":
        assert answer(by=by, child=cast.child, answers={"website": True}) == 1
    else:
        with pytest.raises(NotAllowed):
            answer(by=by, child=cast.child, answers={"website": True})
        assert not Answer.objects.exists()


@pytest.mark.parametrize("change", [{"authority": "no"}, {"authority": "unknown"}, {"level": "limited"}], ids=str)
def test_a_guardian_without_authority_or_full_level_does_not(cast: Cast, change: dict[str, str]) -> None:
    assert say(cast, "guardian", cast.child, True, "website") == 1
    Guardianship.objects.filter(person=cast.people["guardian"], child=cast.child).update(**change)
    with pytest.raises(NotAllowed):
        say(cast, "guardian", cast.child, False, "website")


def test_each_change_is_a_row_and_the_newest_stands(cast: Cast) -> None:
    for number, is_yes in enumerate([True, False, True]):
        with time_machine.travel(NOW + timedelta(days=number)):
            assert say(cast, "guardian", cast.child, is_yes, "website") == 1
    rows = list(Answer.objects.order_by("at"))
    assert [row.is_yes for row in rows] == [True, False, True]
    assert [row.previous for row in rows] == [None, rows[0], rows[1]]
    assert {row.person for row in rows} == {row.entered_by for row in rows} == {cast.people["guardian"]}
    standing = Standing.objects.get()
    assert (standing.answer, standing.is_yes, standing.at) == (rows[2], True, rows[2].at)


def test_saying_the_same_again_is_not_written(cast: Cast) -> None:
    assert say(cast, "guardian", cast.child, True) == len(PURPOSES)
    assert say(cast, "guardian", cast.child, True) == 0


def test_an_answer_is_never_changed(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website")
    with pytest.raises(Error, match="never changes"), transaction.atomic():
        Answer.objects.update(is_yes=False)
    Answer.objects.update(entered_by=None)  # who typed it may be forgotten
    assert Answer.objects.get().is_yes


@transaction.atomic
def take_out(row: Answer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consents_answer WHERE id = %s", [row.pk])
    connection.check_constraints()  # what the end of a transaction does


def test_no_answer_is_taken_out_of_the_row(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website")
    say(cast, "guardian", cast.child, False, "website")
    first, last = Answer.objects.order_by("pk")
    for row in (first, last):
        with pytest.raises(IntegrityError):
            take_out(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(
            school=cast.school, child=cast.child, code="website", text=first.text, person=first.person, is_yes=True,
            at=NOW, previous=first,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(
            school=cast.school, child=cast.child, code="website", text=first.text, person=first.person, is_yes=True,
            at=NOW,
        )  # fmt: skip


def test_an_answer_keeps_the_words_it_was_given_to(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website", "board")
    publish(cast, {"consent_purposes.texts": (("website", "Alleen op onze eigen site, nooit met een naam."),)})
    say(cast, "guardian", cast.child, True, "website", "board")  # said again, to other words
    texts = [row.text for row in Answer.objects.filter(code="website").order_by("pk")]
    assert [text.version for text in texts] == [1, 2]
    assert texts[1].words["nl"]["text"] == "Alleen op onze eigen site, nooit met een naam."
    assert texts[0].words["nl"]["text"] != texts[0].words["en"]["text"]
    assert PurposeText.objects.filter(code="board").count() == Answer.objects.filter(code="board").count() == 1


def test_all_or_nothing(cast: Cast) -> None:
    with pytest.raises(Refused):
        answer(by=cast.viewer("guardian"), child=cast.child, answers={"website": True, "no_such": True})
    assert not Answer.objects.exists()
    assert not AuditEvent.objects.filter(what="consent.answered").exists()


def test_a_page_that_is_out_of_date_changes_nothing(cast: Cast) -> None:
    guardian = cast.viewer("guardian")
    seen = sheet_for(cast.child, cast.people["guardian"].pk, now=guardian.now).state
    say(cast, "guardian", cast.child, False, "website")  # on the telephone, meanwhile
    with pytest.raises(Refused):
        answer(by=guardian, child=cast.child, answers={"website": True}, seen=seen)
    assert not Standing.objects.get().is_yes
    fresh = sheet_for(cast.child, cast.people["guardian"].pk, now=guardian.now).state
    assert answer(by=guardian, child=cast.child, answers={"website": True}, seen=fresh) == 1


def test_outside_the_window_a_yes_may_be_withdrawn_and_nothing_else_changes(cast: Cast) -> None:
    publish(cast, {"consent_purposes.window": "renewal_month"})
    assert say(cast, "guardian", cast.child, True, "website") == 1  # a first answer is always welcome
    assert say(cast, "guardian", cast.child, False, "website") == 1
    with pytest.raises(Refused) as refused:
        say(cast, "guardian", cast.child, True, "website")
    assert refused.value.clause == "S5"
    with time_machine.travel(SEPTEMBER):
        assert say(cast, "guardian", cast.child, True, "website") == 1


def test_a_purpose_the_school_dropped_can_only_be_taken_back(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website")
    publish(cast, {"consent_purposes.purposes": ("app_group",)})
    assert say(cast, "guardian", cast.child, True, "website") == 0
    assert say(cast, "guardian", cast.child, False, "website") == 1
    for code in ("website", "board"):
        with pytest.raises(Refused):
            say(cast, "guardian", cast.child, True, code)


def test_the_team_is_told_when_a_yes_becomes_a_no_and_only_then(cast: Cast) -> None:
    second_parent(cast, cast.child)
    say(cast, "second_parent", cast.child, False, "board")
    say(cast, "guardian", cast.child, True)
    assert not Notice.objects.exists()
    say(cast, "guardian", cast.child, False, "board")  # it was a no already
    assert not Notice.objects.exists()
    say(cast, "guardian", cast.child, False, "website", "newsletter")
    assert [row.group for row in Withdrawal.objects.all()] == [cast.five]
    assert Notice.objects.get().kind == "consents.withdrawn"


def test_another_parents_no_tells_the_team_too(cast: Cast) -> None:
    second_parent(cast, cast.child)
    say(cast, "guardian", cast.child, True, "website")
    say(cast, "second_parent", cast.child, False, "website")
    assert Withdrawal.objects.count() == 1


def test_the_log_says_that_somebody_answered_and_not_what(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website")
    say(cast, "guardian", cast.child, False, "website")
    events = AuditEvent.objects.filter(what="consent.answered")
    assert [event.details for event in events] == [{"count": 1}, {"count": 1}]


@pytest.mark.parametrize("role", ROLES)
def test_paper_is_entered_by_who_may_read(cast: Cast, role: str) -> None:
    publish(cast, {"consent_readers.office": True})
    by, person = cast.viewer(role), cast.people["guardian"]
    if role != "office":
        with pytest.raises(NotAllowed):
            answer_on_paper(by=by, child=cast.child, person=person, answers={"website": True})
        return
    assert answer_on_paper(by=by, child=cast.child, person=person, answers={"website": True}) == 1
    row = Answer.objects.get()
    assert (row.person, row.entered_by, row.on_paper) == (person, cast.people["office"], True)


def test_without_the_agreement_the_office_enters_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        answer_on_paper(
            by=cast.viewer("office"), child=cast.child, person=cast.people["guardian"], answers={"website": True}
        )


@pytest.mark.parametrize("role", ["limited", "none", "former_guardian", "other_guardian", "teacher"])
def test_paper_comes_from_a_guardian_with_authority(cast: Cast, role: str) -> None:
    publish(cast, {"consent_readers.office": True})
    with pytest.raises(Refused):
        answer_on_paper(by=cast.viewer("office"), child=cast.child, person=cast.people[role], answers={"board": True})


def test_a_child_that_never_sat_in_a_group_has_no_answers(cast: Cast) -> None:
    publish(cast, {"consent_readers.office": True})
    newcomer = Child.objects.create(school=cast.school, first_name="Nieuw", last_name="Kind")
    Guardianship.objects.create(
        school=cast.school, child=newcomer, person=cast.people["guardian"], authority="yes", starts_on=TODAY
    )
    with pytest.raises(Refused):
        answer_on_paper(
            by=cast.viewer("office"), child=newcomer, person=cast.people["guardian"], answers={"board": True}
        )


def test_two_devices_at_the_same_moment_make_one_row_of_answers(cast: Cast) -> None:
    """The second read what stood before the first had written: the constraint stops it, and it is told to look."""
    guardian = cast.viewer("guardian")
    for before in range(2):  # a first answer, and one after it
        stale = sheet_for(cast.child, cast.people["guardian"].pk, now=guardian.now)
        say(cast, "guardian", cast.child, bool(before), "website")
        with patch("kring.consents.actions.answering.sheet_for", return_value=stale), pytest.raises(Refused):
            answer(by=guardian, child=cast.child, answers={"website": True, "board": True})
        assert Answer.objects.count() == before + 1
        assert Standing.objects.get().is_yes is bool(before)
        # The same request succeeds for who looked in time.
        assert sheet_for(cast.child, cast.people["guardian"].pk, now=guardian.now).state != stale.state


def test_who_answered_and_for_whom_are_not_removed_as_a_mistake(cast: Cast) -> None:
    """Also not when the place in a group, and the guardianship, were taken back meanwhile."""
    publish(cast, {"consent_readers.office": True})
    office, parent = cast.viewer("office"), make.PersonFactory(school=cast.school, user=None)
    child = make.ChildFactory(school=cast.school)
    seat, tie = (
        make.EnrolmentFactory(child=child, group=cast.five),
        make.GuardianshipFactory(child=child, person=parent),
    )
    answer_on_paper(by=office, child=child, person=parent, answers={"website": True})
    seat.delete()
    tie.delete()
    for remove in (lambda: remove_child(by=office, child=child), lambda: remove_person(by=office, person=parent)):
        with pytest.raises(Refused):
            remove()
    assert Answer.objects.get().child == child
    other = make.ChildFactory(school=cast.school)  # the same request, for one who was never asked about
    remove_child(by=office, child=other)
    assert not Child.objects.filter(pk=other.pk).exists()
