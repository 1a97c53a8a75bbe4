"""School years."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.school.models import School, SchoolYear
from kring.school.permissions import can_set_up_school
from kring.school.rules import school_year_of


@transaction.atomic
def make_school_year(*, by: Viewer, school: School, day: date) -> SchoolYear:
    """Make the school year in which `day` lies (1 August to 31 July) and return it. Refuses one that exists."""
    require(can_set_up_school(by, school))
    starts_on, ends_on = school_year_of(day)
    name = f"{starts_on.year}-{ends_on.year}"
    try:
        with transaction.atomic():
            year = SchoolYear.objects.create(school=school, name=name, starts_on=starts_on, ends_on=ends_on)
    except IntegrityError as error:
        raise Refused(_("School year %(name)s is already here.") % {"name": name}) from error
    audit.record(by=by, what="school.year_made", about=year, first=starts_on.year)
    return year
