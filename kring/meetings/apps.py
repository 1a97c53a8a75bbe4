"""Tells Django that this room exists."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """The room `meetings`."""

    name = "kring.meetings"
