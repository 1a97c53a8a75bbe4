"""What people are told about absence. No title says of which child, none says anything about health.

What the inbox shows under a title is the first name and the moment; mail and push carry neither.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.absences.circle import teacher_logins
from kring.absences.models import Absence, Appointment, LeaveRequest
from kring.absences.rules import LeaveState, Reason
from kring.absences.wording import absence_when, leave_when, visit_when
from kring.agreements.current import policy_for
from kring.core.viewer import MANAGERS, RoleKind, Viewer
from kring.notifications.notice import NoticeKind
from kring.people.models import TeamRole, User, current_on


def _named(subject: Any, when: str) -> str:
    return _("%(child)s: %(when)s") % {"child": subject.child.first_name, "when": when}


class FamilyNotice(NoticeKind):
    """Told to the full guardians of the child."""

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she is a full guardian of the child."""
        return type(self.subject).objects.of_own_children(viewer).filter(pk=self.subject.pk).exists()

    def told_as_staff(self, viewer: Viewer) -> bool | None:
        """Say that she is told as a parent."""
        return False


class TeamNotice(NoticeKind):
    """Told to the team: the hours of the school count."""

    to_guardians = False
    to_team = True

    def told_as_staff(self, viewer: Viewer) -> bool | None:
        """Say that it is her work."""
        return True


class VisitToFamily(FamilyNotice):
    """A visit was reported, or changed: to the other guardian."""

    name = "absences.visit_family"
    model = "absences.Appointment"

    def title(self) -> str:
        """Say what happened, not to whom."""
        if self.subject.changed_at is not None:
            return _("A visit to a doctor or dentist was changed")
        return _("A visit to a doctor or dentist was reported")

    def text(self) -> str:
        """Return the first name and the moment."""
        return _named(self.subject, visit_when(self.subject, self.subject.school))

    def icon(self) -> str:
        """Return the icon of care."""
        return "stethoscope"

    def link(self) -> str:
        """Return the visit."""
        return reverse("absences:visit", args=[self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether it stands."""
        return self.subject.withdrawn_at is None

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the visits with what title and text need."""
        return Appointment.objects.select_related("child", "school")


class VisitWithdrawnToFamily(VisitToFamily):
    """A visit does not go on: to the other guardian."""

    name = "absences.visit_withdrawn_family"

    def title(self) -> str:
        """Say what happened."""
        return _("A visit to a doctor or dentist was withdrawn")

    def still_relevant(self) -> bool:
        """Say whether it is withdrawn still."""
        return self.subject.withdrawn_at is not None


class VisitToTeam(TeamNotice):
    """A visit was reported, or changed: to who teaches the child."""

    name = "absences.visit_team"
    model = "absences.Appointment"

    def title(self) -> str:
        """Say what happened."""
        if self.subject.changed_at is not None:
            return _("An announced absence was changed")
        return _("A child of your group is away for a while")

    def text(self) -> str:
        """Return the first name and the moment."""
        return _named(self.subject, visit_when(self.subject, self.subject.school))

    def icon(self) -> str:
        """Return the icon of care."""
        return "stethoscope"

    def link(self) -> str:
        """Return the list of that day."""
        day = self.subject.starts_at.astimezone(self.subject.school.zone).date()
        return reverse("absences:day", args=[self.subject.school.public_id]) + f"?day={day:%Y-%m-%d}"

    def narrow(self, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return who teaches the child today."""
        today = self.subject.school.today(timezone.now())
        return users.filter(pk__in=teacher_logins(self.subject.child, on=today).values("pk"))

    def still_relevant(self) -> bool:
        """Say whether it stands and is still to come or going on."""
        return self.subject.withdrawn_at is None and self.subject.ends_at > timezone.now()

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the visits with what title and text need."""
        return Appointment.objects.select_related("child", "school")


class VisitWithdrawnToTeam(VisitToTeam):
    """A visit does not go on: to who teaches the child."""

    name = "absences.visit_withdrawn_team"

    def title(self) -> str:
        """Say what happened."""
        return _("An announced absence was withdrawn")

    def still_relevant(self) -> bool:
        """Say whether it is withdrawn still."""
        return self.subject.withdrawn_at is not None


class ReportedToFamily(FamilyNotice):
    """Illness or lateness was reported: to the other guardian; by telephone, to both."""

    name = "absences.reported_family"
    model = "absences.Absence"

    def title(self) -> str:
        """Say what happened, not what is the matter."""
        return _("An absence was reported")

    def text(self) -> str:
        """Return the first name and the day."""
        return _named(self.subject, absence_when(self.subject))

    def icon(self) -> str:
        """Return the icon of a checked list."""
        return "clipboard-check"

    def link(self) -> str:
        """Return where she arranges things."""
        return reverse("absences:own")

    def still_relevant(self) -> bool:
        """Say whether it stands; that a child is missed is said by telephone."""
        return self.subject.cancelled_at is None and self.subject.reason != Reason.MISSING

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the absences with what title and text need."""
        return Absence.objects.select_related("child", "school")


class StillIll(ReportedToFamily):
    """The question of the next morning (S9)."""

    name = "absences.still_ill"

    def title(self) -> str:
        """Ask it."""
        return _("Is your child back at school today?")

    def text(self) -> str:
        """Return the first name."""
        return str(self.subject.child.first_name)

    def still_relevant(self) -> bool:
        """Say whether nobody answered yet."""
        open_still = self.subject.cancelled_at is None and self.subject.ends_on is None
        asked, said = self.subject.asked_on, self.subject.confirmed_on
        return open_still and asked is not None and (said is None or said < asked)


class ReportedToTeam(TeamNotice):
    """Illness or lateness was reported in Kring: to who receives it by the agreement (S9)."""

    name = "absences.reported_team"
    model = "absences.Absence"

    def title(self) -> str:
        """Say what happened."""
        return _("A child was reported absent")

    def text(self) -> str:
        """Return the first name and the day."""
        return _named(self.subject, absence_when(self.subject))

    def icon(self) -> str:
        """Return the icon of a checked list."""
        return "clipboard-check"

    def link(self) -> str:
        """Return the list of that day."""
        page = reverse("absences:day", args=[self.subject.school.public_id])
        return f"{page}?day={self.subject.starts_on:%Y-%m-%d}"

    def narrow(self, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return who receives a report: the teachers of the child, office and management, as S9 says."""
        school, now = self.subject.school, timezone.now()
        receivers = set(policy_for(school.pk, at=now).sick_in_app.receivers)
        kinds = [kind.value for kind in MANAGERS if kind.value in receivers]
        roles = TeamRole.objects.filter(current_on(school.today(now)), school=school, kind__in=kinds)
        told = Q(pk__in=User.objects.filter(persons__in=roles.values("person_id")).values("pk"))
        if "teacher" in receivers:
            told |= Q(pk__in=teacher_logins(self.subject.child, on=school.today(now)).values("pk"))
        return users.filter(told)

    def still_relevant(self) -> bool:
        """Say whether it stands."""
        return self.subject.cancelled_at is None

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the absences with what title and text need."""
        return Absence.objects.select_related("child", "school")


class LeaveAsked(TeamNotice):
    """Leave was asked for: to management alone (S10)."""

    name = "absences.leave_asked"
    model = "absences.LeaveRequest"

    def title(self) -> str:
        """Say that somebody asks."""
        return _("A request for leave waits for your decision")

    def icon(self) -> str:
        """Return the icon of leave."""
        return "calendar-x-2"

    def link(self) -> str:
        """Return the request."""
        return reverse("absences:decide", args=[self.subject.school.public_id, self.subject.public_id])

    def narrow(self, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return management: the office of the audience is not told."""
        today = self.subject.school.today(timezone.now())
        roles = TeamRole.objects.filter(current_on(today), school=self.subject.school, kind=RoleKind.MANAGEMENT.value)
        return users.filter(pk__in=User.objects.filter(persons__in=roles.values("person_id")).values("pk"))

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she decides about it."""
        return LeaveRequest.objects.decided_by(viewer).filter(pk=self.subject.pk).exists()

    def still_relevant(self) -> bool:
        """Say whether it still waits."""
        return bool(self.subject.is_open)

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Any) -> models.QuerySet[Any]:
        """Return those she decides about."""
        allowed = LeaveRequest.objects.decided_by(viewer).values("pk")
        return cls.subjects().filter(pk__in=list(keys)).filter(pk__in=allowed)

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the requests with what title and link need."""
        return LeaveRequest.objects.select_related("child", "school")


class LeaveAskedToFamily(FamilyNotice):
    """Leave was asked for: to the other guardian."""

    name = "absences.leave_asked_family"
    model = "absences.LeaveRequest"

    def title(self) -> str:
        """Say what happened."""
        return _("Leave was asked for")

    def text(self) -> str:
        """Return the first name and the days."""
        return _named(self.subject, leave_when(self.subject))

    def icon(self) -> str:
        """Return the icon of leave."""
        return "calendar-x-2"

    def link(self) -> str:
        """Return the request."""
        return reverse("absences:leave_request", args=[self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether it was not withdrawn."""
        return bool(self.subject.state != LeaveState.WITHDRAWN)

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the requests with what title and text need."""
        return LeaveRequest.objects.select_related("child", "school")


class LeaveDecided(LeaveAskedToFamily):
    """Management decided: to both guardians."""

    name = "absences.leave_decided"

    def title(self) -> str:
        """Say that there is a decision."""
        return _("Management decided about leave")

    def still_relevant(self) -> bool:
        """Say whether there is a decision."""
        return self.subject.state in (LeaveState.GRANTED, LeaveState.DECLINED)


class LeaveGrantedToTeam(TeamNotice):
    """Leave was granted: to who teaches the child, when it is certain and without the ground."""

    name = "absences.leave_granted_team"
    model = "absences.LeaveRequest"

    def title(self) -> str:
        """Say what happened."""
        return _("A child of your group has leave")

    def text(self) -> str:
        """Return the first name and the days."""
        return _named(self.subject, leave_when(self.subject))

    def icon(self) -> str:
        """Return the icon of leave."""
        return "calendar-x-2"

    def link(self) -> str:
        """Return the list of the first day."""
        page = reverse("absences:day", args=[self.subject.school.public_id])
        return f"{page}?day={self.subject.first_day:%Y-%m-%d}"

    def narrow(self, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return who teaches the child today."""
        today = self.subject.school.today(timezone.now())
        return users.filter(pk__in=teacher_logins(self.subject.child, on=today).values("pk"))

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether the leave stands on her list."""
        return LeaveRequest.objects.away_as_team_sees(viewer).filter(pk=self.subject.pk).exists()

    def still_relevant(self) -> bool:
        """Say whether it was granted."""
        return bool(self.subject.state == LeaveState.GRANTED)

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Any) -> models.QuerySet[Any]:
        """Return those that stand on her list: not the request itself."""
        allowed = LeaveRequest.objects.away_as_team_sees(viewer).values("pk")
        return cls.subjects().filter(pk__in=list(keys)).filter(pk__in=allowed)

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the requests with what title and text need."""
        return LeaveRequest.objects.select_related("child", "school")
