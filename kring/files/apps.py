"""Tells Django that this room exists."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The room `files`."""

    name = "kring.files"
