"""What the team does in a round: who has chosen, helping a family, keeping moments free, and the sheets of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kring.core.access import Refused, require
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.meetings import actions, overview
from kring.meetings.choosing import sheet_for
from kring.meetings.forms import DeclineForm, LengthForm
from kring.meetings.models import Ask, Booking, Party, Round, Sitting, Slot
from kring.meetings.permissions import (
    can_help,
    can_invite,
    can_keep_free,
    can_see_families,
    is_chosen_by_families,
    takes_wishes,
)
from kring.meetings.views.plan import asks_in, planned_at
from kring.people.models import Person
from kring.school.models import Group

OF_PARTY = ("round__school", "round__audience", "audience", "child", "group", "person", "waiting")


def _group(request: Request, found: Round, group_id: str) -> Group:
    group: Group = get_object_or_404(found.audience.groups.select_related("school"), public_id=group_id)
    get_object_or_404(Round.objects.all(), pk=found.pk if can_see_families(request.viewer, found, group.pk) else None)
    return group


def _families_page(party: Party) -> str:
    return reverse(
        "meetings:families", args=[party.round.school.public_id, party.round.public_id, party.group.public_id]
    )


def _party_page(party: Party) -> str:
    return reverse("meetings:party", args=[party.round.school.public_id, party.round.public_id, party.public_id])


@require_safe
def families(request: Request, school_id: str, round_id: str, group_id: str) -> HttpResponse:
    """List who of a group is asked to come, and who has no time yet."""
    found = planned_at(request, school_id, round_id)
    group = _group(request, found, group_id)
    parties = list(
        Party.objects.visible_to(request.viewer).filter(round=found, group=group).for_pages().select_related("wish_set")
    )
    rows = overview.families_of(found, parties, now=request.viewer.now)
    asked = [row for row in rows if not row.party.not_needed]
    by_families = is_chosen_by_families(request.viewer, found)
    context = {
        "by_families": by_families,
        "asks": asks_in(request, found).filter(party__group=group),
        "may_remind": by_families or takes_wishes(request.viewer, found),
        "wished": {row.party.pk for row in asked if hasattr(row.party, "wish_set")},
        "round": found,
        "school": found.school,
        "group": group,
        "open": [row for row in asked if row.party.booked is None],
        "planned": sorted(
            (row for row in asked if row.party.booked),
            key=lambda row: row.party.booked.starts_at,  # type: ignore[union-attr]
        ),
        "not_needed": [row for row in rows if row.party.not_needed],
        "is_ready": found.state == "ready",
    }
    return page(request, "meetings/families.html", context)


@require_POST
def needed(request: Request, school_id: str, round_id: str, group_id: str) -> HttpResponse:
    """Say for many at once "not needed this time", or ask them after all."""
    found = planned_at(request, school_id, round_id)
    group = _group(request, found, group_id)
    keys = request.POST.getlist("party")
    rows = Party.objects.visible_to(request.viewer).filter(round=found, group=group, public_id__in=keys)
    parties = list(rows.select_related(*OF_PARTY))
    wanted = request.POST.get("needed") == "yes"
    back = reverse("meetings:families", args=[school_id, round_id, group_id])
    try:
        changed = actions.set_needed(by=request.viewer, parties=parties, needed=wanted)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        said = ngettext("Changed for %(n)s family.", "Changed for %(n)s families.", changed) % {"n": changed}
        messages.success(request, said if changed else _("Tick the families first."))
    return redirect(back)


@require_POST
def remind(request: Request, school_id: str, round_id: str, group_id: str) -> HttpResponse:
    """Remind who has not chosen yet."""
    found = planned_at(request, school_id, round_id)
    group = _group(request, found, group_id)
    done = _("Every family of this round that has no time yet is reminded.")
    if not is_chosen_by_families(request.viewer, found):
        done = _("Every family of this round that gave no wishes yet is reminded.")
    return posted(
        request,
        lambda: actions.remind_families(by=request.viewer, round=found, group=group),
        back=reverse("meetings:families", args=[school_id, round_id, group_id]),
        done=done,
    )


def _party(request: Request, school_id: str, round_id: str, party_id: str) -> Party:
    found = planned_at(request, school_id, round_id)
    rows = Party.objects.visible_to(request.viewer).filter(round=found).select_related(*OF_PARTY)
    party = get_object_or_404(rows.select_related("booking__slot__sitting"), public_id=party_id)
    get_object_or_404(Party.objects.all(), pk=party.pk if can_invite(request.viewer, party) else None)
    return party


@require_safe
def party(request: Request, school_id: str, round_id: str, party_id: str) -> HttpResponse:
    """Help one family: book, move, cancel, longer, apart."""
    return _help(request, _party(request, school_id, round_id, party_id))


def _help(
    request: Request,
    party: Party,
    *,
    form: LengthForm | None = None,
    declining: DeclineForm | None = None,
    refused: str = "",
) -> HttpResponse:
    found, viewer = party.round, request.viewer
    family = overview.families_of(found, [party], now=viewer.now)[0]
    sheet = sheet_for(found, party, now=viewer.now)
    talk = sheet.talks[0] if sheet.talks else None
    ask = asks_in(request, found).filter(party=party).select_related("asked_by").first()
    free = {offered.slot.pk for _day, row in (talk.days if talk else []) for offered in row if offered.is_free}
    context = {
        "round": found,
        "school": found.school,
        "party": party,
        "family": family,
        "ask": ask,
        "wanted_is_free": ask is not None and ask.slot_id in free,
        "decline_form": declining or DeclineForm(),
        "talk": talk,
        "can_help": can_help(viewer, party) and not party.not_needed,
        "form": form or LengthForm(initial={"is_double": party.is_double, "note": party.note}),
        "others": _who_may_come_apart(party, family, request),
        "refused": refused,
    }
    return page(request, "meetings/party.html", context, status=409 if refused else 200)


@require_POST
def decline(request: Request, school_id: str, round_id: str, party_id: str) -> HttpResponse:
    """Say why a conversation stays at its time."""
    party = _party(request, school_id, round_id, party_id)
    rows = Ask.objects.visible_to(request.viewer).filter(party=party)
    ask = get_object_or_404(
        rows.select_related("party__round__school", "party__audience").order_by("-asked_at", "-pk")[:1]
    )
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _help(request, party, declining=form)
    try:
        actions.decline_ask(by=request.viewer, ask=ask, answer=form.cleaned_data["answer"])
    except Refused as refused:
        return _help(request, party, declining=form, refused=refused.sentence)
    messages.success(request, _("Answered. The family is told."))
    return redirect(_party_page(party))


def _who_may_come_apart(party: Party, family: overview.Family, request: Request) -> list[tuple[Person, str]]:
    """Return the guardians who could have a conversation of their own: one of several, or a limited guardian."""
    if party.person_id is not None:
        return []
    several = len(family.guests) > 1
    rows = overview.guardians_of(party, now=request.viewer.now)
    return [(guest.person, guest.words) for guest in rows if guest.level == "limited" or several]


def _slot(request: Request, party: Party) -> Slot:
    rows = Slot.objects.visible_to(request.viewer).standing([request.POST.get("slot", "")])
    return get_object_or_404(rows.filter(round=party.round_id))


def _whole(party: Party) -> Booking:
    rows = Booking.objects.for_pages().select_related("party__round__school", "party__round__audience")
    return get_object_or_404(rows.select_related("party__audience"), party=party)


@require_POST
def put(request: Request, school_id: str, round_id: str, party_id: str) -> HttpResponse:
    """Book a moment for the family, or move what it has."""
    party = _party(request, school_id, round_id, party_id)
    slot, by_video = _slot(request, party), request.POST.get("video") == "yes"
    try:
        if Booking.objects.filter(party=party).exists():
            actions.move_booking(by=request.viewer, booking=_whole(party), slot=slot, by_video=by_video)
        else:
            actions.book_for_family(by=request.viewer, party=party, slot=slot, by_video=by_video)
    except Refused as refused:
        return _help(request, party, refused=refused.sentence)
    messages.success(request, _("Planned. The family is told."))
    return redirect(_party_page(party))


def _press(request: Request, party: Party, act: Callable[[], object], done: str, back: str = "") -> HttpResponse:
    return posted(request, act, back=back or _party_page(party), done=done)


@require_POST
def call_off(request: Request, school_id: str, round_id: str, party_id: str) -> HttpResponse:
    """Cancel the conversation of a family; it is told and may choose again."""
    party = _party(request, school_id, round_id, party_id)
    done = _("Cancelled. The family is told and can choose another time.")
    if not is_chosen_by_families(request.viewer, party.round):
        done = _("Cancelled. The family is told that the school looks for another time.")
    return _press(request, party, lambda: actions.cancel_booking(by=request.viewer, booking=_whole(party)), done)


@require_POST
def length(request: Request, school_id: str, round_id: str, party_id: str) -> HttpResponse:
    """Give a conversation twice the time, or once again."""
    party = _party(request, school_id, round_id, party_id)
    form = LengthForm(request.POST)
    if not form.is_valid():
        return _help(request, party, form=form)
    data: dict[str, Any] = form.cleaned_data
    return _press(request, party, lambda: actions.set_length(by=request.viewer, party=party, **data), _("Saved."))


@require_POST
def invite(request: Request, school_id: str, round_id: str, party_id: str) -> HttpResponse:
    """Give one guardian a conversation of her own."""
    party = _party(request, school_id, round_id, party_id)
    people = {person.public_id: person for person, _words in _guardians(party, request)}
    person = people.get(request.POST.get("person", ""))
    if person is None:
        get_object_or_404(Person.objects.none())
    assert person is not None  # noqa: S101  said above
    return _press(
        request, party, lambda: actions.invite_apart(by=request.viewer, party=party, person=person),
        _("Invited for a conversation of their own."), back=_families_page(party),
    )  # fmt: skip


def _guardians(party: Party, request: Request) -> list[tuple[Person, str]]:
    return [(guest.person, guest.words) for guest in overview.guardians_of(party, now=request.viewer.now)]


@require_POST
def join(request: Request, school_id: str, round_id: str, party_id: str) -> HttpResponse:
    """Let a guardian come with the others again."""
    party = _party(request, school_id, round_id, party_id)
    require(party.person_id is not None)
    back = _families_page(party)
    return posted(
        request,
        lambda: actions.come_together(by=request.viewer, party=party),
        back=back,
        done=_("They come together again."),
    )


@require_safe
def slip(request: Request, school_id: str, round_id: str, party_id: str) -> HttpResponse:
    """Print the time on paper, for a family without the app."""
    party = _party(request, school_id, round_id, party_id)
    family = overview.families_of(party.round, [party], now=request.viewer.now)[0]
    sheet = sheet_for(party.round, party, now=request.viewer.now)
    context = {
        "round": party.round,
        "school": party.round.school,
        "party": party,
        "family": family,
        "booking": party.booked,
        "talk": sheet.talks[0] if sheet.talks else None,
    }
    return page(request, "meetings/slip.html", context)


def _sitting(request: Request, school_id: str, round_id: str, sitting_id: str) -> Sitting:
    found = planned_at(request, school_id, round_id)
    rows = Sitting.objects.visible_to(request.viewer).filter(round=found).with_teachers()
    return get_object_or_404(rows.select_related("round__school", "group"), public_id=sitting_id)


@require_safe
def sheet(request: Request, school_id: str, round_id: str, sitting_id: str) -> HttpResponse:
    """Show the day of a teacher, on the screen and on paper."""
    sitting = _sitting(request, school_id, round_id, sitting_id)
    slots = Slot.objects.filter(sitting=sitting, starts_at__gt=request.viewer.now).with_booking()
    entries = overview.day_sheet(sitting, now=request.viewer.now)
    context = {
        "round": sitting.round,
        "school": sitting.round.school,
        "sitting": sitting,
        "entries": entries,
        "number": sum(entry.family is not None for entry in entries),
        "slots": slots,
        "can_keep_free": can_keep_free(request.viewer, sitting),
        "can_place": request.viewer.is_manager(sitting.school_id),
        "others": overview.own_sittings(request.viewer, sitting.round),
    }
    return page(request, "meetings/sheet.html", context)


@require_POST
def keep_free(request: Request, school_id: str, round_id: str, sitting_id: str) -> HttpResponse:
    """Keep one moment free, or give it free again."""
    sitting = _sitting(request, school_id, round_id, sitting_id)
    rows = Slot.objects.filter(sitting=sitting).select_related("sitting__round__school", "round")
    slot = get_object_or_404(rows, public_id=request.POST.get("slot", ""))
    act = actions.unblock if request.POST.get("free") == "yes" else actions.block
    back = reverse("meetings:sheet", args=[school_id, round_id, sitting_id])
    return posted(request, lambda: act(by=request.viewer, slot=slot), back=back)


@require_POST
def close(request: Request, school_id: str, round_id: str, sitting_id: str) -> HttpResponse:
    """Cancel the rest of a session because the teacher cannot come."""
    sitting = _sitting(request, school_id, round_id, sitting_id)
    back = reverse("meetings:sheet", args=[school_id, round_id, sitting_id])
    return posted(
        request,
        lambda: actions.close_sitting(by=request.viewer, sitting=sitting),
        back=back,
        done=_("Cancelled. Every family in it is told and can choose another time."),
    )


@require_http_methods(["GET", "HEAD"])
def door(request: Request, school_id: str, round_id: str, day: str) -> HttpResponse:
    """Show the lists for the doors on one day: first names only."""
    found = planned_at(request, school_id, round_id)
    get_object_or_404(Round.objects.all(), pk=found.pk if request.viewer.is_manager(found.school_id) else None)
    days = {one.isoformat(): one for one in overview.days_of(found)}
    if day not in days:
        get_object_or_404(Round.objects.none())
    chosen: date = days[day]
    context = {
        "round": found,
        "school": found.school,
        "day": chosen,
        "days": list(days.values()),
        "doors": overview.door_list(found, chosen),
    }
    return page(request, "meetings/door.html", context)
