"""Kinds of notices about rows that every test has: a child (seen by its family and team) and a school (seen by all)."""

from __future__ import annotations

from kring.notifications.notice import NoticeKind
from kring.notifications.rules import Topic

SECRET = "kanarie-van-Joep"


class AboutChild(NoticeKind):
    name = "tests.about_child"
    model = "people.Child"
    relevant = True

    def title(self) -> str:
        return SECRET

    def text(self) -> str:
        return SECRET

    def link(self) -> str:
        return f"/children/{self.subject.public_id}/"

    def still_relevant(self) -> bool:
        return type(self).relevant


class AboutSchool(NoticeKind):
    name = "tests.about_school"
    model = "school.School"
    to_team = True
    by_mail = False

    def title(self) -> str:
        return f"News of {self.subject.name}"

    def link(self) -> str:
        return "/"


class AboutWork(AboutSchool):
    """Told to the team, by mail too."""

    name = "tests.about_work"
    to_guardians = False
    by_mail = True
    emphasis = False
    calamity = False

    def topic(self) -> Topic:
        return Topic.TEAM

    def has_emphasis(self) -> bool:
        return type(self).emphasis

    def breaks_quiet(self) -> bool:
        return type(self).calamity


class AboutTeamAndFamilies(AboutWork):
    """Told to families and to the team."""

    name = "tests.about_both"
    to_guardians = True


class MoreWork(AboutWork):
    """Another event for the team."""

    name = "tests.more_work"
