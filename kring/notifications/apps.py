"""Tells Django that this room exists."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The room `notifications`."""

    name = "kring.notifications"

    def ready(self) -> None:
        """Find the kinds of notices of every room."""
        from kring.notifications.notice import find_kinds

        find_kinds()
