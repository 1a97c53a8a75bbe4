"""Tells Django that this room exists."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The room `audit`."""

    name = "kring.audit"
