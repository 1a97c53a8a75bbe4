"""Parents among each other in the demo: a question to a group with answers, one that is closed, a message, a report."""

from __future__ import annotations

from datetime import datetime, timedelta

from kring.conversations.actions import (
    answer,
    close_group_conversation,
    open_group_conversation,
    report_messages,
    send_message,
    write_to_parent,
)
from kring.conversations.models import Choice, Conversation, Message
from kring.conversations.permissions import (
    can_answer,
    can_close,
    can_open_group_conversation,
    can_write_in,
    can_write_to_parent,
)
from kring.core.viewer import Viewer
from kring.demo.news import Newsroom
from kring.people.models import Guardianship, Person

SOUP = ["Ik help mee", "Alleen het eerste uur", "Deze keer niet"]
GYM = ["Ik kan rijden", "Ik kan niet"]


class Ring:
    """Lets parents of a group answer and write, at moments that have passed and as far as they may."""

    def __init__(self, room: Newsroom, group: str) -> None:
        self.room, self.group = room, group

    def parents(self) -> list[Person]:
        """Return the full guardians of the group with a login, in the order of the demo, without shielded children."""
        today = self.room.built.school.today(self.room.now)
        place = self.room.group_on(self.group, today)
        rows = Guardianship.objects.filter(
            child__enrolments__group=place, level="full", child__shielded=False, person__user__isnull=False
        )
        found: dict[int, Person] = {}
        for row in rows.select_related("person__user").order_by("child_id", "pk"):
            found.setdefault(row.person_id, row.person)
        return list(found.values())

    def asked(
        self, who: Person, at: datetime, purpose: str, text: str, choices: list[str], *, days: int
    ) -> Conversation | None:
        """Let somebody ask the group something that closes `days` later."""
        day = self.room.built.school.today(at)
        by, place = self.room.viewer(who, at), self.room.group_on(self.group, day)
        if at > self.room.now or not can_open_group_conversation(by, place):
            return None
        return open_group_conversation(
            by=by, group=place, purpose=purpose, text=text, closes_on=day + timedelta(days=days), choices=choices
        )

    def fresh(self, talk: Conversation, by: Viewer) -> Conversation | None:
        """Return the conversation as it stands for somebody, if she takes part."""
        return Conversation.objects.visible_to(by).for_pages().filter(pk=talk.pk).first()

    def says(self, talk: Conversation | None, who: Person, at: datetime, text: str) -> Message | None:
        """Let somebody write in it."""
        by = self.room.viewer(who, at)
        found = self.fresh(talk, by) if talk is not None and at <= self.room.now else None
        if found is None or not can_write_in(by, found):
            return None
        return send_message(by=by, conversation=found, text=text)

    def answers(self, talk: Conversation | None, who: Person, at: datetime, place: int) -> None:
        """Let somebody choose an answer."""
        by = self.room.viewer(who, at)
        found = self.fresh(talk, by) if talk is not None and at <= self.room.now else None
        if found is None or not can_answer(by, found):
            return
        answer(by=by, choice=Choice.objects.select_related("conversation__school").get(
            conversation=found, position=place
        ))  # fmt: skip


def let_parents_meet(room: Newsroom) -> None:
    """Fill the demo school with what parents say among each other, dated around today."""
    _soup(room)
    _gym(room)
    _play(room)
    _grumble(room)


def _person(room: Newsroom, first_name: str, last_name: str) -> Person:
    found: Person = Person.objects.select_related("user").get(
        school=room.built.school, first_name=first_name, last_name=last_name
    )
    return found


def _soup(room: Newsroom) -> None:
    ring, anouk = Ring(room, "Groep 5"), room.built.team["Juf Anouk"]
    back = room.coming.back
    text = "Binnenkort koken de kinderen soep. We zoeken ouders die helpen snijden en roeren, van 10.15 tot 12.00 uur."
    talk = ring.asked(anouk, room.moment(back[1], 15, 20), "Wie helpt met soep koken?", text, SOUP, days=14)
    parents = ring.parents()
    for number, person in enumerate(parents[2:9]):
        ring.answers(talk, person, room.moment(back[1], 16, 5 + 7 * number), (0, 0, 2, 1, 0, 2, 2)[number])
    if len(parents) > 3:
        ring.says(talk, parents[3], room.moment(back[1], 20, 51), "Blijft de soep vegetarisch?")
    ring.says(talk, anouk, room.moment(back[1], 20, 58), "Ja, alleen groente en bouillon zonder vlees.")


def _gym(room: Newsroom) -> None:
    ring, anouk = Ring(room, "Groep 5"), room.built.team["Juf Anouk"]
    back = room.coming.back
    talk = ring.asked(
        anouk, room.moment(back[9], 8, 15), "Wie rijdt er mee naar de gymzaal?",
        "Onze gymzaal is dicht. Wie kan vrijdag vier kinderen meenemen?", GYM, days=6,
    )  # fmt: skip
    for number, person in enumerate(ring.parents()[:6]):
        ring.answers(talk, person, room.moment(back[8], 18, 3 * number), number % 2)
    by = room.viewer(anouk, room.moment(back[6], 12, 30))
    found = ring.fresh(talk, by) if talk is not None else None
    if found is not None and can_close(by, found):
        close_group_conversation(by=by, conversation=found, words="Alle kinderen hebben een plek. Dank jullie wel!")


def _play(room: Newsroom) -> None:
    marloes, souad = _person(room, "Marloes", "Heuvel"), _person(room, "Souad", "Haddou")
    at = room.moment(room.coming.back[2], 16, 40)
    by, place = room.viewer(marloes, at), room.group_on("Groep 5", room.built.school.today(at))
    if at > room.now or souad.user is None or not can_write_to_parent(by, place, souad):
        return
    said = write_to_parent(
        by=by, group=place, person=souad, text="Dag! Joep wil graag een keer met Lina spelen. Komt woensdag uit?"
    )
    back = room.moment(room.coming.back[2], 19, 12)
    text = "Wat leuk, Lina ook! Woensdag na school is goed. Ik haal haar om vijf uur op."
    Ring(room, "Groep 5").says(said.conversation, souad, back, text)


def _grumble(room: Newsroom) -> None:
    ring, hilde = Ring(room, "Groep 6"), room.built.accounts["class_parent"]
    back = room.coming.back
    talk = ring.asked(
        hilde, room.moment(back[4], 19, 30), "Wie versiert de klas voor Kerst?",
        "We beginnen om 15.00 uur en zijn om 16.30 uur klaar.", ["Ik kom", "Ik kan niet"], days=14,
    )  # fmt: skip
    others = [person for person in ring.parents() if person.pk != hilde.pk]
    for number, person in enumerate(others[:4]):
        ring.answers(talk, person, room.moment(back[3], 9, 4 * number), number % 2)
    if not others:
        return
    text = "Altijd dezelfde mensen die niets doen. U weet wel wie ik bedoel."
    said = ring.says(talk, others[0], room.moment(back[3], 22, 48), text)
    at = room.moment(back[2], 8, 10)
    by = room.viewer(hilde, at)
    found = ring.fresh(said.conversation, by) if said is not None and at <= room.now else None
    if said is not None and found is not None:
        reason = "Dit hoort niet in het groepsgesprek, en er is een ouder van geschrokken."
        report_messages(by=by, conversation=found, messages=[said], reason=reason)
