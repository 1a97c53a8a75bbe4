"""Kinds of notices about rows that every test has: a child (seen by its family and team) and a school (seen by all)."""

from __future__ import annotations

from kring.notifications.notice import NoticeKind

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
