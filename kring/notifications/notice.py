"""Kinds of notices: what a room can tell people. Each room keeps its own in `notices.py`; this finds them.

    class PostPublished(NoticeKind):
        name = "posts.published"
        model = "posts.Post"

        def title(self) -> str: ...
        def link(self) -> str: ...

A kind is about one row, its subject. Only the name of the kind and the key of the subject are stored, so title and
text are made when they are read: in the reader's language, and only for who may read the subject at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.utils.module_loading import autodiscover_modules

from kring.core.viewer import Viewer
from kring.notifications.rules import Topic
from kring.people.models import User


@dataclass(frozen=True, slots=True)
class Outside:
    """What leaves the app about a notice: words without any name or content, for a mail."""

    subject: str
    line: str
    button: str


_kinds: dict[str, type[NoticeKind]] = {}


class NoticeKind:
    """Base of all kinds. `model` is the label of the subject's model, whose manager must know `visible_to(viewer)`."""

    name: ClassVar[str]
    model: ClassVar[str]
    by_mail: ClassVar[bool] = True
    """Whether it is worth an e-mail; the inbox always has it."""
    in_inbox: ClassVar[bool] = True
    """Whether it stands in the inbox too; not for what is stale by tomorrow."""
    to_guardians: ClassVar[bool] = True
    to_team: ClassVar[bool] = False
    """Who of the audience is told. `may_see` still decides for each of them."""

    def __init__(self, subject: Any) -> None:
        self.subject = subject

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("name"):
            _kinds[cls.name] = cls

    def title(self) -> str:
        """Return the line in the inbox, in the active language. Never used in mail or push."""
        raise NotImplementedError

    def text(self) -> str:
        """Return a second line in the inbox, or nothing."""
        return ""

    def sender(self) -> str:
        """Return who of the team wrote, as a device may show her where the school allows that; never a parent."""
        return ""

    def icon(self) -> str:
        """Return the name of the icon beside it in the inbox."""
        return "info"

    def tint(self) -> str:
        """Return the class that colours the icon: k-group, k-homework ..."""
        return "k-notice"

    def link(self) -> str:
        """Return the path of the page to open, beginning with a slash."""
        raise NotImplementedError

    def topic(self) -> Topic:
        """Return what it is about, as far as people choose by which channel they hear of it."""
        return Topic.PRACTICAL

    def has_emphasis(self) -> bool:
        """Say whether it must be read soon (S6): by device and mail both, and the mail says so in its subject."""
        return False

    def mails_all(self) -> bool:
        """Say whether it goes by mail to everybody who has not turned such mail off, whatever device she has (S15)."""
        return False

    def breaks_quiet(self) -> bool:
        """Say whether it waits for nobody's quiet hours: a calamity (S8)."""
        return False

    def outside(self, viewer: Viewer) -> Outside | None:
        """Return what a mail says instead of "there is a new message", in the active language; never content."""
        return None

    def narrow(self, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return those of the addressed logins that are told; override where more than the audience decides."""
        return users

    def beyond(self) -> models.QuerySet[User]:
        """Return logins that are told too, though no audience of the school addresses them: those of its board."""
        return User.objects.none()

    def still_relevant(self) -> bool:
        """Say whether it must still be told: asked when recipients are looked up, and again before sending."""
        return True

    def told_as_staff(self, viewer: Viewer) -> bool | None:
        """Say whether somebody who works at the school is told of this for her work, so that the contact hours count
        (H1). None: yes, unless the audience addresses her as a parent too."""
        return None

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether this viewer may read the subject now."""
        return self.visible_to(viewer, [self.subject.pk]).exists()

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return all rows this kind can be about; override to add `select_related` for title and link."""
        return apps.get_model(cls.model)._default_manager.all()

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Iterable[int]) -> models.QuerySet[Any]:
        """Return those of the subjects with primary keys `keys` that the viewer may read now."""
        return cls.subjects().visible_to(viewer).filter(pk__in=list(keys))  # type: ignore[attr-defined]

    @classmethod
    def about(cls, key: int) -> Self | None:
        """Return the notice about the subject with primary key `key`, or None when it is gone."""
        subject = cls.subjects().filter(pk=key).first()
        return None if subject is None else cls(subject)


def find_kinds() -> None:
    """Import the `notices` module of every room, so that each kind is known. Called once, when Django is ready."""
    autodiscover_modules("notices")


def all_kinds() -> dict[str, type[NoticeKind]]:
    """Return every kind by its name."""
    return dict(_kinds)


def kind_named(name: str) -> type[NoticeKind] | None:
    """Return the kind with this name, or None when no room has it any more."""
    return _kinds.get(name)
