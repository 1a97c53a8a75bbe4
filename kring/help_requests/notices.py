"""What people are told about requests for help. Titles are for the inbox; mail and push carry no content."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.core.viewer import RoleKind, Viewer
from kring.help_requests.models import HelpRequest, Reply
from kring.help_requests.permissions import can_reply, can_write, is_reviewer
from kring.help_requests.rules import Asker, Route, Source, State, route_for
from kring.notifications.notice import NoticeKind
from kring.people.models import TeamRole, User, current_on


class HelpNotice(NoticeKind):
    """What all notices about a request have in common."""

    model = "help_requests.HelpRequest"

    def icon(self) -> str:
        """Return the icon of help."""
        return "hand-helping"

    def text(self) -> str:
        """Return what help is asked for."""
        return str(self.subject.title)

    def link(self) -> str:
        """Return the page of the request."""
        return reverse("help_requests:request", args=[self.subject.public_id])

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the requests with what title and link need."""
        return HelpRequest.objects.for_pages()


class MailCame(HelpNotice):
    """Something was mailed to her address: it waits for her."""

    name = "help_requests.mail_came"
    to_team = True

    def title(self) -> str:
        """Say that a draft waits; whether she sent it, she knows."""
        return _("A mail became a draft of a request for help. Did you send it?")

    def icon(self) -> str:
        """Return the icon of mail."""
        return "mail"

    def still_relevant(self) -> bool:
        """Say whether it still waits."""
        return bool(self.subject.state == State.DRAFT and self.subject.source == Source.MAIL)

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether it is hers to confirm."""
        return can_write(viewer, self.subject)


class HandedIn(HelpNotice):
    """A request waits for who places it."""

    name = "help_requests.handed_in"
    to_guardians = False
    to_team = True

    def title(self) -> str:
        """Say from whom by role, not by name."""
        if self.subject.group is not None:
            return _("A request for help by the class parent of %(group)s waits for you") % {
                "group": self.subject.group.name
            }
        return _("A request for help by the parent council waits for you")

    def still_relevant(self) -> bool:
        """Say whether it still waits."""
        return bool(self.subject.state == State.SUBMITTED)

    def told_as_staff(self, viewer: Viewer) -> bool | None:
        """Say that it is work: the contact hours count (H1)."""
        return True

    def narrow(self, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return the office alone, where there is one and requests go through it: management can look, and is not
        told of each."""
        request = self.subject
        route = route_for(Asker(request.asked_as), policy_for(request.school_id, at=timezone.now()))
        if route != Route.OFFICE:
            return users
        on = request.school.today(timezone.now())
        roles = TeamRole.objects.filter(current_on(on), school=request.school, kind=RoleKind.OFFICE)
        office = users.filter(pk__in=roles.values("person__user_id"))
        return office if office.exists() else users

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether it goes through her hands."""
        return is_reviewer(viewer, self.subject)


class AskerTold(HelpNotice):
    """What is told to who asked."""

    state = State.SUBMITTED

    def still_relevant(self) -> bool:
        """Say whether it still stands so."""
        return bool(self.subject.state == self.state)

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether it is her own."""
        return HelpRequest.objects.asked_by(viewer).filter(pk=self.subject.pk).exists()


class AskedBack(AskerTold):
    """Who places it has a question first."""

    name = "help_requests.asked_back"
    state = State.ASKED_BACK

    def title(self) -> str:
        """Say that there is a question."""
        return _("There is a question about your request for help")


class Declined(AskerTold):
    """It is not placed."""

    name = "help_requests.declined"
    state = State.DECLINED

    def title(self) -> str:
        """Say so; the reason stands on the page."""
        return _("Your request for help was not placed: read why")


class Placed(AskerTold):
    """It stands with families."""

    name = "help_requests.placed"
    state = State.PLACED

    def title(self) -> str:
        """Say so."""
        return _("Your request for help was placed")


class NamedAsResponder(HelpNotice):
    """Somebody was named to get the replies."""

    name = "help_requests.named"

    def title(self) -> str:
        """Say that replies come to her."""
        return _("You get the replies to a request for help")

    def link(self) -> str:
        """Return the replies."""
        return reverse("help_requests:replies", args=[self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether it takes replies."""
        return bool(self.subject.is_open)

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she handles the replies."""
        return HelpRequest.objects.handled_by(viewer).filter(pk=self.subject.pk).exists()


class RepliesCame(NamedAsResponder):
    """Somebody replied."""

    name = "help_requests.replies_came"

    def title(self) -> str:
        """Say that there is something to read; from whom, stands there."""
        return _("There are new replies to a request for help")


class HelpReminder(HelpNotice):
    """Who has not replied is asked once more."""

    name = "help_requests.reminder"

    def title(self) -> str:
        """Ask."""
        return _("Can you help? A short reply is enough")

    def link(self) -> str:
        """Return where one replies."""
        return reverse("help_requests:answer", args=[self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether it takes replies."""
        return bool(self.subject.is_open)

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether it was placed for her, and she has not replied."""
        placed = HelpRequest.objects.placed_for(viewer).filter(pk=self.subject.pk)
        if not can_reply(viewer, self.subject) or not placed.exists():
            return False
        return not Reply.objects.of(viewer).filter(request=self.subject).exists()


class Thanked(NoticeKind):
    """A responder thanks somebody for a reply."""

    name = "help_requests.thanked"
    model = "help_requests.Reply"
    by_mail = False

    def title(self) -> str:
        """Say thank you."""
        return _("Thank you for your reply: “%(title)s”") % {"title": self.subject.request.title}

    def icon(self) -> str:
        """Return a heart."""
        return "heart"

    def link(self) -> str:
        """Return where she replied."""
        return reverse("help_requests:answer", args=[self.subject.request.public_id])

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether it is her own reply, and she still reads what it is about."""
        own = Reply.objects.of(viewer).filter(pk=self.subject.pk, thanked_at__isnull=False)
        return own.exists() and HelpRequest.objects.placed_for(viewer).filter(pk=self.subject.request_id).exists()

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Iterable[int]) -> models.QuerySet[Any]:
        """Return her own among them."""
        return cls.subjects().of(viewer).filter(pk__in=list(keys))  # type: ignore[attr-defined]

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the replies with what title and link need."""
        return Reply.objects.select_related("request")


class HelpClosed(HelpNotice):
    """It is closed, with a line of thanks: for who said she could help."""

    name = "help_requests.closed"
    by_mail = False

    def title(self) -> str:
        """Say that it is done."""
        return _("A request for help you replied to is closed")

    def text(self) -> str:
        """Return the line of thanks."""
        return str(self.subject.thanks)

    def link(self) -> str:
        """Return where she replied."""
        return reverse("help_requests:answer", args=[self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether it is closed."""
        return bool(self.subject.state == State.CLOSED)

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she said she could help."""
        if not HelpRequest.objects.placed_for(viewer).filter(pk=self.subject.pk).exists():
            return False
        return Reply.objects.of(viewer).filter(request=self.subject, says="can").exists()
