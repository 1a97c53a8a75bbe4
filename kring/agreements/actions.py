"""Every change to an agreement: writing a draft, publishing, copying, and saying that one read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kring.agreements.clauses.labels import problem_sentence
from kring.agreements.current import version_in_force
from kring.agreements.models import Agreement, Confirmation, State
from kring.agreements.permissions import can_confirm_reading, can_copy_agreement, can_edit_agreement
from kring.agreements.policy import KINDS, contradictions, policy_from
from kring.agreements.printing import LANGUAGES, printed
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.school.models import School

# What only fits one school: a copy leaves it as it is at the other.
OWN_TO_A_SCHOOL = frozenset(
    path for path in KINDS if path.startswith("school_contact.") and path != "school_contact.address_form"
) | {"sick_and_late.phone", "urgent_phone.number", "leave.form_url"}


@transaction.atomic
def save_draft(
    *,
    by: Viewer,
    school: School,
    values: Mapping[str, Any],
    confirmed: Iterable[str] = (),
    paragraphs: Mapping[str, Mapping[str, str]] | None = None,
    is_public: bool = False,
) -> Agreement:
    """Keep what management is writing; there is one draft per school.

    `values` is path -> JSON as `stored_values` makes it; `confirmed` are the paths of filled-in values that are the
    school's own; `paragraphs` is chapter -> language -> text.
    """
    require(can_edit_agreement(by, school))
    content = {
        "values": dict(values),
        "confirmed": sorted(set(confirmed)),
        "paragraphs": {chapter: dict(texts) for chapter, texts in (paragraphs or {}).items()},
        "is_public": is_public,
        "saved_at": by.now,
    }
    return _keep_draft(school, content)


def _keep_draft(school: School, content: dict[str, Any]) -> Agreement:
    if not Agreement.objects.drafts().of_schools([school.pk]).update(**content):
        try:
            with transaction.atomic():
                return Agreement.objects.create(school=school, **content)
        except IntegrityError:
            # Somebody else began a draft at the same moment: hers is the one row, our words go into it.
            Agreement.objects.drafts().of_schools([school.pk]).update(**content)
    return Agreement.objects.drafts().of_schools([school.pk]).get()


@transaction.atomic
def discard_draft(*, by: Viewer, school: School) -> None:
    """Throw the draft away. What is published stays."""
    require(can_edit_agreement(by, school))
    gone, _rows = Agreement.objects.drafts().of_schools([school.pk]).delete()
    if gone:
        audit.record(by=by, what="agreement.draft_discarded", school_id=school.pk)


@transaction.atomic
def publish_draft(*, by: Viewer, school: School, in_force_from: date) -> Agreement:
    """Make the draft the next version, in force from that day at the school. It never changes again.

    Raises Refused for a day in the past, without a draft, or when values contradict each other.
    """
    require(can_edit_agreement(by, school))
    if in_force_from < school.today(by.now):
        raise Refused(_("A version cannot begin in the past. Choose today or a later day."))
    draft = Agreement.objects.drafts().of_schools([school.pk]).first()
    if draft is None:
        raise Refused(_("There is no draft any more: a colleague published it or threw it away."))
    policy = policy_from(draft.values)
    for code in contradictions(policy).values():
        raise Refused(problem_sentence(code, {}))
    last = Agreement.objects.of_schools([school.pk]).aggregate(last=Max("number"))["last"]
    text = {
        language: printed(policy, confirmed=draft.confirmed, paragraphs=draft.paragraphs, language=language)
        for language in LANGUAGES
    }
    changed = (
        Agreement.objects.drafts()
        .filter(pk=draft.pk)
        .update(
            state=State.PUBLISHED,
            number=(last or 0) + 1,
            in_force_from=in_force_from,
            printed=text,
            published_at=by.now,
            published_by_id=by.user_id,
        )
    )
    if changed != 1:
        raise Refused(_("There is no draft any more: a colleague published it or threw it away."))
    draft.refresh_from_db()
    audit.record(by=by, what="agreement.published", about=draft, number=draft.number, day=in_force_from.isoformat())
    return draft


@transaction.atomic
def copy_agreement(*, by: Viewer, source: School, target: School) -> Agreement:
    """Bring what counts at `source` as a draft to `target`, for its management to look at and publish.

    Telephone numbers and addresses stay those of `target`. Raises Refused when `source` has nothing in force, or
    `target` has a draft already.
    """
    require(can_copy_agreement(by, source, target))
    version = version_in_force(source, at=by.now)
    if version is None:
        raise Refused(_("%(school)s has not published agreements yet.") % {"school": source.name})
    if Agreement.objects.drafts().of_schools([target.pk]).exists():
        raise Refused(
            _("%(school)s is already writing a draft. Its management can publish it or throw it away first.")
            % {"school": target.name}
        )
    theirs = version_in_force(target, at=by.now)
    values = {path: value for path, value in version.values.items() if path not in OWN_TO_A_SCHOOL}
    if theirs is not None:
        values |= {path: value for path, value in theirs.values.items() if path in OWN_TO_A_SCHOOL}
    draft = _keep_draft(
        target,
        {
            "values": values,
            "confirmed": version.confirmed,
            "paragraphs": version.paragraphs,
            "is_public": False,
            "saved_at": by.now,
        },
    )
    audit.record(by=by, what="agreement.copied", about=draft, from_version=version.public_id)
    return draft


@transaction.atomic
def confirm_read(*, by: Viewer, school: School) -> Confirmation | None:
    """Write down that she read the version in force. Doing it twice changes nothing; without a version: nothing."""
    require(can_confirm_reading(by, school))
    version, person_id = version_in_force(school, at=by.now), by.person_at(school.pk)
    if version is None or person_id is None:
        return None
    confirmation, _made = Confirmation.objects.get_or_create(
        agreement=version, person_id=person_id, defaults={"school": school, "at": by.now}
    )
    return confirmation
