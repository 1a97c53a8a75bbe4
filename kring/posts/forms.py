"""What the composer takes in: its fields, the dated rows of each kind, and the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.forms import formset_factory
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kring.core.forms import date_field, time_field
from kring.core.public_id import make_public_id
from kring.people.models import Child, Person
from kring.posts import rules
from kring.posts.actions import Content, ItemInput
from kring.posts.models import Post, PostItem
from kring.posts.rules import Kind, State
from kring.school.models import School

ROW_FIELDS: dict[str, tuple[str, ...]] = {
    Kind.HOMEWORK: ("from_date", "child", "text"),
    Kind.GOALS: ("from_date", "until_date", "text"),
    Kind.OUTING: ("from_date", "until_date", "starts", "ends", "place", "text"),
    Kind.BRING: ("text",),
    Kind.STAFF: ("from_date", "until_date", "absent", "substitute"),
}
ROWS_AT_FIRST: dict[str, int] = {Kind.HOMEWORK: 3, Kind.GOALS: 2, Kind.OUTING: 1, Kind.BRING: 3, Kind.STAFF: 1}
ONE_DAY = {Kind.BRING, Kind.ANNOUNCEMENT, Kind.KWINK}
YEARS = timedelta(days=800)


class RowForm(forms.Form):
    """One dated row. Which fields it has depends on the kind; an empty row is left out."""

    from_date = date_field(gettext_lazy("Day"), required=False)
    until_date = date_field(gettext_lazy("Until"), required=False)
    starts = time_field(gettext_lazy("From"))
    ends = time_field(gettext_lazy("Back at"))
    child = forms.ModelChoiceField(
        Child.objects.none(), label=gettext_lazy("Child"), required=False, to_field_name="public_id"
    )
    absent = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Who is away?"), required=False, to_field_name="public_id"
    )
    substitute = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Who takes the group?"), required=False, to_field_name="public_id"
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=120, required=False)
    text = forms.CharField(label=gettext_lazy("What"), max_length=200, required=False)

    def __init__(
        self, *args: Any, kind: str, children: Any, staff: Any, is_for_infants: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in [name for name in self.fields if name not in ROW_FIELDS.get(kind, ())]:
            del self.fields[name]
        for name, field in self.fields.items():
            if name in ("child", "absent", "substitute"):
                field.queryset = children if name == "child" else staff  # type: ignore[attr-defined]
                field.empty_label = _("Nobody in particular") if name == "child" else _("Choose")  # type: ignore[attr-defined]
                if name != "child":
                    field.label_from_instance = lambda person: person.display_name  # type: ignore[attr-defined]
            field.widget.attrs.setdefault("class", "input")
        words: dict[str, str] = {
            Kind.HOMEWORK: _("What"),
            Kind.GOALS: _("Compulsory task or new theme") if is_for_infants else _("Goal"),
            Kind.BRING: _("Thing"),
            Kind.OUTING: _("Good to know"),
        }
        if "text" in self.fields and kind in words:
            self.fields["text"].label = words[kind]
        if kind == Kind.OUTING:
            self.fields["until_date"].label = _("Until, when it takes several days")

    def clean(self) -> dict[str, Any]:
        """Check that a filled-in row is whole and in order."""
        data = super().clean() or {}
        if not self.is_filled:
            return data
        if "from_date" in self.fields and not data.get("from_date") and "from_date" not in self.errors:
            self.add_error("from_date", _("Choose a day."))
        first, last = data.get("from_date"), data.get("until_date")
        if first and last and last < first:
            self.add_error("until_date", _("This day lies before the first day."))
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts and (not last or last == first):
            self.add_error("ends", _("Back comes after leaving."))
        if self.kind == Kind.STAFF and not data.get("absent") and "absent" not in self.errors:
            self.add_error("absent", _("Choose who is away."))
        if self.kind in (Kind.HOMEWORK, Kind.GOALS) and not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("Say what it is."))
        return data

    @property
    def is_filled(self) -> bool:
        """Say whether anything was typed in this row."""
        return any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.fields)


RowFormSet = formset_factory(RowForm, extra=0, max_num=rules.MAX_ITEMS, absolute_max=rules.MAX_ITEMS + 10)


class PostForm(forms.Form):
    """The composer. Nothing is required while it is a draft; `missing()` says what publishing still needs."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, required=False)
    source = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("*bold*, _slanted_, and a line that starts with - is a list."),
    )
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("For whom?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    day = date_field(gettext_lazy("For which day?"), required=False)
    emphasis = forms.BooleanField(label=gettext_lazy("Tell families with emphasis"), required=False)
    is_newsletter = forms.BooleanField(label=gettext_lazy("This is the newsletter"), required=False)
    is_pupils_work = forms.BooleanField(label=gettext_lazy("The photos show pupils' work"), required=False)
    photos_checked = forms.BooleanField(label=gettext_lazy("Checked with the school's list"), required=False)
    when = forms.ChoiceField(
        label=gettext_lazy("When?"), required=False, choices=[(w, w) for w in ("now", "window", "own")]
    )
    at = forms.DateTimeField(
        label=gettext_lazy("Moment"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "input"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, post: Post, audiences: Sequence[tuple[str, str]], today: date
    ) -> None:
        super().__init__(data)
        self.post, self.today = post, today
        self.fields["audience"].choices = list(audiences)  # type: ignore[attr-defined]
        for name in ("title", "source"):
            self.fields[name].widget.attrs["class"] = "input"
        if post.kind in (Kind.BRING, Kind.OUTING):
            self.fields["title"].label = _("What is it?")
        if post.kind == Kind.KWINK:
            self.fields["day"].label = _("In which week?")
            self.fields["day"].help_text = _("Choose any day of that week.")

    def clean_day(self) -> date | None:
        """Refuse a day that nobody can mean."""
        day: date | None = self.cleaned_data.get("day")
        if day and abs(day - self.today) > YEARS:
            raise forms.ValidationError(_("Choose a day in this or the next school year."))
        return day


def initial_data(post: Post, audience: Sequence[str], kind_rows: int) -> dict[str, Any]:
    """Return the saved draft as the form would send it, so that half-filled rows come back as they were typed.

    Of a message that was published, or was made without the form, the dated items count.
    """
    typed = post.typed if post.state == State.DRAFT and post.typed else typed_from_items(post)
    rows: list[dict[str, str]] = list(typed.get("rows", []))
    while post.kind in ROW_FIELDS and len(rows) < kind_rows:
        rows.append({})
    data: dict[str, Any] = {
        "title": post.title,
        "source": post.source,
        "audience": list(audience),
        "day": typed.get("day", ""),
        "when": typed.get("when", ""),
        "at": typed.get("at", ""),
        "rows-TOTAL_FORMS": str(len(rows)),
        "rows-INITIAL_FORMS": "0",
    }
    for name in ("emphasis", "is_newsletter", "is_pupils_work", "photos_checked"):
        if getattr(post, name):
            data[name] = "on"
    for number, row in enumerate(rows):
        data |= {f"rows-{number}-{name}": value for name, value in row.items()}
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


def typed_from_items(post: Post) -> dict[str, Any]:
    """Return the dated items of a post as somebody would have typed them. One query."""
    items = list(post.items.select_related("child", "absent", "substitute").order_by("position", "pk"))

    def text_of(item: PostItem, name: str) -> str:
        value = getattr(item, name)
        if name == "until_date" and value == item.from_date:
            return ""  # one day
        if name in {"starts", "ends"}:
            return value.strftime("%H:%M") if value else ""
        if name in {"child", "absent", "substitute"}:
            return value.public_id if value else ""
        return value.isoformat() if isinstance(value, date) else str(value or "")

    names = ROW_FIELDS.get(post.kind, ())
    rows = [{name: text_of(item, name) for name in names} for item in items] if names else []
    if post.kind == Kind.BRING:
        rows = [row for row in rows if row["text"]]
    return {"rows": rows, "day": items[0].from_date.isoformat() if items and post.kind in ONE_DAY else ""}


def typed_of(sent: QueryDict, kind: str) -> dict[str, Any]:
    """Return the rows as they were typed, for keeping; empty rows at the end fall off."""
    try:
        total = min(int(sent.get("rows-TOTAL_FORMS", "0")), rules.MAX_ITEMS)
    except ValueError:
        total = 0
    rows = [
        {name: sent.get(f"rows-{number}-{name}", "")[:200] for name in ROW_FIELDS.get(kind, ())}
        for number in range(total)
    ]
    while rows and not any(value.strip() for value in rows[-1].values()):
        rows.pop()
    keep = {name: sent.get(name, "")[:30] for name in ("day", "when", "at")}
    return {"rows": rows, **keep}


class Composed:
    """The whole composer: the form and its rows, read together."""

    def __init__(
        self,
        data: Any,
        *,
        post: Post,
        school: School,
        audiences: Any,
        children: Any,
        staff: Any,
        today: date,
        is_for_infants: bool = False,
    ):
        self.data, self.post, self.school = data, post, school
        self.form = PostForm(data, post=post, audiences=audiences, today=today)
        options = {"kind": post.kind, "children": children, "staff": staff, "is_for_infants": is_for_infants}
        self.rows = RowFormSet(data, prefix="rows", form_kwargs=options) if post.kind in ROW_FIELDS else None
        self.is_valid = self.form.is_valid() and (self.rows is None or self.rows.is_valid())

    @property
    def content(self) -> Content:
        """Return what was typed, valid or not."""
        raw = self.data
        day = self.form.cleaned_data.get("day")
        week = rules.monday_of(day) if day and self.post.kind == Kind.KWINK else None
        return Content(
            title=raw.get("title", "").strip()[:120],
            source=raw.get("source", "")[:10_000],
            typed=typed_of(raw, self.post.kind),
            week=week,
            emphasis="emphasis" in raw,
            is_newsletter="is_newsletter" in raw,
            is_pupils_work="is_pupils_work" in raw,
            photos_checked="photos_checked" in raw,
        )

    @property
    def items(self) -> list[ItemInput]:
        """Return the rows that are whole, as dated items."""
        kind, day = self.post.kind, self.form.cleaned_data.get("day")
        if kind == Kind.KWINK:
            monday = rules.monday_of(day) if day else None
            title = self.form.cleaned_data.get("title", "")
            return [ItemInput(monday, monday + timedelta(days=4), text=title)] if monday else []
        if kind == Kind.ANNOUNCEMENT:
            return [ItemInput(day, day, text=self.form.cleaned_data.get("title", ""))] if day else []
        found = []
        for row in self.rows or []:
            data = getattr(row, "cleaned_data", {})
            first = day if kind == Kind.BRING else data.get("from_date")
            if not first or not row.is_filled:
                continue
            last = data.get("until_date") or first
            if last < first:
                continue
            item = ItemInput(
                first,
                last,
                starts=data.get("starts"),
                ends=data.get("ends"),
                child=data.get("child"),
                absent=data.get("absent"),
                substitute=data.get("substitute"),
                text=data.get("text", ""),
                place=data.get("place", ""),
            )
            found.append(item)
        if kind == Kind.BRING and day and not found:
            found.append(ItemInput(day, day, text=""))
        return found

    @property
    def spans(self) -> list[rules.Span]:
        """Return the days of the items."""
        return [rules.Span(item.from_date, item.until_date) for item in self.items]

    def moment(self, *, now: datetime, window: datetime | None) -> datetime | None:
        """Return the chosen moment (aware), or None for now. Adds an error when it is unclear or past."""
        when = self.form.cleaned_data.get("when") or ("window" if window else "now")
        if when == "window":
            return window
        if when != "own":
            return None
        local: datetime | None = self.form.cleaned_data.get("at")
        if local is None:
            if "at" not in self.form.errors:
                self.form.add_error("at", _("Choose a day and an hour."))
            return None
        at = local.replace(tzinfo=self.school.zone)
        if at <= now:
            self.form.add_error("at", _("This moment has passed. Choose a later one, or place it now."))
        elif at - now > YEARS:
            self.form.add_error("at", _("Choose a day in this or the next school year."))
        return at


class WithdrawForm(forms.Form):
    """Why a post is taken away."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=200,
        help_text=gettext_lazy("One sentence. Who could read the message sees this."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )


class CalamityForm(forms.Form):
    """What everybody must know at once, and why it cannot wait (S8)."""

    title = forms.CharField(
        label=gettext_lazy("What happened?"),
        max_length=120,
        help_text=gettext_lazy("In one line: The school is closed today."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What must people do?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "input"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why can it not wait?"),
        max_length=200,
        help_text=gettext_lazy("For the management's log; families do not see it."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    token = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput, initial=make_public_id)


class CommentForm(forms.Form):
    """A short sentence under a post."""

    text = forms.CharField(
        label=gettext_lazy("Your comment"), max_length=400, widget=forms.Textarea(attrs={"rows": 2, "class": "input"})
    )


class SeriesForm(forms.Form):
    """A year of Kwink: from which week, and one line for each week."""

    first = date_field(gettext_lazy("From which week?"), help_text=gettext_lazy("Choose any day of that week."))
    lines = forms.CharField(
        label=gettext_lazy("One line for each week"),
        max_length=40_000,
        help_text=gettext_lazy("Title, and after a | more text if you like. Weeks without school are skipped."),
        widget=forms.Textarea(attrs={"rows": 12, "class": "input"}),
    )
