"""How a form field looks: one template, used by every form through `{{ field.as_field_group }}`. Days and hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class KringFormRenderer(TemplatesSetting):
    """Render a field with label, help and errors from core/field.html (WCAG 1.3.1, 3.3.1)."""

    field_template_name = "core/field.html"


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    """Return a field that uses the device's own date picker."""
    widget = forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%d-%m-%Y"], **kwargs)


def time_field(label: Any, *, required: bool = False, step: int | None = None, **kwargs: Any) -> forms.TimeField:
    """Return a field that uses the device's own clock, in steps of `step` seconds where that is said."""
    attrs = {"type": "time", "class": "input"} | ({"step": step} if step else {})
    widget = forms.TimeInput(attrs=attrs, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, required=required, **kwargs)
