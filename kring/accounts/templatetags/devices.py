"""What a browser calls itself, in words that its owner recognises."""

from __future__ import annotations

from django import template

from kring.core.devices import device_name

register = template.Library()
register.filter("device", device_name)
