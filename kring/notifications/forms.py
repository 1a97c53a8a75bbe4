"""How somebody wants to be told, and the contact hours of one colleague, as forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kring.agreements.settings import Unreadable, Window, Windows
from kring.notifications.models import Preference, TopicChoice
from kring.notifications.rules import TOMORROW_HOUR, Digest, Mail, Topic
from kring.notifications.wording import DIGESTS, MAILS, TOPIC_TEXTS, TOPICS, hour_words

HOURS = range(16, 23)
AS_USUAL, NO_REMINDER = "school", "never"


class PreferencesForm(forms.Form):
    """Everything about how one login is told. `topics` are those that can reach her; `usual` is the school's digest."""

    digest = forms.ChoiceField(
        label=gettext_lazy("Overview by e-mail"),
        help_text=gettext_lazy(
            "What you have not read by then, in one mail. Without titles or names: a mailbox is read by others too."
        ),
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    tomorrow = forms.ChoiceField(
        label=gettext_lazy("The evening before"),
        help_text=gettext_lazy("One message about all your children, only when there is something tomorrow."),
    )

    def __init__(self, *args: Any, topics: Sequence[Topic], usual: Digest, is_guardian: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = topics
        as_usual = _("As the school does: %(digest)s") % {"digest": str(DIGESTS[usual]).lower()}
        self._choices("digest", [(AS_USUAL, as_usual), *((value.value, words) for value, words in DIGESTS.items())])
        hours = [(str(hour), _("At %(hour)s") % {"hour": hour_words(hour)}) for hour in HOURS]
        self._choices("tomorrow", [*hours, (NO_REMINDER, _("No reminder"))])
        if not is_guardian:
            del self.fields["tomorrow"], self.fields["quiet_from"], self.fields["quiet_until"]
        for topic in topics:
            self.fields[f"push_{topic}"] = forms.BooleanField(label=_("On my devices"), required=False)
            self.fields[f"mail_{topic}"] = forms.ChoiceField(
                label=_("By e-mail"), choices=[(mail.value, words) for mail, words in MAILS.items()]
            )
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "input"

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def rows(self) -> Iterator[tuple[Topic, Any, Any, Any, Any]]:
        """Yield topic, name, explanation, and its two fields."""
        for topic in self.topics:
            yield topic, TOPICS[topic], TOPIC_TEXTS[topic], self[f"push_{topic}"], self[f"mail_{topic}"]

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        wrong = "quiet_from" in self.errors or "quiet_until" in self.errors
        if not wrong and (begins is None) != (ends is None):
            missing = "quiet_from" if begins is None else "quiet_until"
            self.add_error(missing, _("Fill in both hours, or neither."))
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", _("These hours are the same: then no hour is quiet."))
        return cleaned

    @property
    def quiet(self) -> tuple[time, time] | None:
        """Return the quiet hours, or None."""
        begins, ends = self.cleaned_data.get("quiet_from"), self.cleaned_data.get("quiet_until")
        return (begins, ends) if begins is not None and ends is not None else None

    @property
    def tomorrow_hour(self) -> int | None:
        """Return the hour of the reminder, or None for no reminder."""
        chosen = self.cleaned_data.get("tomorrow", NO_REMINDER)
        return None if chosen == NO_REMINDER else int(chosen)

    @property
    def chosen_digest(self) -> str:
        """Return the digest that was chosen, or nothing for that of the school."""
        return "" if self.cleaned_data["digest"] == AS_USUAL else str(self.cleaned_data["digest"])

    @property
    def chosen(self) -> dict[Topic, tuple[bool, str]]:
        """Return (push, mail) for each topic."""
        data = self.cleaned_data
        return {topic: (data[f"push_{topic}"], data[f"mail_{topic}"]) for topic in self.topics}


def initial_of(preference: Preference | None, choices: dict[str, TopicChoice]) -> dict[str, Any]:
    """Return what the form shows for what was chosen, or for who chose nothing yet."""
    found: dict[str, Any] = {"digest": AS_USUAL, "tomorrow": str(TOMORROW_HOUR)}
    if preference is not None:
        found |= {"digest": preference.digest or AS_USUAL, "quiet_from": preference.quiet_from}
        found |= {"quiet_until": preference.quiet_until}
        found["tomorrow"] = str(preference.tomorrow_hour) if preference.tomorrow else NO_REMINDER
    for topic in Topic:
        choice = choices.get(topic)
        found[f"push_{topic}"] = choice.push if choice else True
        found[f"mail_{topic}"] = choice.mail if choice else Mail.AUTO.value
    return found


class OwnHoursForm(forms.Form):
    """Contact windows of one colleague: a line for each weekday, as "8.00-12.00, 13.00-17.00". Empty: not that day."""

    def __init__(self, *args: Any, windows: Sequence[Window] = (), **kwargs: Any) -> None:
        typed = {
            f"day_{day}": ", ".join(f"{w.starts:%H:%M}-{w.ends:%H:%M}" for w in windows if w.weekday == day)
            for day in range(1, 8)
        }
        kwargs["initial"] = typed
        super().__init__(*args, **kwargs)
        for day in range(1, 8):
            self.fields[f"day_{day}"] = forms.CharField(
                label=str(WEEKDAYS[day - 1]).capitalize(),
                required=False,
                max_length=80,
                widget=forms.TextInput(attrs={"placeholder": "08:00-12:00, 13:00-17:00", "class": "input"}),
            )

    def clean(self) -> dict[str, Any]:
        """Read the hours of each day; say beside the day what cannot be read."""
        cleaned = super().clean() or {}
        found: list[Window] = []
        for day in range(1, 8):
            typed = str(cleaned.get(f"day_{day}", ""))
            try:
                found += Windows().read([[day, *_hours(part)] for part in re.split(r"[,;]", typed) if part.strip()])
            except (Unreadable, ValueError):
                self.add_error(
                    f"day_{day}", _("Write hours as 08:00-12:00, with a comma between two; they may not overlap.")
                )
        self.windows = tuple(found)
        return cleaned


def _hours(part: str) -> tuple[str, str]:
    begins, ends = re.split(r"\s*[-\u2013]\s*", part.strip())
    return begins, ends
