"""Some weeks of news, dated around today: published, scheduled and in draft, read and hearted."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from kring.agreements.actions import confirm_read
from kring.core.viewer import Viewer
from kring.demo.days import days_of_one_year, school_days
from kring.demo.school import Built
from kring.demo.stories import GOALS, INFANT_GOALS, KWINK, STORIES, TALK_TOPICS, TEAM, Story
from kring.people.models import Person
from kring.people.viewers import viewer_for, viewers_for
from kring.photos.actions import add_photo, describe_photo, process_photo
from kring.photos.models import Photo
from kring.posts.actions import (
    Content,
    ItemInput,
    mark_seen,
    order_post,
    save_draft,
    schedule_series,
    start_draft,
    toggle_heart,
)
from kring.posts.actions.series import WeekInput
from kring.posts.models import Post
from kring.posts.permissions import Target
from kring.posts.rules import series_day, series_mondays
from kring.school.calendars import calendar_of
from kring.school.models import Group
from kring.school.rules import school_year_of

PICTURES = Path(__file__).parent / "pictures"


class Newsroom:
    """Publishes as the people of the school, at moments that have passed or will come."""

    def __init__(self, built: Built, *, now: datetime) -> None:
        self.built, self.now = built, now
        school = built.school
        today = school.today(now)
        self.calendar = calendar_of(school, first=today - timedelta(270), last=today + timedelta(270))
        self.days = school_days(self.calendar, today)
        self.coming = days_of_one_year(self.calendar, today)  # earlier than today, when the school year is over
        self.rng = random.Random(11)  # noqa: S311  invented data, not a secret
        self.posts: list[Post] = []

    def viewer(self, person: Person, at: datetime) -> Viewer:
        """Return the person as she was at that moment."""
        return viewer_for(person.user, now=at)

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return that wall-clock moment at the school."""
        return self.built.school.moment(day, time(hour, minute))

    def told_before(self, day: date, at: datetime) -> datetime:
        """Return `at`, or a moment later that lies in the school year of `day`: the groups of that year read it."""
        year = school_year_of(day)
        if school_year_of(at.date()) == year:
            return at
        return max(self.moment(year[0], 9), self.now - timedelta(hours=20))

    def group_on(self, name: str, day: date) -> Group:
        """Return the group with this name in the school year of `day`."""
        return self.built.groups[self.built.year_on(day).pk][name]

    def teachers(self, name: str) -> list[Person]:
        """Return who teaches the group."""
        return [self.built.team[c.called] for c in TEAM if c.group == name]

    def tell(
        self,
        *,
        author: Person,
        kind: str,
        title: str,
        text: str,
        at: datetime,
        group: str = "",
        items: Sequence[ItemInput] = (),
        picture: str = "",
        alt: str = "",
        later: datetime | None = None,
        publish: bool = True,
    ) -> Post | None:
        """Write a post at the moment `at` and publish it, order it for `later`, or leave it as a draft."""
        if at > self.now:
            return None
        by = self.viewer(author, at)
        school = self.built.school
        target = Target(group_ids=frozenset({self.group_on(group, school.today(at)).pk})) if group else Target(True)
        post = start_draft(by=by, school=school, kind=kind, target=target)
        photos = [self.photo(by, group, school.today(at), picture, alt)] if picture else []
        content = Content(title=title, source=text, photos_checked=bool(photos))
        post = save_draft(by=by, post=post, content=content, target=target, photos=photos)
        if publish:
            post = order_post(by=by, post=post, items=items, at=later)
            if later is None:
                self.posts.append(post)
        return post

    def photo(self, by: Viewer, group: str, day: date, picture: str, alt: str) -> Photo:
        """Put a drawn picture through the same door as every photo."""
        upload = SimpleUploadedFile(picture, (PICTURES / picture).read_bytes(), "image/jpeg")
        photo = add_photo(by=by, school=self.built.school, group=self.group_on(group, day), upload=upload)
        describe_photo(by=by, photo=photo, alt=alt)
        process_photo.func(photo.pk)
        photo.refresh_from_db()
        return photo


def tell_stories(room: Newsroom) -> None:
    """Two group posts a week and group, sometimes one or three; the newest week is not full yet."""
    pictures = 0
    for number, (name, levels) in enumerate(sorted(_groups(room).items())):
        fitting = [story for story in STORIES if set(story.levels) & set(levels)]
        room.rng.shuffle(fitting)
        days = room.days.back[number % 2 :: 2]
        teachers = room.teachers(name)
        for n, (day, story) in enumerate(zip(days, _cycle(fitting, len(days)), strict=False)):
            if n >= len(fitting):
                break
            picture = story.picture if pictures < 16 and n < 4 else ""
            pictures += bool(picture)
            at = room.moment(day, 14, 20 + 5 * (number + n) % 35)
            room.tell(
                author=teachers[n % len(teachers)],
                kind="group",
                title=story.title,
                text=story.text,
                at=at,
                group=name,
                picture=picture,
                alt=story.alt,
            )


def _groups(room: Newsroom) -> dict[str, list[int]]:
    return {name: group.year_levels for name, group in room.built.groups[room.built.years[1].pk].items()}


def _cycle(stories: list[Story], length: int) -> Iterator[Story]:
    for n in range(length):
        yield stories[n % len(stories)]


def tell_what_comes(room: Newsroom) -> None:
    """Functional messages about the coming school days, for every group."""
    back, ahead = room.coming.back, room.coming.ahead
    for number, (name, levels) in enumerate(sorted(_groups(room).items())):
        teacher = room.teachers(name)[0]
        day, next_day = ahead[number % 3], ahead[(3 + number % 4) % len(ahead)]
        at = room.told_before(ahead[0], room.moment(back[2 + number % 4], 15, 5))
        soon = ItemInput(day, day, text="Een schoen, met naam erin" if max(levels) < 5 else "Een kom en een lepel")
        room.tell(
            author=teacher,
            kind="bring",
            title="Meenemen voor de groep",
            group=name,
            at=at,
            text="We hebben dit nodig voor een activiteit in de klas. Wilt u er thuis even aan denken?",
            items=[soon],
        )
        # The first groups began a few days ago, so that their goals go on quietly; the others begin tomorrow.
        begins = max(at.date(), back[1 + number % 4]) if number < 4 else ahead[0]
        if max(levels) <= 2:
            rows = [ItemInput(begins, ahead[-1], text=f"{what}: {goal}") for what, goal in INFANT_GOALS]
            title = "Werkjes en het nieuwe thema"
        else:
            rows = [ItemInput(begins, ahead[-1], text=f"{what}: {goal}") for what, goal in GOALS]
            title = "Hier werken we aan"
        room.tell(
            author=teacher,
            kind="goals",
            title=title,
            group=name,
            items=rows,
            text="Thuis kunt u ernaar vragen.",
            at=at + timedelta(minutes=20),
        )
        if max(levels) >= 5:
            _talks(room, name, teacher, at + timedelta(minutes=40))
        if number % 2:
            place = "Natuurmuseum Het Veen"
            trip = ItemInput(next_day, next_day, time(9), time(12), text="Uitstapje, lunch op school", place=place)
            room.tell(
                author=teacher,
                kind="outing",
                title=f"Met de fiets naar {place}",
                group=name,
                items=[trip],
                text="We vertrekken om 9.00 uur op de fiets. Is de fiets in orde?",
                at=at + timedelta(hours=1),
            )


def _talks(room: Newsroom, name: str, teacher: Person, at: datetime) -> None:
    group = room.group_on(name, room.coming.ahead[0])
    children = [e.child for e in group.enrolments.select_related("child").order_by("pk")[:5]]
    rows = [
        ItemInput(day, day, child=child, text=f"Spreekbeurt: {topic}")
        for child, day, topic in zip(children, room.coming.ahead[1::2], TALK_TOPICS, strict=False)
    ]
    room.tell(
        author=teacher,
        kind="homework",
        title="Huiswerk en spreekbeurten",
        group=name,
        items=rows,
        at=at,
        text="De lijst voor de komende weken. Oefenen voor de spiegel helpt echt.",
    )


def tell_everybody(room: Newsroom) -> None:
    """School-wide news, a colleague away and the Kwink series."""
    back, ahead, team = room.days.back, room.days.ahead, room.built.team
    head, office = team["Ineke van Straten"], team["Wilma"]
    room.tell(
        author=head,
        kind="announcement",
        title="Nieuwe tegels op het plein",
        text="Het plein is klaar. De hinkelbaan is terug, dit keer met twaalf vakken.",
        at=room.moment(back[6], 16),
    )
    room.tell(
        author=office,
        kind="announcement",
        title="Gevonden voorwerpen",
        text="In de hal staat een volle kist. Vrijdag gaat wat blijft liggen naar de kringloop.",
        at=room.moment(back[1], 9, 30),
    )
    away = room.coming.ahead[0]
    cover = ItemInput(
        away, away, absent=team["Juf Anouk"], substitute=team["Meester Bram"], text="Meester Bram vervangt"
    )
    room.tell(
        author=team["Juf Anouk"],
        kind="staff",
        title="Meester Bram vervangt juf Anouk",
        group="Groep 5",
        text="Ik ben op studiedag. Meester Bram staat voor de groep.",
        items=[cover],
        at=room.told_before(away, room.moment(room.coming.back[0], 8, 15)),
    )
    mondays = series_mondays(ahead[0], ahead[0] + timedelta(120), calendar=room.calendar)
    weeks = [
        WeekInput(monday, monday + timedelta(4), room.moment(day, 8), title, text)
        for monday, (title, text) in zip(mondays, KWINK, strict=False)
        if room.moment(day := series_day(monday, weekday=1, calendar=room.calendar), 8) > room.now
    ]
    schedule_series(by=room.viewer(head, room.now), school=room.built.school, weeks=weeks)


def leave_work(room: Newsroom) -> None:
    """Leave a message that goes out on the next school day, and a draft, at the teacher of group 5."""
    teacher, back, ahead = room.built.team["Juf Anouk"], room.coming.back, room.coming.ahead
    at = room.told_before(ahead[0], room.moment(back[0], 15, 40))
    if room.coming.today == room.days.today:
        at = min(room.now, max(at, room.now - timedelta(hours=5)))
        test = ItemInput(ahead[4 % len(ahead)], ahead[4 % len(ahead)], text="Toets topografie Noord-Brabant")
        room.tell(
            author=teacher,
            kind="homework",
            title="Topografie: Noord-Brabant",
            group="Groep 5",
            at=at,
            text="Oefenen kan met de kaart in de map.",
            later=room.moment(ahead[0], 8),
            items=[test],
        )
    room.tell(
        author=teacher,
        kind="group",
        title="Onze vleermuiskast hangt",
        group="Groep 5",
        text="Hij hangt aan de noordkant, want",
        at=at,
        publish=False,
    )


def agree_to_agreements(*builts: Built, now: datetime) -> None:
    """Let every guardian who joined have read the agreements, so that a demo account begins with its news."""
    guardians = {person.user_id: person.user for built in builts for person in built.guardians if person.user}
    for by in viewers_for(guardians.values(), now=now).values():
        for built in builts:
            if built.school.pk in by.guardian_school_ids:
                confirm_read(by=by, school=built.school)


def let_people_read(room: Newsroom) -> None:
    """Let most guardians read most of it, and some give a heart; the newest posts are still new to many."""
    older = [post for post in room.posts if post.visible_from and post.visible_from < room.now - timedelta(days=2)]
    group_posts = [post for post in older if post.kind == "group"][-30:]
    users = [person.user for person in room.built.guardians if person.user is not None]
    viewers = viewers_for(users, now=room.now - timedelta(hours=1))
    for n, person in enumerate(room.built.guardians):
        if person.user_id is None or n % 9 == 0:
            continue
        by = viewers[person.user_id]
        mark_seen(by=by, public_ids=[post.public_id for post in older if (n + post.pk) % 7])
        readable = set(Post.objects.readable_by(by).values_list("pk", flat=True))
        if any(span.level == "full" for span in by.spans):
            liked = [post for post in group_posts if post.pk in readable and (n + post.pk) % 3 == 0]
            for post in liked[:2]:
                toggle_heart(by=by, post=post)
