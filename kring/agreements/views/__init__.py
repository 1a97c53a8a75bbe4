"""Reading the agreements, writing them, and copying them to another school."""

from kring.agreements.views import read, write

__all__ = ["read", "write"]
