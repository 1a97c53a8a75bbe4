"""Tells Django that this room exists."""

from django.apps import AppConfig


class PhotosConfig(AppConfig):
    """The room `photos`."""

    name = "kring.photos"
