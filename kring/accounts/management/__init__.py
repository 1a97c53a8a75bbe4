"""The management of this room."""
