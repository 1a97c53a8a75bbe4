"""What the pages of this room take in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kring.absences.models import LeaveKindChoice, ReasonChoice, VisitKindChoice
from kring.absences.rules import MAX_NOTE, MAX_PICKED_UP, MAX_WHY, Reason
from kring.core.public_id import make_public_id
from kring.core.templatetags.kring import spoken_day
from kring.people.models import Child
from kring.school.forms import DayField, RoomForm, TimeInput

ROOM_TO_TYPE = 10_000  # what is too long still comes back in the form
SHORT = gettext_lazy("Short; no details about health.")


def _time(label: Any, **more: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=TimeInput(), input_formats=["%H:%M", "%H.%M"], **more)


def _note(**more: Any) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=MAX_NOTE, help_text=more.pop("help_text", SHORT)
    )


class TokenForm(RoomForm):
    """A form that is sent once: two taps are one."""

    token = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": make_public_id(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class VisitForm(TokenForm):
    """A planned visit: who, when, where to. Without hours it is the whole day."""

    children = forms.ModelMultipleChoiceField(
        Child.objects.none(),
        label=gettext_lazy("Who goes?"),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose for whom this is.")},
    )
    day = DayField(label=gettext_lazy("Day"))
    starts = _time(gettext_lazy("Leaves at"))
    ends = _time(gettext_lazy("Back at"))
    whole_day = forms.BooleanField(label=gettext_lazy("The whole day"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Where to?"), choices=VisitKindChoice.choices, widget=forms.RadioSelect)
    picked_up_by = forms.CharField(
        label=gettext_lazy("Picked up by"), required=False, max_length=MAX_PICKED_UP,
        help_text=gettext_lazy("If it is somebody else than you."),
    )  # fmt: skip
    note = _note()

    def __init__(self, *args: Any, children: Iterable[Child], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = list(children)
        field = self.fields["children"]
        field.queryset = Child.objects.filter(pk__in=[child.pk for child in own])  # type: ignore[attr-defined]
        field.label_from_instance = lambda child: child.first_name  # type: ignore[attr-defined]
        if len(own) == 1:
            field.initial = [own[0].public_id]
        if not own:
            del self.fields["children"]

    def clean(self) -> dict[str, Any]:
        """Ask for both hours, or for none with the whole day."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("whole_day"):
            data["starts"] = data["ends"] = None
            return data
        if "starts" in self.errors or "ends" in self.errors:
            return data
        for name, words in (("starts", _("From when?")), ("ends", _("Until when?"))):
            if data.get(name) is None:
                self.add_error(name, _("%(question)s Or choose the whole day.") % {"question": words})
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error("ends", _("The end is before the beginning. Check both."))
        return data


class ReportForm(RoomForm):
    """Ill or late, in the app (S9)."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[(Reason.ILL.value, gettext_lazy("Ill")), (Reason.LATE.value, gettext_lazy("Late"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose ill or late.")},
    )
    day = forms.TypedChoiceField(label=gettext_lazy("Which day?"), coerce=date.fromisoformat, widget=forms.RadioSelect)
    back_at = _time(gettext_lazy("Comes at about"), help_text=gettext_lazy("Only when it comes later."))
    note = _note()

    def __init__(self, *args: Any, days: Iterable[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(day.isoformat(), spoken_day(day)) for day in days]
        field = self.fields["day"]
        field.choices = choices  # type: ignore[attr-defined]
        if choices:
            field.initial = choices[0][0]


class LogForm(RoomForm):
    """A telephone call, written down in five seconds: who, what, until when."""

    child = forms.ModelChoiceField(
        Child.objects.none(),
        to_field_name="public_id",
        error_messages={
            "required": gettext_lazy("Search for the child and choose it."),
            "invalid_choice": gettext_lazy("Search for the child and choose it."),
        },
    )
    reason = forms.ChoiceField(
        choices=ReasonChoice.choices, error_messages={"required": gettext_lazy("Choose what it is.")}
    )
    until = DayField(label=gettext_lazy("Last day"), required=False)
    back_at = _time(gettext_lazy("Comes at"))
    note = _note()

    def __init__(self, *args: Any, children: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["child"].queryset = children  # type: ignore[attr-defined]


class ChangeAbsenceForm(RoomForm):
    """Correcting what was written down."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is it?"), choices=ReasonChoice.choices, widget=forms.RadioSelect
    )
    until = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: of an illness nobody knows yet; of all else it is that one day."),
    )
    back_at = _time(gettext_lazy("Comes at"), help_text=gettext_lazy("Only when it is one day."))
    note = _note()


class LeaveForm(TokenForm):
    """A request for leave (S10)."""

    kind = forms.ChoiceField(
        label=gettext_lazy("For what?"),
        choices=LeaveKindChoice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose for what you ask it.")},
    )
    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(label=gettext_lazy("Last day"))
    why = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=ROOM_TO_TYPE,
        help_text=gettext_lazy("Only the management reads this."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 4, "maxlength": MAX_WHY}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning beside the field."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("first_day") and data.get("last_day") and data["last_day"] < data["first_day"]:
            self.add_error("last_day", _("The end is before the beginning. Check both."))
        return data


class DecisionForm(RoomForm):
    """Granting or declining."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=[("grant", gettext_lazy("Grant")), ("decline", gettext_lazy("Do not grant"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you decide.")},
    )
    decision = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=ROOM_TO_TYPE,
        help_text=gettext_lazy("Stands in the letter. Needed when the leave is not granted."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
    )


class ExportForm(RoomForm):
    """The days of a list for the pupil administration."""

    first = DayField(label=gettext_lazy("From"))
    last = DayField(label=gettext_lazy("Up to and including"))

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning, and more than a school year."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The end is before the beginning. Check both."))
        elif first and last and (last - first).days > 366:
            self.add_error("last", _("Take at most one year at a time."))
        return data
