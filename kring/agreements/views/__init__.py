"""Reading the agreements, writing them, and copying them to another school."""

from kring.agreements.views import read

__all__ = ["read"]
