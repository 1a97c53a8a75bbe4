"""What a family does in a round that the school fills: give its wishes, and find its times once they are made known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kring.agreements.current import agreement_url
from kring.core.access import Refused
from kring.core.htmx import page
from kring.core.http import Request
from kring.meetings import actions
from kring.meetings.choosing import Sheet, Talk
from kring.meetings.forms import WishForm
from kring.meetings.models import Round
from kring.meetings.permissions import is_planned, phase_for, policy_of
from kring.meetings.rules import Phase, Span
from kring.meetings.views.own import own_round, page_of, sheet_for_page
from kring.meetings.wishing import Given, Said, given_by, said_of, version_of

CONFLICT = 409


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
        self.visits = [visit for visit in self.sheet.visits if visit.ends_at > self.viewer.now]

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
    return page(request, "meetings/wishes.html", context, status=CONFLICT if refused else 200)


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
