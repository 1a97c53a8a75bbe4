"""What a family does in a round: look, choose for all children at once or for one, change, give back, wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kring.agenda.ical import one_entry
from kring.agreements.current import agreement_url
from kring.core.access import Refused, require
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.meetings import actions
from kring.meetings.choosing import Sheet, Talk, sheet_of
from kring.meetings.in_feeds import entry_for
from kring.meetings.models import Booking, Party, Round, Slot
from kring.meetings.permissions import (
    can_book,
    can_change,
    can_come_apart,
    is_chosen_by_families,
    opens_for,
    phase_for,
    policy_of,
)
from kring.meetings.rules import Phase
from kring.meetings.views import wishes
from kring.meetings.views.own import OF_PARTY, own_party, own_round, page_of, sheet_for_page

T = TypeVar("T")
CONFLICT = 409


def _booking(request: Request, booking_id: str) -> Booking:
    rows = Booking.objects.own_of(request.viewer).for_pages()
    rows = rows.select_related("party__round__school", "party__round__audience", "party__audience")
    return get_object_or_404(rows, public_id=booking_id)


@require_safe
def own(request: Request) -> HttpResponse:
    """List the rounds in which she has a conversation, or still has to choose one."""
    parties = Party.objects.own_of(request.viewer).invited().for_pages().select_related("wish_set")
    parties = parties.order_by("round__opens_at", "pk")
    found: dict[int, tuple[Round, list[Party]]] = {}
    for party in parties.filter(round__in=Round.objects.not_over_at(request.viewer.now)):
        found.setdefault(party.round_id, (party.round, []))[1].append(party)
    rows = [
        {
            "round": round,
            "open": sum(1 for party in own if party.booked is None),
            "opens_at": opens_for(request.viewer, round),
            "by_families": is_chosen_by_families(request.viewer, round),
            "has_wishes": all(party.booked or hasattr(party, "wish_set") for party in own),
        }
        for round, own in found.values()
    ]
    return page(request, "meetings/own.html", {"rows": rows, "now": request.viewer.now})


@require_safe
def choose(request: Request, round_id: str) -> HttpResponse:
    """Show her conversations in a round, the best plans for all of them, and the moments of each; in a round that the
    school fills, her wishes and then her times."""
    round = own_round(request, round_id)
    if not is_chosen_by_families(request.viewer, round) and not _chooses_again(request, round):
        return wishes.show(request, round)
    return _page(request, round)


def _chooses_again(request: Request, round: Round) -> bool:
    """Say whether the school cancelled a time of hers, and she has no other yet. One query."""
    own = Party.objects.own_of(request.viewer).without_booking()
    return own.filter(round=round, choose_until__gt=request.viewer.now).exists()


def _page(request: Request, round: Round, *, refused: Refused | None = None, tried: str = "") -> HttpResponse:
    viewer = request.viewer
    sheet = sheet_for_page(request, round)
    phase = phase_for(viewer, round)
    wanted = getattr(refused, "wanted", None)
    if isinstance(wanted, datetime):
        sheet.nearest_to(wanted, [talk for talk in sheet.talks if talk.party.public_id in tried])
    return page(request, "meetings/choose.html", _context(request, sheet, phase, refused), status=_status(refused))


def _late(request: Request, round: Round, parties: Sequence[Party], refused: Refused) -> HttpResponse:
    """Answer who was too late. A page that asks in place gets the sentence and the nearest free moments only."""
    if not request.htmx or request.htmx.boosted:
        return _page(request, round, refused=refused, tried=" ".join(party.public_id for party in parties))
    wanted = getattr(refused, "wanted", None)
    talks: list[Talk] = []
    if isinstance(wanted, datetime):
        sheet = sheet_of(request.viewer, round, parties)
        sheet.nearest_to(wanted, sheet.talks)
        talks = sheet.talks
    context = {"round": round, "talks": talks, "refused": refused.sentence}
    return page(request, "meetings/refused.html", context, status=CONFLICT)


def _done(request: Request, round: Round) -> HttpResponse:
    """Lead to the page of the round, which then says what is planned; also a page that asked in place."""
    where = page_of(round)
    return HttpResponse(headers={"HX-Redirect": where}) if request.htmx else redirect(where)


def _status(refused: Refused | None) -> int:
    return CONFLICT if refused else 200


def _context(request: Request, sheet: Sheet, phase: Phase, refused: Refused | None) -> dict[str, object]:
    viewer, round = request.viewer, sheet.round
    asked = [talk for talk in sheet.talks if not talk.party.not_needed]
    is_open = phase == Phase.OPEN
    policy = policy_of(viewer, round)
    return {
        "round": round,
        "school": round.school,
        "talks": asked,
        "not_needed": [talk for talk in sheet.talks if talk.party.not_needed],
        "kids": list({talk.party.child_id: talk for talk in sheet.talks}.values()),
        "plans": sheet.plans() if is_open else [],
        "phase": phase.value,
        "is_open": is_open or any(can_book(viewer, talk.party) for talk in asked),
        "opens_at": opens_for(viewer, round),
        "is_early": opens_for(viewer, round) < round.opens_at and viewer.now < round.opens_at,
        "may_change": policy.booking_opening.change_until_closing,
        "bookable": {talk.party.pk for talk in asked if can_book(viewer, talk.party)},
        "changeable": {talk.party.pk for talk in asked if talk.booking and can_change(viewer, _whole(talk))},
        "partable": {
            talk.party.pk
            for talk in asked
            if not talk.booking and len(talk.guests) > 1 and can_come_apart(viewer, talk.party)
        },
        "refused": refused.sentence if refused else "",
        "phone": policy.school_contact.phone,
        "agreement": agreement_url(round.school, "C3"),
    }


def _whole(talk: Talk) -> Booking:
    assert talk.booking is not None  # noqa: S101  asked before
    talk.booking.party, talk.booking.round = talk.party, talk.party.round
    return talk.booking


@require_safe
def taken(request: Request, round_id: str) -> JsonResponse:
    """Say which moments of hers are taken by now, for a page that stands open."""
    round = own_round(request, round_id)
    rows = Slot.objects.visible_to(request.viewer).filter(round=round, booking__isnull=False)
    return JsonResponse({"taken": list(rows.order_by("pk").values_list("public_id", flat=True))})


@require_POST
def take(request: Request, round_id: str) -> HttpResponse:
    """Take the moments of a plan, or one: `choice` holds party and moment, once for each conversation."""
    round = own_round(request, round_id)
    pairs = [tuple(value.split(":", 1)) for value in request.POST.getlist("choice") if ":" in value]
    parties = {
        party.public_id: party
        for party in Party.objects.own_of(request.viewer).filter(round=round).select_related(*OF_PARTY)
    }
    if not parties:
        raise Http404
    slots = {slot.public_id: slot for slot in Slot.objects.standing([slot for _party, slot in pairs])}
    by_video = request.POST.get("video") == "yes"
    choices = [(get_or_404(parties, party), get_or_404(slots, slot), by_video) for party, slot in pairs]
    require(bool(choices) and len({party.pk for party, _slot, _video in choices}) == len(choices))
    try:
        booked = actions.book_slots(by=request.viewer, choices=choices)
    except Refused as refused:
        return _late(request, round, [party for party, _slot, _video in choices], refused)
    said = ngettext("Your conversation is planned.", "Your %(n)s conversations are planned.", len(booked))
    messages.success(request, said % {"n": len(booked)})
    return _done(request, round)


def get_or_404(known: dict[str, T], key: str) -> T:
    """Return what is known under the key; what is not there or not hers is a 404."""
    if key not in known:
        get_object_or_404(Slot.objects.none())
    return known[key]


@require_POST
def change(request: Request, booking_id: str) -> HttpResponse:
    """Take another moment instead."""
    booking = _booking(request, booking_id)
    slot = get_object_or_404(Slot.objects.standing([request.POST.get("slot", "")]).filter(round=booking.round_id))
    try:
        actions.change_booking(
            by=request.viewer, booking=booking, slot=slot, by_video=request.POST.get("video") == "yes"
        )
    except Refused as refused:
        return _late(request, booking.round, [booking.party] if booking.party else [], refused)
    messages.success(request, _("Your conversation is at the new time. The old one is free for others."))
    return _done(request, booking.round)


def _press(request: Request, round: Round, act: Callable[[], object], done: str) -> HttpResponse:
    return posted(request, act, back=page_of(round), done=done)


@require_POST
def give_back(request: Request, booking_id: str) -> HttpResponse:
    """Give a moment back."""
    booking = _booking(request, booking_id)
    return _press(
        request, booking.round, lambda: actions.give_back(by=request.viewer, booking=booking),
        _("Given back. You can choose another time."),
    )  # fmt: skip


@require_safe
def calendar_file(request: Request, booking_id: str) -> HttpResponse:
    """Hand out a booked conversation for her own calendar: what, when and where, without child and teacher."""
    body = one_entry(entry_for(_booking(request, booking_id)))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = f'attachment; filename="{_("conversation")}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def wait(request: Request, party_id: str) -> HttpResponse:
    """Stand on the waiting list."""
    party = own_party(request, party_id)
    return _press(
        request, party.round, lambda: actions.wait_for_moment(by=request.viewer, party=party),
        _("You are on the waiting list. We tell you as soon as a time comes free."),
    )  # fmt: skip


@require_POST
def stop_waiting(request: Request, party_id: str) -> HttpResponse:
    """Leave the waiting list."""
    party = own_party(request, party_id)
    return _press(
        request, party.round, lambda: actions.stop_waiting(by=request.viewer, party=party),
        _("You are off the waiting list."),
    )  # fmt: skip


def _offer(request: Request, booking_id: str) -> Booking:
    own = Party.objects.own_of(request.viewer).values("pk")
    rows = Booking.objects.filter(held_for__in=own).select_related(
        "round__school", "slot__sitting", "held_for__round__school", "held_for__audience"
    )
    return get_object_or_404(rows, public_id=booking_id)


@require_POST
def accept(request: Request, booking_id: str) -> HttpResponse:
    """Take the moment that is kept for her."""
    booking = _offer(request, booking_id)
    return _press(
        request, booking.round, lambda: actions.accept_offer(by=request.viewer, booking=booking),
        _("Planned: the time is yours."),
    )  # fmt: skip


@require_POST
def decline(request: Request, booking_id: str) -> HttpResponse:
    """Let the kept moment go to the next one."""
    booking = _offer(request, booking_id)
    return _press(
        request, booking.round, lambda: actions.decline_offer(by=request.viewer, booking=booking),
        _("We offer it to the next one. You keep waiting."),
    )  # fmt: skip


@require_POST
def apart(request: Request, party_id: str) -> HttpResponse:
    """Ask for a conversation of one's own."""
    party = own_party(request, party_id)
    return _press(
        request, party.round, lambda: actions.come_apart(by=request.viewer, party=party),
        _("You have a conversation of your own. Choose a time for it."),
    )  # fmt: skip
