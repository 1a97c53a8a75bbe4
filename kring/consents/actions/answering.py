"""Writing down what somebody with authority said, and telling the team when a yes becomes a no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agreements.policy import PURPOSES
from kring.audit import actions as audit
from kring.consents.models import Answer, PurposeText, Standing, Withdrawal, groups_of, guardians_with_authority
from kring.consents.notices import ConsentWithdrawn
from kring.consents.permissions import can_answer, can_answer_on_paper
from kring.consents.rules import Stand, is_worth_writing, stand_of
from kring.consents.sheet import Line, Sheet, sheet_for
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import notify
from kring.people.actions.audience import make_audience
from kring.people.models import Child, Enrolment, Person
from kring.school.models import School


def answer(*, by: Viewer, child: Child, answers: Mapping[str, bool], seen: str = "") -> int:
    """Write down her own answers, purpose -> yes or no; return how many rows that made.

    `seen` is `Sheet.state` of the page she looked at. Raises Refused when something changed since, when the window of
    S5 does not allow a change, or for a purpose the school does not ask; then nothing is written. A yes that becomes a
    no counts at once, and the team of the child's group is told.
    """
    require(can_answer(by, child))
    person_id = by.person_at(child.school_id)
    require(person_id is not None)
    return _write(by=by, child=child, person_id=person_id or 0, answers=answers, seen=seen, on_paper=False)


def answer_on_paper(*, by: Viewer, child: Child, person: Person, answers: Mapping[str, bool], seen: str = "") -> int:
    """Write down what a guardian with authority answered on paper; return how many rows that made.

    For who may read the answers (P4). Raises Refused as `answer` does, and when `person` has no authority over the
    child today or the child never sat in a group.
    """
    require(can_answer_on_paper(by, child))
    today = child.school.today(by.now)
    if not guardians_with_authority(child, on=today).filter(pk=person.pk).exists():
        raise Refused(_("Only somebody with parental authority over this child can answer."))
    if not Enrolment.objects.filter(child=child).exists():
        raise Refused(_("First put this child in a group."))
    return _write(by=by, child=child, person_id=person.pk, answers=answers, seen=seen, on_paper=True)


def _write(*, by: Viewer, child: Child, person_id: int, answers: Mapping[str, bool], seen: str, on_paper: bool) -> int:
    try:
        with transaction.atomic():
            return _write_all(by, child, person_id, answers, seen, on_paper)
    except IntegrityError:
        # The same person answered at the same moment on another device: one of the two chains is the one that holds.
        raise Refused(_changed_meanwhile()) from None


def _changed_meanwhile() -> str:
    return _("Something changed since you opened this page. Look at the choices below and save once more.")


def _write_all(by: Viewer, child: Child, person_id: int, answers: Mapping[str, bool], seen: str, on_paper: bool) -> int:
    # On PostgreSQL a second save for this child waits here; on SQLite one transaction writes at a time.
    list(Standing.objects.select_for_update().filter(child=child).values_list("pk", flat=True))
    sheet = sheet_for(child, person_id, now=by.now)
    if seen and seen != sheet.state:
        raise Refused(_changed_meanwhile())
    chosen = [
        (line, wanted)
        for line, wanted in _allowed(sheet, answers)
        if is_worth_writing(line.own, wanted, answered_at=line.at, asked_at=sheet.asked_at, same_words=line.same_words)
    ]
    if chosen:
        today = child.school.today(by.now)
        before = _stands(child, today)
        _add(by, child, person_id, chosen, on_paper)
        what = "consent.answered_on_paper" if on_paper else "consent.answered"
        audit.record(by=by, what=what, about=child, count=len(chosen))
        after = _stands(child, today)
        if any(stand == Stand.YES and after[code] != Stand.YES for code, stand in before.items()):
            tell_the_team(by=by, child=child)
    return len(chosen)


def _allowed(sheet: Sheet, answers: Mapping[str, bool]) -> list[tuple[Line, bool]]:
    found = []
    for code, wanted in answers.items():
        line = sheet.line(code)
        if line is None:
            raise Refused(_changed_meanwhile())
        if line.is_dropped and line.own == wanted:
            continue  # the page shows it, so the form sends it along
        if not line.may_become(wanted):
            raise Refused(
                _("A no can become a yes in the month the school agreed. Withdrawing a yes is always possible."),
                clause="S5",
            )
        found.append((line, wanted))
    return found


def _stands(child: Child, today: date) -> dict[str, Stand]:
    given = Standing.objects.answers([child.pk], PURPOSES, on=today)
    return {code: stand_of(given.get((child.pk, code), ())) for code in PURPOSES}


def _add(by: Viewer, child: Child, person_id: int, chosen: list[tuple[Line, bool]], on_paper: bool) -> None:
    school, entered_by = child.school, by.person_at(child.school_id)
    texts = PurposeText.objects.newest_of(school)
    rows = Answer.objects.bulk_create(
        Answer(
            school=school,
            child=child,
            code=line.code,
            text=_text_for(school, line, by, texts.get(line.code)),
            person_id=person_id,
            is_yes=wanted,
            at=by.now,
            entered_by_id=entered_by,
            on_paper=on_paper,
            previous_id=line.answer_id,
        )
        for line, wanted in chosen
    )
    Standing.objects.bulk_create(
        [
            Standing(
                school=school, child=child, code=row.code, person_id=person_id, is_yes=row.is_yes, at=by.now, answer=row
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["child", "code", "person"],
        update_fields=["is_yes", "at", "answer", "lapsed_at"],
    )


def _text_for(school: School, line: Line, by: Viewer, newest: PurposeText | None) -> PurposeText:
    """Return the row of the words she answered to; made now when these words are new."""
    if newest is not None and newest.words == line.words:
        return newest
    made, _is_new = PurposeText.objects.get_or_create(
        school=school,
        code=line.code,
        version=newest.version + 1 if newest else 1,
        defaults={"words": line.words, "since": by.now},
    )
    return made


def tell_the_team(*, by: Viewer, child: Child) -> None:
    """Tell who reads the consents of the groups where the child sits; after it left, those of its last group."""
    for group in groups_of(child, on=child.school.today(by.now)):
        told = Withdrawal.objects.create(school=child.school, group=group, at=by.now)
        audience = make_audience(school=child.school, groups=[group])
        notify(ConsentWithdrawn(told), audience=audience, school=child.school, not_before=by.now, by=by)
