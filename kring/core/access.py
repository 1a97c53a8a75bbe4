"""Doing: `require` stops an action that the viewer may not take."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """The viewer may see the object but not do this: answered with 403."""


class Refused(Exception):
    """The action cannot be done as asked; the first argument is a sentence for the user, already translated.

    Raised by actions for what forms cannot know (the state of the database, a ban in the agreement). Views show the
    sentence beside the form and keep what was typed. `clause` names the agreement's clause, if one is the reason.
    """

    def __init__(self, sentence: str, *, clause: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.clause = clause


def require(allowed: bool) -> None:
    """Raise NotAllowed (403) unless `allowed`. Every action begins with it; deny by default."""
    if not allowed:
        raise NotAllowed
