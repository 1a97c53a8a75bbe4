"""Inviting, withdrawing, and the office's answer to a claim from another address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.accounts import mails, rules
from kring.accounts.models import Invite, Way, child_invited_for, code_of, has_left, make_seed
from kring.accounts.permissions import can_decide, can_invite
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.models import Child, Person, User


@transaction.atomic
def invite(*, by: Viewer, person: Person, child: Child | None = None, way: str = Way.MAIL) -> Invite:
    """Invite `person`, for `child` if given, and mail the link when `way` is mail.

    An earlier open invitation by the same way stops working: the newest counts. Raises Refused when the person has
    joined, or has no address to mail to.
    """
    require(can_invite(by, person))
    require(child is None or child.school_id == person.school_id)
    made = _make(by=by, person=person, child=child, way=way)
    audit.record(by=by, what="accounts.invited", about=made, way=way)
    return made


def _make(*, by: Viewer, person: Person, child: Child | None, way: str) -> Invite:
    if person.user_id is not None:
        raise Refused(_("This person has joined already."))
    if way == Way.MAIL and not person.email:
        raise Refused(_("This person has no e-mail address. Fill it in, or print the invitation."))
    Invite.objects.unfinished().filter(person=person, way=way).update(withdrawn_at=by.now)
    seed = make_seed()
    try:
        with transaction.atomic():
            made = Invite.objects.create(
                school_id=person.school_id,
                person=person,
                child=child or child_invited_for(person, now=by.now),
                way=way,
                email=person.email.strip().lower(),
                seed=seed,
                token_hash=rules.fingerprint(code_of(seed)),
                made_at=by.now,
                made_by_id=by.user_id,
                expires_at=by.now + timedelta(days=rules.INVITE_DAYS),
            )
    except IntegrityError:
        raise Refused(_("A colleague sent this invitation at the same moment.")) from None
    if way == Way.MAIL:
        mails.send_invitation.enqueue(made.pk)
    return made


@transaction.atomic
def invite_many(*, by: Viewer, persons: Iterable[Person], way: str = Way.MAIL, renew: bool = False) -> int:
    """Invite each of `persons` by `way` and return how many invitations were made.

    Who has joined, or has no address to mail to, is left out. So is who has a working invitation, unless `renew`.
    """
    made = 0
    persons = list(persons)
    working = set(
        Invite.objects.usable(by.now)
        .filter(person__in=[person.pk for person in persons], way=way)
        .values_list("person_id", flat=True)
    )
    for person in persons:
        require(can_invite(by, person))
        mailable = way == Way.PAPER or bool(person.email)
        if person.user_id is None and mailable and (renew or person.pk not in working):
            _make(by=by, person=person, child=None, way=way)
            made += 1
    if persons:
        audit.record(by=by, what="accounts.invited_many", school_id=persons[0].school_id, way=way, number=made)
    return made


@transaction.atomic
def withdraw(*, by: Viewer, invite: Invite) -> None:
    """Stop an invitation from working. Raises Refused when it was used or withdrawn before."""
    require(can_decide(by, invite))
    changed = (
        Invite.objects.unfinished().filter(pk=invite.pk).update(withdrawn_at=by.now, claimed_at=None, claimed_by=None)
    )
    if changed != 1:
        raise Refused(_("This invitation was used or withdrawn before."))
    forget_login_without_person(user_id=invite.claimed_by_id)
    audit.record(by=by, what="accounts.withdrawn", about=invite)


@transaction.atomic
def approve_claim(*, by: Viewer, invite: Invite) -> None:
    """Let in the login that claimed `invite` with another address. Raises Refused when nothing waits any more."""
    require(can_decide(by, invite))
    user = invite.claimed_by
    if user is None:
        raise Refused(_("Nobody waits for an answer here any more."))
    changed = (
        Invite.objects.unfinished()
        .filter(pk=invite.pk, claimed_by=user)
        .update(used_at=by.now, used_by=user, claimed_at=None, claimed_by=None)
    )
    if changed != 1:
        raise Refused(_("This invitation was used or withdrawn before."))
    attach(by=by, person=invite.person, user=user)
    audit.record(by=by, what="accounts.claim_approved", about=invite)
    mails.mail("claim_approved", to=user.email, language=user.language)


@transaction.atomic
def refuse_claim(*, by: Viewer, invite: Invite) -> None:
    """Say no to a claim from another address. The invitation itself keeps working for the one who was invited."""
    require(can_decide(by, invite))
    user = invite.claimed_by
    changed = Invite.objects.claimed().filter(pk=invite.pk).update(claimed_at=None, claimed_by=None)
    if changed != 1 or user is None:
        raise Refused(_("Nobody waits for an answer here any more."))
    audit.record(by=by, what="accounts.claim_refused", about=invite)
    mails.mail("claim_refused", to=user.email, language=user.language)
    forget_login_without_person(user_id=user.pk)


def attach(*, by: Viewer, person: Person, user: User) -> None:
    """Hang `person` on the login `user` and close her other invitations. Raises Refused when either is taken.

    Also when her last role or guardianship ended meanwhile: an invitation that was sent before opens nothing then.
    Called within the transaction of the action that decided it.
    """
    taken = _("This login belongs to somebody else at this school already. Ask the office.")
    if has_left(person, now=by.now):
        raise Refused(_("This invitation no longer works. Ask the office of the school."))
    try:
        with transaction.atomic():
            changed = Person.objects.filter(pk=person.pk, user__isnull=True).update(user=user, joined_at=by.now)
    except IntegrityError:
        raise Refused(taken) from None
    if changed != 1:
        raise Refused(_("This invitation was used before."))
    others = Invite.objects.unfinished().filter(person=person)
    waiting = [claim.claimed_by_id for claim in others if claim.claimed_by_id not in (None, user.pk)]
    others.update(withdrawn_at=by.now, claimed_at=None, claimed_by=None)
    for login in waiting:
        forget_login_without_person(user_id=login)


def forget_login_without_person(*, user_id: int | None) -> None:
    """Remove a login that was only made to claim an invitation: when the answer is no, it is nobody's."""
    if user_id is not None:
        User.objects.filter(pk=user_id, persons__isnull=True, claims__isnull=True).delete()
