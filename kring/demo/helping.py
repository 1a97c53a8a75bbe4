"""Requests for help in the demo: placed with replies, waiting for the teacher and the office, mailed, closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from kring.conversations.permissions import can_open_group_conversation
from kring.core.access import Refused
from kring.demo.circles import Ring
from kring.demo.news import Newsroom
from kring.help_requests import actions
from kring.help_requests.actions import Content
from kring.help_requests.models import HelpRequest, Task
from kring.help_requests.permissions import Seat, can_ask, can_place, can_reply, seats_of
from kring.help_requests.rules import Asker, Says
from kring.people.models import Person
from kring.posts.permissions import Target

SIX = "Groep 6"
PANCAKES = Content(
    title="Pannenkoeken bakken in groep 6",
    text="We bakken pannenkoeken met de hele klas. Wie helpt met bakken? Neem als het kan een eigen pan mee.",
    starts=time(10, 15),
    ends=time(12),
    tasks=(("", 6),),
)
DECORATE = Content(
    title="De school versieren",
    text="De ouderraad versiert de hal en de gangen. Vele handen maken licht werk. Koffie en taart staan klaar.",
    starts=time(8, 45),
    ends=time(11, 30),
    tasks=(("Slingers ophangen", 4), ("Tafels dekken", 3), ("Opruimen, van 11.00 tot 11.30 uur", 4)),
)
LIBRARY = Content(
    title="Boeken kaften",
    text="Er ligt een stapel nieuwe boeken. Wie kan er thuis tien kaften? Het papier krijgt u mee.",
)
SPORTS = Content(
    title="Begeleiders voor de sportdag",
    text="Voor de sportdag zoeken we nog begeleiders, één per groepje van zes kinderen.",
    starts=time(8, 30),
    ends=time(14),
    wish="groepen 5 tot en met 8",
    tasks=(("", 12),),
)
GARDEN = Content(
    title="Schoolplein winterklaar maken",
    text="We vegen blad en knippen de heg. Eigen handschoenen en snoeischaar zijn welkom.",
    asks_number=True,
    tasks=(("", 10),),
)


class HelpDesk:
    """Lets people ask, place and reply at moments that have passed, as far as they may."""

    def __init__(self, room: Newsroom) -> None:
        self.room, self.built = room, room.built
        self.hilde, self.sanne = room.built.accounts["class_parent"], room.built.accounts["council"]
        self.office = Person.objects.select_related("user").get(
            school=room.built.school, first_name="Wilma", last_name="Kroon"
        )

    def seat(self, who: Person, at: datetime) -> Seat | None:
        """Return as what somebody asks at that moment."""
        return next(iter(seats_of(self.room.viewer(who, at))), None)

    def asked(
        self, who: Person, at: datetime, content: Content, day: date | None, *named: Person
    ) -> HelpRequest | None:
        """Let somebody hand a request in."""
        by, seat = self.room.viewer(who, at), self.seat(who, at)
        if at > self.room.now or seat is None or not can_ask(by, seat):
            return None
        ids = tuple(person.public_id for person in named or (who,))
        said = replace(content, day=day, responder_ids=ids)
        if day is None:
            said = replace(said, starts=None, ends=None)
        try:
            return actions.write_request(by=by, seat=seat, content=said, hand_in=True)
        except Refused:  # its day has passed: near the summer holidays nothing lies ahead
            return None

    def placed(self, request: HelpRequest | None, who: Person, at: datetime) -> HelpRequest | None:
        """Let somebody of the school place it."""
        if request is None or at > self.room.now:
            return None
        by = self.room.viewer(who, at)
        found = HelpRequest.objects.for_pages().get(pk=request.pk)
        if not can_place(by, found):
            return None
        tasks = tuple((task.label, task.places) for task in found.tasks.all())
        named = tuple(row.person.public_id for row in found.responders.named())
        said = Content(
            title=found.title, text=found.text, day=found.day, starts=found.starts, ends=found.ends,
            asks_number=found.asks_number, tasks=tasks, responder_ids=named,
        )  # fmt: skip
        if found.asked_as == Asker.COUNCIL:
            return actions.place_in_post(by=by, request=found, content=said, target=Target(whole_school=True))
        if found.group is None or not can_open_group_conversation(by, found.group):
            return None
        return actions.place_in_talk(by=by, request=found, content=said)

    def replies(self, request: HelpRequest | None, who: Person, at: datetime, task: str = "", text: str = "") -> None:
        """Let a parent say she can help; "-" says she cannot."""
        if request is None or at > self.room.now:
            return
        by = self.room.viewer(who, at)
        found = HelpRequest.objects.placed_for(by).for_pages().filter(pk=request.pk).first()
        if found is None or not can_reply(by, found):
            return
        says = Says.CANNOT if task == "-" else Says.CAN
        chosen = None if task == "-" else Task.objects.filter(request=found, label=task).first()
        actions.reply(by=by, request=found, says=says, task=chosen, text=text)


def let_people_help(room: Newsroom) -> None:
    """Fill the demo school with requests for help, dated around today."""
    desk = HelpDesk(room)
    _pancakes(desk)
    _decorating(desk)
    _garden(desk)
    _waiting(desk)


def _ahead(desk: HelpDesk, number: int) -> date | None:
    ahead = [day for day in desk.room.coming.ahead if day > desk.built.school.today(desk.room.now)]
    return ahead[min(number, len(ahead) - 1)] if ahead else None


def _teacher(desk: HelpDesk) -> Person:
    return desk.room.teachers(SIX)[0]


def _pancakes(desk: HelpDesk) -> None:
    room, back = desk.room, desk.room.coming.back
    asked = desk.asked(desk.hilde, room.moment(back[3], 19, 40), PANCAKES, _ahead(desk, 4), desk.hilde)
    request = desk.placed(asked, _teacher(desk), room.moment(back[2], 12, 35))
    parents = [person for person in Ring(room, SIX).parents() if person.pk != desk.hilde.pk]
    words = [
        ("", "Ik neem een pan mee"),
        ("-", "Ik moet werken, sorry"),
        ("", ""),
        ("", "Tot half twaalf, is dat goed?"),
    ]
    for number, (person, (task, text)) in enumerate(zip(parents, words, strict=False)):
        desk.replies(request, person, room.moment(back[1], 17, 5 + 9 * number), task, text)
    if request is None:
        return
    by = room.viewer(desk.hilde, room.moment(back[1], 20, 30))
    found = HelpRequest.objects.handled_by(by).for_pages().filter(pk=request.pk).first()
    if found is None or by.now > room.now:
        return
    first = found.replies.order_by("made_at").first()
    if first is not None:
        actions.thank(by=by, reply=first)
    actions.add_by_hand(by=by, request=found, name="Opa Jan, bij het hek")


def _decorating(desk: HelpDesk) -> None:
    room, back = desk.room, desk.room.coming.back
    asked = desk.asked(desk.sanne, room.moment(back[4], 20, 15), DECORATE, _ahead(desk, 6), desk.sanne)
    request = desk.placed(asked, desk.office, room.moment(back[3], 9, 20))
    labels = [label for label, _places in DECORATE.tasks]
    parents = [*Ring(room, "Groep 5").parents()[4:9], *Ring(room, SIX).parents()[1:3]]
    for number, person in enumerate(person for person in parents if person.pk != desk.sanne.pk):
        label = (labels[0], labels[0], labels[1], "-", labels[2], labels[0], labels[1])[number % 7]
        desk.replies(request, person, room.moment(back[2], 18, 4 + 6 * number), label)


def _garden(desk: HelpDesk) -> None:
    room, back = desk.room, desk.room.coming.back
    at = room.moment(back[12], 19, 10)
    asked = desk.asked(desk.sanne, at, GARDEN, back[7] if back[7] > back[12] else None, desk.sanne)
    request = desk.placed(asked, desk.office, room.moment(back[11], 9, 5))
    for number, person in enumerate(Ring(room, "Groep 5").parents()[2:6]):
        desk.replies(request, person, room.moment(back[10], 18, 11 * number))
    by = room.viewer(desk.sanne, room.moment(back[6], 19, 30))
    found = HelpRequest.objects.handled_by(by).for_pages().filter(pk=request.pk).first() if request else None
    if found is not None and by.now <= room.now:
        actions.close_request(by=by, request=found, thanks="Wat een opkomst! Het plein is klaar voor de winter. Dank!")


def _waiting(desk: HelpDesk) -> None:
    room, back = desk.room, desk.room.coming.back
    desk.asked(desk.hilde, room.moment(back[1], 21, 5), LIBRARY, None, desk.hilde)
    desk.asked(desk.sanne, room.moment(back[1], 20, 45), SPORTS, _ahead(desk, 8), desk.sanne)
    at = room.moment(back[1], 22, 10)
    seat = desk.seat(desk.sanne, at)
    if seat is None or at > room.now:
        return
    address = actions.make_address(by=room.viewer(desk.sanne, at), seat=seat)
    actions.take_in_mail(
        token=address.token, now=at, title="Luizenouders gezocht",
        text="Hoi allemaal,\n\nNa elke vakantie controleren we op hoofdluis. Wie wil er luizenouder worden?",
    )  # fmt: skip
