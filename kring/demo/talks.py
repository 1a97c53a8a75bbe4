"""Conversations of the demo: a question that was answered, one that waits, one that became an appointment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from kring.conversations.actions import (
    Family,
    choose_moment,
    mark_read,
    promise_answer,
    propose_moments,
    send_message,
    write_to_families,
    write_to_team,
)
from kring.conversations.models import Conversation, Message
from kring.conversations.permissions import can_write_in, can_write_to_families, can_write_to_team
from kring.core.viewer import Viewer
from kring.demo.news import Newsroom
from kring.people.models import Child, Person

ONE_DAY = timedelta(days=1)
Turn = Callable[[Viewer, Conversation], object]


class Parlour:
    """Lets people of the demo school write each other, at moments that have passed."""

    def __init__(self, room: Newsroom) -> None:
        self.room, self.built = room, room.built

    def guardian(self, first_name: str, last_name: str) -> Person:
        """Return a parent of the demo by name."""
        found: Person = Person.objects.select_related("user").get(
            school=self.built.school, first_name=first_name, last_name=last_name
        )
        return found

    def ask(self, who: Person, child: Child, group: str, at: datetime, text: str, subject: str = "") -> Message | None:
        """Let a guardian write to the team of the group, if she may at that moment."""
        by, place = self.room.viewer(who, at), self.room.group_on(group, self.built.school.today(at))
        if at > self.room.now or not can_write_to_team(by, place, child):
            return None
        return write_to_team(by=by, group=place, child=child, text=text, subject=subject)

    def tell(self, who: Person, child: Child, to: Person, group: str, at: datetime, text: str) -> Message | None:
        """Let a teacher write to one guardian."""
        by, place = self.room.viewer(who, at), self.room.group_on(group, self.built.school.today(at))
        if at > self.room.now or not can_write_to_families(by, place):
            return None
        family = Family(child, (to,))
        return write_to_families(by=by, group=place, families=[family], text=text)[0]

    def then(self, before: Message | None, who: Person, at: datetime, turn: Turn) -> None:
        """Let somebody do something in the conversation later on, if it is not later than now and she may."""
        if before is None or at > self.room.now:
            return
        by = self.room.viewer(who, at)
        conversation = Conversation.objects.visible_to(by).for_pages().filter(pk=before.conversation_id).first()
        if conversation is not None and can_write_in(by, conversation):
            turn(by, conversation)


def say(text: str) -> Turn:
    """Return the turn of saying something."""
    return lambda by, conversation: send_message(by=by, conversation=conversation, text=text)


def read() -> Turn:
    """Return the turn of reading what is there."""

    def turn(by: Viewer, conversation: Conversation) -> None:
        last = Message.objects.visible_to(by).filter(conversation=conversation).arrived(by.now).newest_first().first()
        if last is not None:
            last.conversation = conversation
            mark_read(by=by, message=last)

    return turn


def hold_conversations(room: Newsroom) -> None:
    """Fill the demo school with some conversations, dated around today."""
    parlour = Parlour(room)
    _bat_box(parlour)
    _lost_glasses(parlour)
    _wants_to_talk(parlour)
    _has_an_appointment(parlour)
    _waits(parlour)
    _promised(parlour)


def _bat_box(parlour: Parlour) -> None:
    room, team = parlour.room, parlour.built.team
    joep, marloes = parlour.built.children["Joep Heuvel"], parlour.guardian("Marloes", "Heuvel")
    back = room.coming.back
    asked = parlour.ask(
        marloes, joep, "Groep 5", room.moment(back[4], 8, 5),
        "Goedemorgen! Joep wil zijn spreekbeurt graag met een echte vleermuiskast doen. Mag die mee naar school?",
    )  # fmt: skip
    anouk, bram = team["Juf Anouk"], team["Meester Bram"]
    parlour.then(asked, bram, room.moment(back[4], 8, 20), read())
    parlour.then(
        asked, bram, room.moment(back[4], 8, 21),
        lambda by, talk: promise_answer(by=by, conversation=talk, until=room.built.school.today(by.now) + ONE_DAY),
    )  # fmt: skip
    answer = "Wat leuk! Dat mag. Zet hem maar in de kast bij de kapstokken, daar staat hij veilig."
    parlour.then(asked, anouk, room.moment(back[3], 12, 25), say(answer))
    parlour.then(asked, marloes, room.moment(back[3], 18, 40), read())
    parlour.then(
        asked, marloes, room.moment(back[1], 19, 42), say("Dank u wel. Hij is 60 cm hoog en weegt bijna niets.")
    )


def _promised(parlour: Parlour) -> None:
    room, anouk = parlour.room, parlour.built.team["Juf Anouk"]
    lina, nabil = parlour.built.children["Lina Haddou"], parlour.guardian("Nabil", "Haddou")
    asked = parlour.ask(
        nabil, lina, "Groep 5", room.moment(room.coming.back[2], 12, 10),
        "Welk boek leest Lina op school? Dan lezen we thuis verder.",
    )  # fmt: skip
    parlour.then(asked, anouk, room.moment(room.coming.back[2], 15, 5), read())
    parlour.then(
        asked, anouk, room.moment(room.coming.back[2], 15, 6),
        lambda by, talk: promise_answer(by=by, conversation=talk),
    )  # fmt: skip


def _lost_glasses(parlour: Parlour) -> None:
    room, anouk = parlour.room, parlour.built.team["Juf Anouk"]
    fien, rob = parlour.built.children["Fien Peters"], parlour.guardian("Rob", "Klaver")
    if rob.user is None:
        return
    told = parlour.tell(
        anouk, fien, rob, "Groep 5", room.moment(room.coming.back[5], 15, 10),
        "Fien heeft haar brillenkoker in de klas laten liggen. Ik heb hem in haar laatje gelegd.",
    )  # fmt: skip
    parlour.then(told, rob, room.moment(room.coming.back[5], 17, 30), read())
    parlour.then(told, rob, room.moment(room.coming.back[5], 17, 32), say("Fijn, dank je wel!"))
    parlour.then(told, anouk, room.moment(room.coming.back[4], 8, 15), read())


def _wants_to_talk(parlour: Parlour) -> None:
    room, anouk = parlour.room, parlour.built.team["Juf Anouk"]
    lina, souad = parlour.built.children["Lina Haddou"], parlour.guardian("Souad", "Haddou")
    if souad.user is None:
        return
    asked = parlour.ask(
        souad, lina, "Groep 5", room.moment(room.coming.back[2], 8, 30),
        "Lina vindt het de laatste tijd lastig op het plein. Kunnen we daar een keer over praten?",
        subject="Even bijpraten",
    )  # fmt: skip
    moments = [room.moment(day, hour, minute) for day, hour, minute in zip(
        room.coming.ahead[:3], (15, 15, 8), (15, 30, 0), strict=False
    )]  # fmt: skip
    parlour.then(
        asked, anouk, room.moment(room.coming.back[1], 15, 5),
        lambda by, talk: propose_moments(
            by=by, conversation=talk, moments=moments, minutes=20, place="in het lokaal van groep 5",
            text="Goed dat u het schrijft. Dat bespreek ik graag samen.",
        ),
    )  # fmt: skip


def _has_an_appointment(parlour: Parlour) -> None:
    room, anouk = parlour.room, parlour.built.team["Juf Anouk"]
    joep, tom = parlour.built.children["Joep Heuvel"], parlour.guardian("Tom", "Heuvel")
    if tom.user is None:
        return
    ask = "Zullen we kort praten over het werkstuk van Joep?"
    asked = parlour.ask(tom, joep, "Groep 5", room.moment(room.coming.back[3], 9, 0), ask)
    moment = room.moment(room.coming.ahead[1], 15, 0)

    def propose_and_choose(by: Viewer, talk: Conversation) -> None:
        proposal = propose_moments(by=by, conversation=talk, moments=[moment], minutes=15, text="Dat kan.")
        chosen = proposal.moments.select_related("proposal__conversation__school").get()
        later = by.now + timedelta(hours=5)
        if later <= room.now:
            choose_moment(by=room.viewer(tom, later), moment=chosen)

    parlour.then(asked, anouk, room.moment(room.coming.back[2], 12, 30), propose_and_choose)


def _waits(parlour: Parlour) -> None:
    room = parlour.room
    saar, marloes = parlour.built.children["Saar Heuvel"], parlour.guardian("Marloes", "Heuvel")
    parlour.ask(
        marloes, saar, "Groep 1/2B", room.moment(room.coming.back[1], 12, 10),
        "Saar heeft haar rode handschoen verloren. Ligt die misschien bij de gevonden voorwerpen?",
    )  # fmt: skip
    lina, nabil = parlour.built.children["Lina Haddou"], parlour.guardian("Nabil", "Haddou")
    parlour.ask(
        nabil, lina, "Groep 5", room.moment(room.coming.back[1], 11, 30),
        "Hoe laat kan ik Lina donderdag ophalen van de gymles?",
    )  # fmt: skip
