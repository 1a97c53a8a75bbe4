"""What the pages of this room take in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kring.conversations.rules import MAX_MOMENTS, MAX_PURPOSE, MAX_SUBJECT, MEETING_MINUTES
from kring.conversations.rules.circle import MAX_CHOICES, MAX_LABEL
from kring.core.forms import date_field, time_field
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

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        strip=False,
        max_length=ROOM_TO_TYPE,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
    )
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
            day = date_field(_("Day %(number)s") % {"number": number}, required=False)
            hour = time_field(_("Time %(number)s") % {"number": number})
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


class GroupForm(forms.Form):
    """A question to a whole group: what for, until when, a word with it, and short answers."""

    purpose = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=MAX_PURPOSE,
        help_text=gettext_lazy("One line. It stands on top for everybody: \u201cWho helps on Thursday?\u201d"),
        widget=forms.TextInput(attrs={"class": "input"}),
        error_messages={"required": gettext_lazy("Write what it is for: everybody sees that on top.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Some more about it"),
        required=False,
        max_length=ROOM_TO_TYPE,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
    closes_on = date_field(gettext_lazy("Closes at the end of"))
    token = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, closes_on: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": make_public_id(), "closes_on": closes_on}
        super().__init__(*args, **kwargs)
        standard = [_("I can"), _("I can't")]
        for number in range(1, MAX_CHOICES + 1):
            self.fields[f"choice_{number}"] = forms.CharField(
                label=_("Answer %(number)s") % {"number": number},
                required=False,
                initial=standard[number - 1] if number <= len(standard) else "",
                max_length=MAX_LABEL,
                widget=forms.TextInput(attrs={"class": "input"}),
            )

    @property
    def choice_fields(self) -> list[forms.BoundField]:
        """Return the fields for the short answers."""
        return [self[f"choice_{number}"] for number in range(1, MAX_CHOICES + 1)]

    def clean(self) -> dict[str, Any]:
        """Gather the short answers in their order."""
        data = super().clean() or {}
        data["choices"] = [data.get(f"choice_{number}", "") for number in range(1, MAX_CHOICES + 1)]
        return data


class ClosingForm(forms.Form):
    """Last words when a group conversation is closed."""

    words = forms.CharField(
        label=gettext_lazy("What came out of it"),
        required=False,
        max_length=2_000,
        help_text=gettext_lazy("Everybody in the group reads this under the conversation."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )


class ReportForm(forms.Form):
    """Why somebody reports messages."""

    reason = forms.CharField(
        label=gettext_lazy("What is the matter?"),
        required=False,
        max_length=ROOM_TO_TYPE,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )


class ReasonForm(forms.Form):
    """Some words of management: why it reads, or what it did. How long they may be is for the action."""

    reason = forms.CharField(
        required=False,
        max_length=ROOM_TO_TYPE,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
