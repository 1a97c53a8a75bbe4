"""The list of who is away at 8:50, in a school of 1,500 children of whom many are away."""

from __future__ import annotations

from datetime import timedelta

from bench.schools import Bench, build
from kring.people.models import User

ILL, VISITS, LEAVE = 90, 20, 10


def school_with_absences() -> tuple[Bench, User, str]:
    """Return the school, the login of its office, and the path of the list."""
    from django.utils import timezone

    from kring.absences.models import Absence, Appointment, LeaveRequest
    from kring.absences.rules import LeaveKind, LeaveState, Reason, Source, VisitKind
    from kring.people.models import Audience, Child, Person, TeamRole

    bench = build(name="Afwezig", groups=60, children=1500, guardians=2400, posts_a_group=1, years=1)
    school, now = bench.school, timezone.now()
    today = school.today(now)
    Person.objects.filter(school=school).update(phone="085-0000 300")
    user = User.objects.create(email="office-afwezig@example.org", password="!")
    office = Person.objects.create(school=school, user=user, first_name="Office", last_name="Bench")
    TeamRole.objects.create(school=school, person=office, kind="office", starts_on=today - timedelta(days=9))
    audience = Audience.objects.create(school=school)
    kids = list(Child.objects.filter(school=school).order_by("pk")[: ILL + VISITS + LEAVE])
    both = {"school": school, "audience": audience, "team_audience": audience}
    Absence.objects.bulk_create(
        Absence(child=kid, reason=list(Reason)[n % 4], source=Source.PHONE, starts_on=today, ends_on=today,
                reported_by=office, reported_at=now, **both)
        for n, kid in enumerate(kids[:ILL])
    )  # fmt: skip
    Appointment.objects.bulk_create(
        Appointment(child=kid, starts_at=now + timedelta(minutes=5 + n), ends_at=now + timedelta(minutes=90),
                    kind=VisitKind.DENTIST, reported_at=now, **both)
        for n, kid in enumerate(kids[ILL : ILL + VISITS])
    )  # fmt: skip
    LeaveRequest.objects.bulk_create(
        LeaveRequest(child=kid, first_day=today, last_day=today + timedelta(days=2), lessons=3, kind=LeaveKind.WEDDING,
                     state=LeaveState.GRANTED, asked_at=now, decide_by=today, decided_at=now, **both)
        for kid in kids[ILL + VISITS :]
    )  # fmt: skip
    return bench, user, f"/school/{school.public_id}/day/"
