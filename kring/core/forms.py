"""How a form field looks: one template, used by every form through `{{ field.as_field_group }}`."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class KringFormRenderer(TemplatesSetting):
    """Render a field with label, help and errors from core/field.html (WCAG 1.3.1, 3.3.1)."""

    field_template_name = "core/field.html"
