"""What the page takes in: who is away and who takes over, and then what is to follow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kring.people.models import Person
from kring.school.forms import DayField, RoomForm


class _Colleague(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Person.objects.none(), to_field_name="public_id", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Return what people call her, with the whole name where that differs."""
        return f"{obj.called} ({obj.name})" if obj.called else str(obj.name)


class AwayForm(RoomForm):
    """Who is away, which days, and who takes over."""

    person = _Colleague(label=gettext_lazy("Who is away?"), empty_label=gettext_lazy("Choose"))
    substitute = _Colleague(
        label=gettext_lazy("Who takes the group?"), required=False, empty_label=gettext_lazy("Not known yet")
    )
    starts_on = DayField(label=gettext_lazy("First day"))
    ends_on = DayField(label=gettext_lazy("Last day"))

    def __init__(self, *args: Any, people: Any, substitutes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["substitute"].queryset = substitutes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning, and somebody who stands in for herself."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext_lazy("The last day is before the first day."))
        if data.get("person") and data.get("person") == data.get("substitute"):
            self.add_error("substitute", gettext_lazy("Somebody cannot stand in for herself."))
        return data


class MessageForm(RoomForm):
    """The message to one group."""

    send = forms.BooleanField(required=False)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a title only when it is sent."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("send"):
            self.errors.clear()
        return data
