"""Synthetic schools for the benchmarks: rows straight into the tables, because only reading them is measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from kring.people.models import Audience, Child, Enrolment, Guardianship, Person, TeamRole, User
from kring.photos.models import Photo, PhotoUse
from kring.posts.models import Post, Reading
from kring.school.models import Board, Group, School, SchoolYear
from kring.school.rules import school_year_of

BACKEND = "kring.accounts.backends.Backend"
TEXT = "<p>In het bos vonden we dertien soorten bladeren. Terug in de klas legden we er samen een kring van.</p>"


@dataclass(frozen=True)
class Bench:
    """A school with somebody of each kind to measure as."""

    school: School
    groups: list[Group]
    parent: User
    teacher: User
    teacher_person: Person


def build(*, name: str, groups: int, children: int, guardians: int, posts_a_group: int, years: int) -> Bench:
    """Make a school. `posts_a_group` is per school year; `years` counts this one and those before."""
    now = timezone.now()
    board = Board.objects.create(name=name)
    school = School.objects.create(board=board, name=name, region="zuid", needs_second_factor=False)
    this_year = _years(school, years, now.date())
    made = {
        year.pk: Group.objects.bulk_create(
            Group(school=school, school_year=year, name=f"Groep {n}", year_levels=[n % 8 + 1]) for n in range(groups)
        )
        for year in SchoolYear.objects.filter(school=school)
    }
    kids = Child.objects.bulk_create(
        Child(school=school, first_name=f"Kind{n}", last_name=f"Familie{n}") for n in range(children)
    )
    _enrol(school, kids, made, this_year)
    parents = _adults(school, guardians, name)
    Guardianship.objects.bulk_create(
        Guardianship(school=school, child=kids[n % children], person=person, starts_on=date(2015, 1, 1))
        for n, person in enumerate(parents)
    )
    # The parent that is measured has a second child in another group.
    Guardianship.objects.create(school=school, child=kids[1], person=parents[0], starts_on=date(2015, 1, 1))
    teacher = _adults(school, 1, f"{name}-teacher")[0]
    for group in made[this_year.pk]:
        TeamRole.objects.create(
            school=school, person=teacher, kind="teacher", group=group, starts_on=this_year.starts_on
        )
    _posts(school, made, teacher, posts_a_group, now)
    _read(school, parents[0])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself within a minute, and `optimise_database` on SQLite
    assert parents[0].user is not None
    assert teacher.user is not None
    return Bench(school, made[this_year.pk], parents[0].user, teacher.user, teacher)


def _years(school: School, count: int, today: date) -> SchoolYear:
    first, _last = school_year_of(today)
    for n in range(count):
        start = date(first.year - n, 8, 1)
        SchoolYear.objects.create(
            school=school, name=f"{start.year}-{start.year + 1}", starts_on=start, ends_on=date(start.year + 1, 7, 31)
        )
    return SchoolYear.objects.get(school=school, starts_on=first)


def _enrol(school: School, kids: list[Child], made: dict[int, list[Group]], this_year: SchoolYear) -> None:
    for year in SchoolYear.objects.filter(school=school):
        groups = made[year.pk]
        Enrolment.objects.bulk_create(
            Enrolment(
                school=school,
                child=kid,
                group=groups[n % len(groups)],
                year_level=n % 8 + 1,
                starts_on=year.starts_on,
                ends_on=None if year == this_year else year.ends_on,
            )
            for n, kid in enumerate(kids)
        )


def _adults(school: School, count: int, name: str) -> list[Person]:
    users = User.objects.bulk_create(
        User(email=f"{name}{n}@example.org".lower().replace(" ", ""), password="!") for n in range(count)
    )
    return Person.objects.bulk_create(
        Person(school=school, user=user, first_name=f"Ouder{n}", last_name="Meting", email=user.email)
        for n, user in enumerate(users)
    )


def _posts(school: School, made: dict[int, list[Group]], author: Person, posts_a_group: int, now: datetime) -> None:
    for year in SchoolYear.objects.filter(school=school):
        last = min(now, school.moment(year.ends_on))
        step = (last - school.moment(year.starts_on)) / (posts_a_group + 1)
        for group in made[year.pk]:
            audiences = Audience.objects.bulk_create(Audience(school=school) for _ in range(posts_a_group))
            Audience.groups.through.objects.bulk_create(
                Audience.groups.through(audience=audience, group=group) for audience in audiences
            )
            Post.objects.bulk_create(
                Post(
                    school=school,
                    author=author,
                    kind="group",
                    state="published",
                    title=f"Bericht {n}",
                    source="x",
                    body=TEXT,
                    audience=audience,
                    publish_at=last - step * n,
                    visible_from=last - step * n,
                    created_at=last - step * n - timedelta(hours=1),
                )
                for n, audience in enumerate(audiences)
            )
            _photos(school, group, audiences[::2], [last - step * n for n in range(0, posts_a_group, 2)])


def _photos(school: School, group: Group, audiences: list[Audience], moments: list[datetime]) -> None:
    """Give each of these posts two photos; only the rows, because a page never opens the files."""
    photos = Photo.objects.bulk_create(
        Photo(
            school=school,
            group=group,
            added_at=moment,
            touched_at=moment,
            state="ready",
            width=4000,
            height=3000,
            key=token_hex(16),
            content_hash=token_hex(32),
        )
        for moment in moments
        for _ in range(2)
    )
    PhotoUse.objects.bulk_create(
        PhotoUse(
            school=school,
            photo=photo,
            audience=audiences[n // 2],
            within=audiences[n // 2],
            purpose="app_group",
            position=n % 2,
            shown_from=moments[n // 2],
        )
        for n, photo in enumerate(photos)
    )


def _read(school: School, parent: Person) -> None:
    newest = Post.objects.filter(school=school).order_by("-visible_from")[:2000]
    Reading.objects.bulk_create(
        Reading(school=school, post=post, person=parent, read_on=timezone.now().date())
        for post in newest
        if post.pk % 2
    )


def cookie_for(user: User) -> str:
    """Return the cookies of a session in which `user` is signed in, with the token that forms need."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"kring_session={session.session_key}; kring_csrf={CSRF}"


CSRF = "b" * 32
