"""What a family does in a round that the school fills: give its wishes, and find its times once they are made known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kring.agreements.current import agreement_url
from kring.core.access import Refused, require
from kring.core.formpage import form_page, posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.meetings import actions
from kring.meetings.choosing import Sheet, Talk
from kring.meetings.forms import AskForm, WishForm
from kring.meetings.models import Ask, Party, Round
from kring.meetings.permissions import can_ask, can_ask_once_planned, is_planned, phase_for, policy_of
from kring.meetings.rules import AskState, Phase, Span
from kring.meetings.views.own import own_party, own_round, page_of, sheet_for_page
from kring.meetings.wishing import Given, Said, given_by, said_of, version_of

CONFLICT, UNFIT = 409, 422


@dataclass(frozen=True, slots=True)
class Shown:
    """What was given before, in words: for which children, by whom, and when."""

    given: Given
    names: list[str]
    lines: list[Said]
    who: str
    is_own: bool


class Wishing:
    """Everything that the page of wishes needs. What was given costs two queries, and whether a plan is known one."""

    def __init__(self, request: Request, round: Round) -> None:
        self.request, self.round, self.viewer = request, round, request.viewer
        self.sheet: Sheet = sheet_for_page(request, round)
        self.asked = [talk for talk in self.sheet.talks if not talk.party.not_needed]
        self.is_planned = is_planned(round)
        self.phase = phase_for(self.viewer, round)
        self.open = [talk for talk in self.asked if talk.booking is None]
        self.given = given_by([talk.party for talk in self.open]) if not self.is_planned else {}
        if self.is_planned:
            self._asks()
        self.visits = [visit for visit in self.sheet.visits if visit.ends_at > self.viewer.now]

    def _asks(self) -> None:
        """Put with each conversation its last question for another time, and whether she may ask. One query."""
        parties = [talk.party.pk for talk in self.asked]
        rows = Ask.objects.visible_to(self.viewer).filter(party__in=parties).select_related("slot")
        last = {ask.party_id: ask for ask in rows.order_by("asked_at", "pk")}
        for talk in self.asked:
            talk.ask = last.get(talk.party.pk)
            is_open = talk.ask is not None and talk.ask.state == AskState.OPEN
            talk.may_ask = not is_open and can_ask_once_planned(self.viewer, talk.party)

    @property
    def takes_wishes(self) -> bool:
        """Say whether there is a form: the round is open, no plan is known, somebody of hers has no time yet."""
        return self.phase == Phase.OPEN and not self.is_planned and bool(self.open) and bool(self.visits)

    @property
    def shown(self) -> list[Shown]:
        """Return what was given, the newest first; the same for two children is one."""
        found: dict[Any, list[Given]] = {}
        for given in sorted(self.given.values(), key=lambda one: one.at, reverse=True):
            found.setdefault(given.content, []).append(given)
        return [self._shown(same, self.visits) for same in found.values()]

    def _shown(self, same: Sequence[Given], visits: Sequence[Span]) -> Shown:
        newest, own = same[0], set(self.viewer.persons.values())
        guests = {guest.person_id for talk in self.sheet.talks for guest in talk.guests}
        is_own = newest.by is not None and newest.by.pk in own
        # Who has no part in it any more is not named.
        who = newest.by.first_name if newest.by is not None and newest.by.pk in guests and not is_own else ""
        names = list(dict.fromkeys(given.party.child.first_name for given in same))
        return Shown(newest, names, said_of(newest, visits), who, is_own)

    def form(self, data: Any = None) -> WishForm:
        """Return the form with what was given last, or with what she sends."""
        newest = max(self.given.values(), key=lambda one: one.at, default=None)
        way = "video" if newest and newest.by_video else "onsite"
        return WishForm(
            data,
            visits=self.visits,
            by_video=self.round.by_video,
            given=newest.suits if newest else (),
            initial={"seen": version_of(self.given.values()), "way": way},
        )


def show(
    request: Request, round: Round, *, sent: QueryDict | None = None, refused: Refused | None = None
) -> HttpResponse:
    """Show the wishes of her family, or its times once they are known. `sent` is what did not go through: it stands in
    the form on top of what is kept by now, and sending it once more replaces that."""
    its = Wishing(request, round)
    if sent is not None:
        sent = sent.copy()
        sent["seen"] = version_of(its.given.values())
    takes = its.takes_wishes
    shown = its.shown
    context = {
        "round": round,
        "school": round.school,
        "talks": sorted(its.asked, key=_by_time),
        "open": its.open,
        "not_needed": [talk for talk in its.sheet.talks if talk.party.not_needed],
        "kids": list({talk.party.child_id: talk for talk in its.sheet.talks}.values()),
        "phase": its.phase.value,
        "is_planned": its.is_planned,
        "form": its.form(sent) if takes else None,
        "shown": shown,
        "is_never": any(one.given.is_never for one in shown),
        "missing": [talk for talk in its.open if talk.party.pk not in its.given] if shown else [],
        "refused": refused.sentence if refused else "",
        "is_meanwhile": isinstance(refused, actions.ChangedMeanwhile),
        "phone": policy_of(request.viewer, round).school_contact.phone,
        "agreement": agreement_url(round.school, "C2"),
    }
    return page(
        request, "meetings/wishes.html", context, status=CONFLICT if refused else UNFIT if sent is not None else 200
    )


def _by_time(talk: Talk) -> tuple[bool, float]:
    return talk.booking is None, talk.booking.starts_at.timestamp() if talk.booking else 0.0


@require_POST
def give(request: Request, round_id: str) -> HttpResponse:
    """Keep the wishes for all her conversations in the round."""
    round = own_round(request, round_id)
    its = Wishing(request, round)
    form = its.form(request.POST)
    if its.takes_wishes and not form.is_valid():
        return show(request, round, sent=request.POST)
    suits = form.suits if its.takes_wishes else []
    by_video = form.is_valid() and form.cleaned_data.get("way") == "video"
    parties = [talk.party for talk in its.open]
    try:
        actions.give_wishes(
            by=request.viewer, parties=parties, suits=suits, by_video=by_video, seen=request.POST.get("seen", "")
        )
    except Refused as refused:
        return show(request, round, sent=request.POST, refused=refused)
    messages.success(request, _("Your wishes are saved."))
    return redirect(page_of(round))


@require_http_methods(["GET", "POST"])
def ask(request: Request, party_id: str) -> HttpResponse:
    """Ask for another time than the plan gave."""
    party = own_party(request, party_id)
    require(can_ask(request.viewer, party))
    sheet = sheet_for_page(request, party.round)
    talk = next(talk for talk in sheet.talks if talk.party.pk == party.pk)
    days = [(day, [offered.slot for offered in row if offered.is_free]) for day, row in talk.days]
    free = {slot.public_id: slot for _day, row in days for slot in row}
    form = AskForm(request.POST if request.method == "POST" else None, free=free.values())
    return form_page(
        request,
        form=form,
        act=lambda data: actions.ask_for_time(
            by=request.viewer, party=party, slot=free.get(data["slot"]), note=data["note"]
        ),
        title=_("Ask for another time"),
        back=page_of(party.round),
        submit=_("Ask"),
        done=_("Your question is with the school. You are told as soon as there is an answer."),
        template="meetings/ask.html",
        talk=talk,
        days=[(day, row) for day, row in days if row],
        round=party.round,
    )


@require_POST
def withdraw(request: Request, ask_id: str) -> HttpResponse:
    """Take a question for another time back."""
    own = Party.objects.own_of(request.viewer).values("pk")
    rows = Ask.objects.filter(party__in=own).select_related("party__round__school")
    found = get_object_or_404(rows, public_id=ask_id)
    return posted(
        request,
        lambda: actions.withdraw_ask(by=request.viewer, ask=found),
        back=page_of(found.party.round),
        done=_("Taken back. Your conversation stays at its time."),
    )
