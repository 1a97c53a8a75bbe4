"""What is typed while a school year is prepared: several events at once, the days of copies, and a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kring.agenda.actions.year import Planned
from kring.agenda.incoming.rows import MAX_BYTES
from kring.agenda.models import CategoryChoice
from kring.agenda.planning import Offered, default_target
from kring.agenda.rules import MAX_TITLE, Category, Span, span_fault
from kring.agenda.wording import fault_sentence
from kring.agenda.year_wording import REASONS
from kring.school.forms import DayField, RoomForm, TimeInput
from kring.school.models import Group, Layer, School, SchoolYear

ROWS = 8
MOST_ROWS = 60


def whom_choices(school: School, year: SchoolYear) -> list[tuple[str, str]]:
    """Return for whom an event of that year can be, as value and words."""
    found = [("school", _("The whole school"))]
    found += [(f"layer:{layer.public_id}", layer.name) for layer in Layer.objects.filter(school=school)]
    return found + [(f"group:{group.public_id}", group.name) for group in Group.objects.in_school_year(year)]


class RowForm(RoomForm):
    """One event in a few fields. A row without a name is not there."""

    title = forms.CharField(label=gettext_lazy("What"), max_length=MAX_TITLE, required=False)
    first = DayField(label=gettext_lazy("Day"), required=False)
    last = DayField(label=gettext_lazy("Until"), required=False)
    starts = forms.TimeField(label=gettext_lazy("Begins at"), required=False, widget=TimeInput)
    ends = forms.TimeField(label=gettext_lazy("Ends at"), required=False, widget=TimeInput)
    whom = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)
    category = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=CategoryChoice.choices, required=False, initial=Category.ACTIVITY.value
    )

    def __init__(
        self, *args: Any, school: School, year: SchoolYear, whom: Sequence[tuple[str, str]], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.school, self.year = school, year
        self.fields["whom"].choices = list(whom)  # type: ignore[attr-defined]

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was typed in it but the choices that stand there already."""
        data = self.cleaned_data
        return not any(data.get(name) for name in ("title", "first", "last", "starts", "ends"))

    def clean(self) -> dict[str, Any]:
        """Refuse, beside the field, what the plan would refuse as a whole."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or self.is_empty:
            return data
        if not data["title"]:
            self.add_error("title", _("What is it called?"))
        if not data["first"]:
            self.add_error("first", _("On which day?"))
            return data
        span = Span(data["first"], data["last"] or data["first"], data["starts"], data["ends"])
        fault = span_fault(span, year=(self.year.starts_on, self.year.ends_on))
        if fault:
            field = {"order": "last", "too_long": "last", "hours": "ends", "end_without_start": "starts"}
            self.add_error(field.get(fault, "first"), fault_sentence(fault))
        return data

    def planned(self) -> Planned:
        """Return the event, after validation."""
        data = self.cleaned_data
        return Planned(
            title=data["title"], first=data["first"], last=data["last"] or data["first"], starts=data["starts"],
            ends=data["ends"], category=data["category"] or Category.ACTIVITY.value,
            target=default_target(data["whom"] or "school", self.school.pk),
        )  # fmt: skip


class Rows(forms.BaseFormSet):
    """Several events at once; at least one must be filled in."""

    def clean(self) -> None:
        """Refuse a page on which nothing was filled in."""
        if not any(self.errors) and not self.filled:
            raise forms.ValidationError(_("Fill in at least one row."))

    @property
    def filled(self) -> list[RowForm]:
        """Return the rows that were filled in, after validation."""
        return [form for form in self.forms if hasattr(form, "cleaned_data") and not form.is_empty]


RowsForm = forms.formset_factory(
    RowForm, formset=Rows, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)


class CopyForm(forms.Form):
    """Which events of last year come along, and on which day."""

    def __init__(self, data: Any = None, *, offers: Sequence[Offered], year: SchoolYear) -> None:
        super().__init__(data, label_suffix="")
        self.offers, self.year = [one for one in offers if one.target is not None], year
        for one in self.offers:
            take, day = self._names(one)
            self.fields[take] = forms.BooleanField(label=one.event.title, required=False, initial=one.can_be_copied)
            self.fields[day] = DayField(label=_("Day"), required=False, initial=one.new.first)
            self.fields[day].widget.attrs["class"] = "input"

    @staticmethod
    def _names(one: Offered) -> tuple[str, str]:
        return f"take_{one.event.public_id}", f"day_{one.event.public_id}"

    def lines(self) -> list[tuple[Offered, forms.BoundField, forms.BoundField, str]]:
        """Return each offer with its two fields and why that day, for the page."""
        found = []
        for one in self.offers:
            take, day = self._names(one)
            found.append((one, self[take], self[day], str(REASONS[one.new.why])))
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse days outside the year, beside the event; and a page on which nothing was ticked."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        taken = False
        for one in self.offers:
            take, day = self._names(one)
            if not data.get(take):
                continue
            taken = True
            if day in self.errors:
                continue
            if data.get(day) is None:
                self.add_error(day, _("On which day?"))
            elif not self.year.starts_on <= data[day] <= self.year.ends_on:
                self.add_error(day, _("That day lies outside the school year."))
        if not taken:
            raise forms.ValidationError(_("Tick at least one event."))
        return data

    def planned(self) -> list[Planned]:
        """Return the copies, after validation: as long as they were."""
        found = []
        for one in self.offers:
            take, day = self._names(one)
            if not self.cleaned_data.get(take) or one.target is None:
                continue
            event, first = one.event, self.cleaned_data[day]
            last = one.new.last if one.new.last is not None and first == one.new.first else None
            last = last or min(first + (event.ends_on - event.starts_on), self.year.ends_on)
            found.append(Planned.copy_of(event, first=first, last=last, target=one.target))
        return found


class FileForm(RoomForm):
    """A calendar from elsewhere, and for whom its events are that name nobody."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("An iCalendar file (.ics), or a spreadsheet as .xlsx or .csv."),
        widget=forms.FileInput(
            attrs={
                "accept": ".ics,.csv,.xlsx,text/calendar,text/csv,"
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        ),
    )
    whom = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        help_text=gettext_lazy("For what does not say itself for which group it is."),
    )

    def __init__(self, *args: Any, whom: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whom"].choices = list(whom)  # type: ignore[attr-defined]

    def clean_file(self) -> tuple[str, bytes]:
        """Return name and bytes; the upload is closed, and so gone from disk."""
        upload: UploadedFile = self.cleaned_data["file"]
        try:
            if (upload.size or 0) > MAX_BYTES:
                raise forms.ValidationError(_("This is larger than 2 MB; a calendar is smaller. Is it the right file?"))
            return upload.name or "", upload.read()
        finally:
            upload.close()
