"""Before anything changes: read an upload, keep the allow-listed part of it for an hour, or throw it away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.imports.current import known_keys
from kring.imports.grades import default_levels
from kring.imports.models import KEPT_FOR, Import, State
from kring.imports.oneroster.reader import Reading, read
from kring.imports.permissions import can_import
from kring.imports.roster import to_json
from kring.school.models import School

Upload = tuple[str, bytes]  # file name, content


@transaction.atomic
def preview_import(*, by: Viewer, school: School, uploads: Iterable[Upload], wanted: str = "") -> Import:
    """Read `uploads` (a zip or its files, in memory) and return the import that waits to be checked.

    Nothing about people changes. What was read is kept in the row for an hour; an earlier upload that still waited is
    thrown away. `wanted` is the key of the school in the file, if somebody chose one of several.
    """
    require(can_import(by, school))
    reading = read(
        uploads, school_name=school.name, today=school.today(by.now), known=known_keys(school), wanted=wanted
    )
    _wipe(Import.objects.filter(school=school).waiting(), State.CANCELLED)
    made = Import.objects.create(
        school=school,
        state=_state_of(reading),
        by_id=by.person_at(school.pk),
        read_at=by.now,
        expires_at=by.now + KEPT_FOR,
        version=reading.version,
        files=reading.files,
        schools=reading.schools,
        others=reading.others,
        grades=_levels(school, reading),
        roster=to_json(reading.roster) if reading.roster and not reading.faults.stops else None,
        faults=reading.faults.as_json(),
    )
    audit.record(by=by, what="imports.previewed", about=made, files=len(reading.files), faults=len(reading.faults))
    return made


def _state_of(reading: Reading) -> State:
    if reading.must_choose and not reading.faults.stops:
        return State.CHOOSE
    return State.READY if reading.roster and not reading.faults.stops else State.FAULTY


def _levels(school: School, reading: Reading) -> dict[str, int | None]:
    """Return a year level for each code in the file: what the school confirmed last time, else a sensible default."""
    if reading.roster is None:
        return {}
    last = Import.objects.applied_with_grades(school).first()
    confirmed = last.grades if last else {}
    return {code: confirmed.get(code) or level for code, level in default_levels(reading.roster.grades).items()}


@transaction.atomic
def set_levels(*, by: Viewer, waiting: Import, levels: Mapping[str, int | None]) -> Import:
    """Say which year level (1 to 8, or None: not known) each code of the file means."""
    require(can_import(by, waiting.school))
    if waiting.state != State.READY or waiting.expires_at <= by.now:
        raise Refused(_("This import is no longer waiting. Choose the file again."))
    if any(level is not None and not 1 <= level <= 8 for level in levels.values()):
        raise Refused(_("Choose groups from 1 to 8."))
    waiting.grades = {code: levels.get(code, waiting.grades[code]) for code in waiting.grades}
    waiting.save(update_fields=["grades"])
    audit.record(by=by, what="imports.levels_set", about=waiting)
    return waiting


@transaction.atomic
def cancel_import(*, by: Viewer, waiting: Import) -> None:
    """Put an import aside: what was read is thrown away, nothing changes. One that is not waiting stays as it is."""
    require(can_import(by, waiting.school))
    if _wipe(Import.objects.filter(pk=waiting.pk).waiting(), State.CANCELLED):
        audit.record(by=by, what="imports.cancelled", about=waiting)


@transaction.atomic
def expire_imports(*, now: datetime) -> int:
    """Throw away what was read more than an hour ago and never applied; return how many. Runs by the clock."""
    return _wipe(Import.objects.past_their_hour(now), State.EXPIRED)


def _wipe(rows: object, state: State) -> int:
    """Empty what holds personal data."""
    return rows.update(state=state, roster=None, faults=None)  # type: ignore[attr-defined]
