"""What the pages of this room take in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kring.conversations.rules import MAX_MOMENTS, MAX_SUBJECT, MEETING_MINUTES
from kring.core.public_id import make_public_id
from kring.school.models import School

ROOM_TO_TYPE = 30_000  # what is too long to send still comes back in the form


class MessageForm(forms.Form):
    """A message. How long it may be is for the action, so that what is too long is not lost."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        required=False,
        strip=False,
        max_length=ROOM_TO_TYPE,
        widget=forms.Textarea(attrs={"class": "input", "rows": 2}),
    )
    token = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    when = forms.ChoiceField(required=False, choices=[("window", ""), ("now", "")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": make_public_id(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class NewMessageForm(MessageForm):
    """The first message of a conversation, with a line that says what it is about."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        required=False,
        max_length=MAX_SUBJECT,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    field_order = ["subject", "text", "token", "when"]


class EditForm(forms.Form):
    """Other words for a message."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        required=False,
        max_length=ROOM_TO_TYPE,
        widget=forms.Textarea(attrs={"class": "input", "rows": 5}),
    )


def _minutes() -> list[tuple[int, str]]:
    return [(number, ngettext("%(n)s minute", "%(n)s minutes", number) % {"n": number}) for number in MEETING_MINUTES]


class MomentsForm(forms.Form):
    """Up to three moments, how long it takes, where, and a word with it. Days and hours are the school's own."""

    minutes = forms.TypedChoiceField(label=gettext_lazy("How long"), coerce=int, choices=_minutes, initial=15)
    place = forms.CharField(
        label=gettext_lazy("Where"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("At school, or by telephone."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    text = forms.CharField(
        label=gettext_lazy("A word with it"),
        required=False,
        max_length=ROOM_TO_TYPE,
        widget=forms.Textarea(attrs={"class": "input", "rows": 2}),
    )
    token = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": make_public_id(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.school = school
        for number in range(1, MAX_MOMENTS + 1):
            day = forms.DateField(
                label=_("Day %(number)s") % {"number": number},
                required=False,
                widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
                input_formats=["%Y-%m-%d", "%d-%m-%Y"],
            )
            hour = forms.TimeField(
                label=_("Time %(number)s") % {"number": number},
                required=False,
                widget=forms.TimeInput(attrs={"type": "time", "class": "input"}, format="%H:%M"),
            )
            self.fields[f"day_{number}"], self.fields[f"time_{number}"] = day, hour

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields of each moment: day and hour."""
        return [(self[f"day_{number}"], self[f"time_{number}"]) for number in range(1, MAX_MOMENTS + 1)]

    def clean(self) -> dict[str, Any]:
        """Put day and hour together; half a moment is a fault of its own row."""
        data = super().clean() or {}
        moments: list[datetime] = []
        for number in range(1, MAX_MOMENTS + 1):
            day, hour = data.get(f"day_{number}"), data.get(f"time_{number}")
            if day and hour:
                moments.append(self.school.moment(day, hour))
            elif day or hour:
                missing = f"time_{number}" if day else f"day_{number}"
                if missing not in self.errors:
                    self.add_error(missing, _("Fill in both the day and the time."))
        data["moments"] = moments
        return data


class PromiseForm(forms.Form):
    """Until when somebody comes back to it; no day is fine."""

    until = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
