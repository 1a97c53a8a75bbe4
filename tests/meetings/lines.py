"""The lines of this room in the access table of the house (tests/house/access_table.py), and their objects.

Who gets through stands as words: "own" is the guardian of the party, "invited" every family of groep 5, "team" who
teaches groep 5, office and management, "staff" everybody who works at the school, "office" office and management.
"""

from __future__ import annotations

from datetime import timedelta

from kring.meetings import actions
from kring.meetings.models import Booking, Party, Waiting
from tests.cast import NOW, Cast
from tests.meetings.made_plans import a_plan
from tests.meetings.planning import THURSDAY, TUESDAY, a_round, party, session, sittings, slots

Words = str | None
SLOT = {"slot": "round.free"}
# name, objects, who by GET, who by POST, more in query or body
LINES: list[tuple[str, str, Words, Words, dict[str, str]]] = [
    ("own", "", "signed in", None, {}),
    ("choose", "round", "invited", None, {}),
    ("taken", "round", "visible", None, {}),
    ("take", "round", None, "own", {"choice": "round.pair"}),
    ("give_wishes", "wishes", None, "invited", {}),
    ("change", "booking", None, "own", SLOT),
    ("calendar_file", "booking", "own", None, {}),
    ("give_back", "booking", None, "own", {}),
    ("accept", "offer", None, "shielded", {}),
    ("decline", "offer", None, "shielded", {}),
    ("wait", "party", None, "own", {}),
    ("stop_waiting", "party", None, "own", {}),
    ("ask", "asking", "own", "own", {"note": "round"}),
    ("withdraw_ask", "ask", None, "own", {}),
    ("apart", "party", None, "own refused", {}),  # a conversation of her own is what she has already
    ("rounds", "school", "staff", None, {}),
    ("new_round", "school", "office", "office", {}),
    ("round", "school round", "staff", None, {}),
    *[(name, "school round", "office", "office", {}) for name in ("change_round", "add_session")],
    *[(name, "school round", None, "office", {}) for name in ("set_ready", "cancel_round")],
    ("door", "school round round.day", "office", None, {}),
    ("families", "school round group", "team", None, {}),
    ("seat", "school round group", None, "office", {"session": "round.session"}),
    ("needed", "school round group", None, "team", {}),
    ("remind", "school round group", None, "team", {}),
    *[(name, "school round party", "team", None, {}) for name in ("party", "slip")],
    *[(name, "school round party", None, "team", SLOT) for name in ("put", "call_off", "length", "join")],
    ("decline_ask", "school known asking", None, "team", {"answer": "round"}),
    ("invite", "school round common", None, "team", {"person": "listed"}),
    ("sheet", "school round sitting", "team", None, {}),
    ("place", "school round sitting", "office", "office", {}),
    ("unseat", "school round sitting", None, "office", {}),
    ("keep_free", "school round sitting", None, "team", SLOT),
    ("close", "school round sitting", None, "team", {}),
    ("plans", "school filled", "office", None, {}),
    ("start_plan", "school filled", None, "office", {}),
    ("whole_plan", "school filled run", "office", None, {}),
    *[(name, "school filled run", None, "office", {}) for name in ("stop_plan", "lock_times", "discard_plan")],
    ("publish_plan", "school filled run", "office", "office", {}),  # who has no time is not confirmed: 409
    ("move_time", "school filled run filled.party", "office", "office", {"slot": "filled.free"}),
    ("take_out", "school filled run filled.party", None, "office", {}),
]


def objects(cast: Cast) -> dict[str, str]:
    """Return a round of groep 5 with a conversation of the guardian, who is kept apart from another guardian of her
    child, and a moment that is kept for the family of the shielded child; and a round in which wishes are given,
    and one whose times are known, with a question for another one."""
    made = a_round(cast, cast.five)
    own = Party.objects.for_pages().get(round=made, child=cast.child, person=cast.people["guardian"])
    first, held, free = slots(made, cast.five)[:3]
    booking = actions.book_slots(by=cast.viewer("guardian"), choices=[(own, first, False)])[0]
    waits = party(made, cast.shielded)
    Waiting.objects.create(school=cast.school, party=waits, since=NOW)
    offer = Booking.objects.create(
        school=cast.school, round=made, slot=held, starts_at=held.starts_at, ends_at=held.ends_at, booked_at=NOW,
        held_for=waits, held_until=NOW + timedelta(hours=6),
    )  # fmt: skip
    sitting = sittings(made, cast.five)[0]
    wishes = a_round(cast, cast.five, sessions=[session(THURSDAY)], filling="school")
    planned = a_round(cast, cast.five, sessions=[session(THURSDAY, 18, 20)], filling="school")
    a_plan(planned, {}, state="published")
    asking = Party.objects.for_pages().get(round=planned, child=cast.child, person=cast.people["guardian"])
    ask = actions.ask_for_time(by=cast.viewer("guardian"), party=asking, slot=None, note="later")
    filled = a_round(cast, cast.five, filling="school", name="In één keer", sessions=[session(THURSDAY)])
    shielded = party(filled, cast.shielded)
    moments = slots(filled, cast.five)
    run = a_plan(filled, {shielded: moments[0]})
    return {
        "wishes": wishes.public_id,
        "known": planned.public_id,
        "asking": asking.public_id,
        "ask": ask.public_id,
        "round": made.public_id,
        "round.pair": f"{own.public_id}:{free.public_id}",
        "round.free": free.public_id,
        "round.day": TUESDAY.isoformat(),
        "round.session": f"{sitting.starts_at.astimezone(NOW.tzinfo):%Y%m%dT%H%M}-"
        f"{sitting.ends_at.astimezone(NOW.tzinfo):%H%M}",
        "party": own.public_id,
        "common": Party.objects.get(round=made, child__first_name="Bo").public_id,
        "booking": booking.public_id,
        "offer": offer.public_id,
        "sitting": sitting.public_id,
        "filled": filled.public_id,
        "run": run.public_id,
        "filled.party": shielded.public_id,
        "filled.free": moments[3].public_id,
    }
