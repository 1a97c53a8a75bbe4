"""Families say when they can come, before the school plans all conversations at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.meetings.models import Party, Sitting, Wish, WishSet
from kring.meetings.permissions import can_wish
from kring.meetings.rules import Suits, joined, visits_of
from kring.meetings.wishing import given_by, version_of

MOST_STRETCHES = 100


class ChangedMeanwhile(Refused):
    """Somebody else gave other wishes while this page stood open."""


@transaction.atomic
def give_wishes(*, by: Viewer, parties: Sequence[Party], suits: Sequence[Suits], by_video: bool, seen: str) -> bool:
    """Keep how these stretches of time suit, for each of these parties of one round; return whether anything changed.

    `seen` is the version (`wishing.version_of`) of what stood there when she began; the same wishes once more are fine
    whatever it says. Raises ChangedMeanwhile when another guardian gave something else since, Refused for a stretch
    that the round does not have.
    """
    rounds = {party.round_id: party.round for party in parties}
    require(len(rounds) == 1 and all(can_wish(by, party) for party in parties))
    round = next(iter(rounds.values()))
    wanted = tuple(joined(suits))
    _refuse_stretches(round.pk, wanted)
    # Of two guardians at once the second waits here, and then sees what the first gave.
    keys = sorted(party.pk for party in parties)
    list(Party.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    there = given_by(parties)
    content = (wanted, by_video and round.by_video)
    if len(there) == len(keys) and all(given.content == content for given in there.values()):
        return False
    if there and version_of(there.values()) != seen:
        raise ChangedMeanwhile(_("Somebody else gave wishes while you were here. Yours stand below, not saved yet."))
    for party in parties:
        _keep(by, party, *content)
    audit.record(by=by, what="meeting.wishes_given", about=round, number=len(keys))
    return True


def _refuse_stretches(round_id: int, wanted: Sequence[Suits]) -> None:
    require(0 < len(wanted) <= MOST_STRETCHES)
    visits = visits_of(sitting.span for sitting in Sitting.objects.filter(round=round_id))
    for one in wanted:
        if not any(v.starts_at <= one.span.starts_at < one.span.ends_at <= v.ends_at for v in visits):
            raise Refused(_("The school changed the afternoons and evenings meanwhile. Look again."))


def _keep(by: Viewer, party: Party, wanted: Sequence[Suits], by_video: bool) -> None:
    who = {"by_video": by_video, "given_by_id": by.person_at(party.school_id)}
    kept, made = WishSet.objects.update_or_create(
        party=party,
        defaults={**who, "changed_at": by.now},
        create_defaults={**who, "school_id": party.school_id, "round_id": party.round_id, "given_at": by.now},
    )
    if not made:
        Wish.objects.filter(wish_set=kept).delete()
    Wish.objects.bulk_create(
        Wish(wish_set=kept, starts_at=one.span.starts_at, ends_at=one.span.ends_at, answer=one.answer) for one in wanted
    )
