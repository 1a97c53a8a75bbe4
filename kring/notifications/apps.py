"""Tells Django that this room exists."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The room `notifications`."""

    name = "kring.notifications"
