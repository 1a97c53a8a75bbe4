"""Three hundred families and one message to all of them; run inside the database of a worker process of a test."""

from __future__ import annotations

from django.utils import timezone

from kring.notifications.actions import notify
from kring.people.actions.audience import make_audience
from kring.people.models import Guardianship, Person, User
from kring.posts.models import Post
from kring.posts.notices import PostPublished
from kring.school.rules import school_year_of
from tests import factories as make


def tell_many(number: int) -> None:
    """Publish a message to the whole school, to `number` guardians with a login."""
    now = timezone.now()
    first, last = school_year_of(timezone.localdate())
    group = make.GroupFactory(school_year=make.SchoolYearFactory(starts_on=first, ends_on=last))
    school = group.school
    child = make.ChildFactory(school=school)
    make.EnrolmentFactory(child=child, group=group, starts_on=first)
    users = User.objects.bulk_create(User(email=f"ouder{n}@example.org", password="!") for n in range(number))
    persons = Person.objects.bulk_create(
        Person(school=school, user=user, first_name="Ouder", last_name=str(n)) for n, user in enumerate(users)
    )
    Guardianship.objects.bulk_create(
        Guardianship(school=school, child=child, person=person, starts_on=first, level="full", authority="yes")
        for person in persons
    )
    audience = make_audience(school=school, whole_school=True)
    post = Post.objects.create(
        school=school, kind="announcement", state="published", title="Feest", audience=audience, visible_from=now
    )
    notify(PostPublished(post), audience=audience, school=school, not_before=now)
