"""What every page needs: who is looking, where she can go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Return the viewer and the shell (places in the bar, name, school), lazily: error pages must not need them."""
    shell = getattr(request, "shell", None)
    return {"viewer": getattr(request, "viewer", None), "shell": shell}
