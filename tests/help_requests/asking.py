"""Short ways to a request for help in a state, through the room's own actions."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kring.help_requests import actions
from kring.help_requests.actions import Content
from kring.help_requests.models import HelpRequest, IntakeAddress, Reply, Task
from kring.help_requests.permissions import Seat
from kring.help_requests.rules import Asker
from kring.posts.models import Post
from kring.posts.permissions import Target
from tests.cast import NOW, ROLES, Cast

TITLE, WORDS = "Soep koken", "Donderdag koken we soep. Wie helpt met snijden?"
SOUP = "kanariesoep in woorden"  # what only responders may read


def council(cast: Cast) -> Seat:
    return Seat(Asker.COUNCIL, cast.school.pk)


def of_five(cast: Cast) -> Seat:
    return Seat(Asker.CLASS_PARENT, cast.school.pk, cast.five.pk)


def fresh(request: HelpRequest) -> HelpRequest:
    return HelpRequest.objects.for_pages().get(pk=request.pk)


def content(cast: Cast, *responders: str, **more: Any) -> Content:
    named = tuple(cast.people[name].public_id for name in responders or ("class_parent",))
    return Content(**{"title": TITLE, "text": WORDS, "responder_ids": named, **more})


def handed_in(cast: Cast, *responders: str, by: str = "class_parent", hand_in: bool = True, **more: Any) -> HelpRequest:
    """Return a request of the class parent of groep 5, or of the council, that waits to be placed."""
    seat = of_five(cast) if by == "class_parent" else council(cast)
    extra = {name: more.pop(name) for name in ("uploads", "token", "request") if name in more}
    said = content(cast, *(responders or (by,)), **more)
    request = actions.write_request(by=cast.viewer(by), seat=seat, content=said, hand_in=hand_in, **extra)
    return fresh(request)


def in_talk(cast: Cast, *responders: str, **more: Any) -> HelpRequest:
    """Return a request of the class parent that the teacher placed in a group conversation."""
    request = handed_in(cast, *responders, **more)
    said = content(cast, *(responders or ("class_parent",)), **{key: more[key] for key in more if key != "uploads"})
    return fresh(actions.place_in_talk(by=cast.viewer("teacher"), request=request, content=said))


def in_post(cast: Cast, *responders: str, target: Target | None = None, **more: Any) -> HelpRequest:
    """Return a request of the council that the office placed for groups 5 and 6, readable now."""
    request = handed_in(cast, *responders, by="parent_council", **more)
    said = content(
        cast, *(responders or ("parent_council",)), **{key: more[key] for key in more if key not in ("uploads", "wish")}
    )
    target = target or Target(group_ids=frozenset({cast.five.pk, cast.six.pk}))
    placed = actions.place_in_post(by=cast.viewer("office"), request=request, content=said, target=target)
    Post.objects.filter(pk=placed.post_id).update(visible_from=NOW)
    return fresh(placed)


def task(request: HelpRequest, label: str = "") -> Task:
    return Task.objects.get(request=request, label=label)


def says(cast: Cast, request: HelpRequest, by: str = "guardian", **more: Any) -> Reply:
    return actions.reply(by=cast.viewer(by), request=fresh(request), says=more.pop("says", "can"), **more)


def address(cast: Cast, by: str = "parent_council") -> IntakeAddress:
    seat = council(cast) if by == "parent_council" else of_five(cast)
    return actions.make_address(by=cast.viewer(by), seat=seat)


def mailed(cast: Cast, by: str = "parent_council", **more: Any) -> HelpRequest:
    """Return the draft of a mail to her address."""
    return actions.take_in_mail(
        token=address(cast, by).token, now=timezone.now(), **{"title": TITLE, "text": WORDS, **more}
    )


def who_sees(cast: Cast, request: HelpRequest) -> set[str]:
    return {role for role in ROLES if HelpRequest.objects.visible_to(cast.viewer(role)).filter(pk=request.pk).exists()}


def who_handles(cast: Cast, request: HelpRequest) -> set[str]:
    return {role for role in ROLES if HelpRequest.objects.handled_by(cast.viewer(role)).filter(pk=request.pk).exists()}


def who_reads(cast: Cast, reply: Reply) -> set[str]:
    return {role for role in ROLES if Reply.objects.visible_to(cast.viewer(role)).filter(pk=reply.pk).exists()}
