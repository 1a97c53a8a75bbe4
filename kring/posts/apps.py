"""Tells Django that this room exists."""

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """The room `posts`."""

    name = "kring.posts"
