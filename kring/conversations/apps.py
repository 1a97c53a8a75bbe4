"""Tells Django that this room exists."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """The room `conversations`."""

    name = "kring.conversations"
