"""Who is asked to come: for every child, together or apart, not this time, and how long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Level, Viewer
from kring.meetings.members import members_of
from kring.meetings.models import Booking, Party, Round, Slot
from kring.meetings.notices import ChooseReminder, RoundChanged, WishReminder
from kring.meetings.permissions import can_come_apart, can_invite, can_see_families, families_fill, is_planned
from kring.notifications.actions import remind_those_who_have_not
from kring.notifications.live import hint
from kring.people.models import Audience, Enrolment, Guardianship, KeepApart, Person, current_on
from kring.school.models import Group


@transaction.atomic
def complete_round(*, round: Round, now: datetime) -> int:
    """Invite every child that sits in a group of the round and is not invited yet; return how many parties are new.

    Guardians who are kept apart each get a party of their own. For preparing, setting ready, and the clock: a child
    that comes later is not forgotten. Writes nothing when nothing is missing.
    """
    today = round.school.today(now)
    first = Slot.objects.filter(round=round).order_by("starts_at").values_list("starts_at", flat=True).first()
    day = max(today, round.school.today(first)) if first else today
    seats = Enrolment.objects.filter(
        current_on(day), group__in=round.audience.groups.all(), group__school_year__ends_on__gte=day
    )
    asked = Party.objects.filter(round=round)
    children = dict(seats.exclude(child__in=asked.values("child_id")).values_list("child_id", "group_id"))
    made = _add(round, [(child_id, group_id, None) for child_id, group_id in sorted(children.items())])
    return made + _part(round, on=today)


def _add(round: Round, rows: Sequence[tuple[int, int, int | None]]) -> int:
    """Make parties (child, group, person) with an audience each. A few statements, whatever their number."""
    if not rows:
        return 0
    audiences = Audience.objects.bulk_create(Audience(school_id=round.school_id) for _row in rows)
    through = Audience.children.through
    through.objects.bulk_create(
        through(audience_id=audience.pk, child_id=row[0]) for audience, row in zip(audiences, rows, strict=True)
    )
    Party.objects.bulk_create(
        Party(
            school_id=round.school_id,
            round=round,
            child_id=child_id,
            group_id=group_id,
            person_id=person_id,
            audience=audience,
        )
        for audience, (child_id, group_id, person_id) in zip(audiences, rows, strict=True)
    )
    return len(rows)


def _part(round: Round, *, on: date) -> int:
    """Give guardians who are kept apart a party of their own each; a common party without anybody left goes."""
    common = {party.child_id: party for party in Party.objects.filter(round=round, person__isnull=True)}
    marks = KeepApart.objects.filter(child__in=common).values_list("child_id", "first_id", "second_id")
    pairs = {(child, person) for child, first, second in marks for person in (first, second)}
    if not pairs:
        return 0
    held = Guardianship.objects.filter(
        current_on(on),
        child__in={child for child, _person in pairs},
        level=Level.FULL,
    ).values_list("child_id", "person_id")
    there = set(Party.objects.filter(round=round, person__isnull=False).values_list("child_id", "person_id"))
    wanted = sorted((set(held) & pairs) - there)
    made = _add(round, [(child, common[child].group_id, person) for child, person in wanted])
    touched = [common[child] for child in {child for child, _person in pairs}]
    members = members_of(touched, on=on)
    for party in touched:
        if not members[party.pk]:
            _hand_over(party)
    return made


def _hand_over(party: Party) -> None:
    """Let an empty common party go; its conversation stays with the guardian who booked it, if she has a party."""
    booking = Booking.objects.filter(party=party).first()
    own = Party.objects.filter(round=party.round_id, child=party.child_id, person__isnull=False)
    heir = own.filter(person=booking.booked_by_id).first() if booking and booking.booked_by_id else None
    if booking and (heir is None or Booking.objects.filter(party=heir).exists()):
        return  # the school sees it in its list, and decides
    if booking:
        Booking.objects.filter(pk=booking.pk).update(party=heir)
    Party.objects.filter(pk=party.pk).delete()


@transaction.atomic
def set_needed(*, by: Viewer, parties: Sequence[Party], needed: bool) -> int:
    """Ask these parties to come, or say "not needed this time"; return how many changed.

    Raises Refused for one that has a time: cancel it first, so that the family is told.
    """
    require(all(can_invite(by, party) for party in parties))
    keys = [party.pk for party in parties]
    if not needed and Booking.objects.filter(party__in=keys).exists():
        raise Refused(_("One of these families has a time already. Cancel that first."))
    changed = Party.objects.filter(pk__in=keys, not_needed=needed).update(not_needed=not needed)
    if changed and parties:
        audit.record(by=by, what="meeting.needed_set", about=parties[0].round, number=changed, needed=needed)
        hint(RoundChanged, parties[0].round.public_id)
    return changed


@transaction.atomic
def set_length(*, by: Viewer, party: Party, is_double: bool, note: str) -> None:
    """Give a conversation twice the time (an interpreter, the care coordinator joins), and say why in a few words.

    The note is for the team only. Raises Refused while a time is booked: its length cannot change under it.
    """
    require(can_invite(by, party))
    if party.is_double != is_double and Booking.objects.filter(party=party).exists():
        raise Refused(_("There is a time already. Cancel it first, and book the longer one."))
    Party.objects.filter(pk=party.pk).update(is_double=is_double, note=note.strip()[:120])
    audit.record(by=by, what="meeting.length_set", about=party, double=is_double)


def invite_apart(*, by: Viewer, party: Party, person: Person) -> Party:
    """Give one guardian of the child a conversation of her own, as its teacher or as the office.

    Also how a limited guardian is invited. Raises Refused for who is no guardian with a level that sees anything.
    """
    require(can_invite(by, party) and party.person_id is None)
    return _apart(by=by, party=party, person_id=person.pk)


def come_apart(*, by: Viewer, party: Party) -> Party:
    """Ask, as a full guardian, for a conversation of one's own; the others keep the common one and its time."""
    person_id = by.person_at(party.school_id)
    require(can_come_apart(by, party) and person_id is not None)
    assert person_id is not None  # noqa: S101  said above
    return _apart(by=by, party=party, person_id=person_id)


def _apart(*, by: Viewer, party: Party, person_id: int) -> Party:
    today = party.round.school.today(by.now)
    held = Guardianship.objects.filter(
        current_on(today), child=party.child_id, person=person_id, level__in=[Level.FULL, Level.LIMITED]
    ).first()
    if held is None:
        raise Refused(_("This adult is no guardian of the child."))
    if held.level == Level.FULL and len(members_of([party], on=today)[party.pk]) < 2:
        raise Refused(_("Nobody else comes for this child, so there is nothing to part."))
    try:
        with transaction.atomic():
            _add(party.round, [(party.child_id, party.group_id, person_id)])
            audit.record(by=by, what="meeting.parted", about=party)
    except IntegrityError:
        pass  # a second tap: she has one already
    hint(RoundChanged, party.round.public_id)
    return Party.objects.for_pages().get(round=party.round_id, child=party.child_id, person=person_id)


@transaction.atomic
def come_together(*, by: Viewer, party: Party) -> None:
    """Let a guardian with a conversation of her own come with the others again. Raises Refused when she has a time, or
    when the school keeps them apart."""
    own = party.person_id is not None and party.person_id == by.person_at(party.school_id)
    require(party.person_id is not None and (own or can_invite(by, party)))
    if Booking.objects.filter(party=party).exists():
        raise Refused(_("There is a time already. Give it back first."))
    if KeepApart.objects.filter(Q(first=party.person_id) | Q(second=party.person_id), child=party.child_id).exists():
        raise Refused(_("This does not go. Please call the school."))
    Party.objects.filter(pk=party.pk).delete()
    audit.record(by=by, what="meeting.joined", about=party.round)
    hint(RoundChanged, party.round.public_id)


@transaction.atomic
def remind_families(*, by: Viewer, round: Round, group: Group) -> None:
    """Tell who has not chosen, or gave no wishes, once more, once a day for the round. Raises Refused when nobody is
    missing, and in a round that the school fills once wishes count no more."""
    require(can_see_families(by, round, group.pk))
    if not families_fill(round, policy_for(round.school_id, at=by.now)):
        _remind_of_wishes(by=by, round=round)
        return
    if not Party.objects.without_booking().filter(round=round).exists():
        raise Refused(_("Every family has a time: there is nobody to remind."))
    remind_those_who_have_not(ChooseReminder(round), by=by, audience=round.audience, school=round.school)
    audit.record(by=by, what="meeting.reminded", about=round)


def _remind_of_wishes(*, by: Viewer, round: Round) -> None:
    if is_planned(round) or round.closes_at <= by.now:
        raise Refused(_("Wishes can not be given any more: there is nothing to remind of."))
    if not Party.objects.without_wishes().filter(round=round).exists():
        raise Refused(_("Every family gave its wishes: there is nobody to remind."))
    remind_those_who_have_not(WishReminder(round), by=by, audience=round.audience, school=round.school)
    audit.record(by=by, what="meeting.reminded", about=round)
