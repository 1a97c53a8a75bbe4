"""Choosing files, choosing the school in them, and saying what the year codes mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_FILES = 15
MAX_BYTES = 30 * 1024 * 1024


class FilesInput(forms.ClearableFileInput):
    """A field in which several files can be chosen at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One zip, or its files; cleaned to a list of (name, bytes). The uploads are closed, and so gone from disk."""

    widget = FilesInput(attrs={"accept": ".zip,.csv,application/zip,text/csv"})

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        """Read everything into memory and close it."""
        uploads: list[UploadedFile] = data if isinstance(data, list) else [data] if data else []
        try:
            if not uploads:
                raise forms.ValidationError(_("Choose a zip, or the csv files."))
            if len(uploads) > MAX_FILES:
                raise forms.ValidationError(_("Choose 15 files at most."))
            if sum(upload.size or 0 for upload in uploads) > MAX_BYTES:
                raise forms.ValidationError(_("This is larger than 30 MB; a roster is smaller. Is it the right file?"))
            return [(upload.name or "", upload.read()) for upload in uploads]
        finally:
            for upload in uploads:
                upload.close()


class UploadForm(forms.Form):
    """The files, and (when the file has several) the school."""

    # Django takes declared fields off the class, so the form's own `files` (the uploads) stays what it is.
    files = FilesField(  # type: ignore[assignment]
        label=gettext_lazy("Roster"),
        help_text=gettext_lazy("The zip with OneRoster CSV from your pupil administration, or its csv files together."),
    )
    wanted = forms.ChoiceField(label=gettext_lazy("School in the file"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, schools: list[list[str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["wanted"]
        if schools:
            field.choices = [(key, name) for key, name in schools]  # type: ignore[attr-defined]
            field.required = True
        else:
            del self.fields["wanted"]


class LevelsForm(forms.Form):
    """For each code in the file: which Dutch group it means."""

    def __init__(self, *args: Any, grades: dict[str, int | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = list(grades)
        choices = [("", _("not known")), *((str(n), _("group %(number)d") % {"number": n}) for n in range(1, 9))]
        for number, code in enumerate(self.codes):
            self.fields[f"level_{number}"] = forms.ChoiceField(
                label=code, choices=choices, required=False, initial=str(grades[code] or "")
            )

    @property
    def levels(self) -> dict[str, int | None]:
        """Return code -> year level, after validation."""
        values = [self.cleaned_data[f"level_{number}"] for number in range(len(self.codes))]
        return {code: int(value) if value else None for code, value in zip(self.codes, values, strict=True)}
