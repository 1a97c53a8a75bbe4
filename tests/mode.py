"""Loaded by pytest before anything else (`-p tests.mode` in pyproject.toml), so that settings are those of a test."""

from __future__ import annotations

import os

os.environ["KRING_MODE"] = "test"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
