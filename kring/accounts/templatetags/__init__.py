"""The templatetags of this room."""
