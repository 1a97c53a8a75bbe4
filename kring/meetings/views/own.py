"""What the pages of a guardian have in common: her round, her party, and the sheet of her conversations."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse

from kring.core.http import Request
from kring.meetings.choosing import Sheet, own_sheet
from kring.meetings.models import Party, Round

OF_PARTY = ("round__school", "round__audience", "child", "audience")


def page_of(round: Round) -> str:
    """Return the address where a family finds its conversations in a round."""
    return reverse("meetings:choose", args=[round.public_id])


def own_round(request: Request, round_id: str) -> Round:
    """Return a round that is set ready and that the viewer may know of."""
    return get_object_or_404(Round.objects.visible_to(request.viewer).ready().for_pages(), public_id=round_id)


def own_party(request: Request, party_id: str) -> Party:
    """Return a party of the viewer's own."""
    rows = Party.objects.own_of(request.viewer).select_related(*OF_PARTY)
    return get_object_or_404(rows, public_id=party_id)


def sheet_for_page(request: Request, round: Round) -> Sheet:
    """Return her conversations in the round in the colours of her children; without any there is no such page."""
    sheet = own_sheet(request.viewer, round)
    if not sheet.talks:
        get_object_or_404(Round.objects.none())
    kids = request.shell.names.kids
    for talk in sheet.talks:
        talk.css = kids[talk.party.child_id].css if talk.party.child_id in kids else "c1"
    return sheet
