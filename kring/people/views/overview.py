"""Where the office starts: how many there are, and who needs a look."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from kring.core.htmx import page
from kring.core.http import Request
from kring.people.models import Child, Person
from kring.people.permissions import can_read_log
from kring.school.models import School
from kring.school.views.settings import managed_school

PAGE_SIZE = 50
SHOWN_AT_ONCE = 8


def paged(request: Request, rows: QuerySet[Any]) -> tuple[Page[Any], str]:
    """Return the page that `?page=` asks for (the nearest one there is), and the rest of the query string."""
    pages = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    kept = {key: value for key, value in request.GET.dict().items() if key != "page" and value}
    return pages, urlencode(kept)


def frame(request: Request, school: School, place: str, **context: Any) -> dict[str, Any]:
    """Return what every management page shows around its own part."""
    viewer = request.viewer
    return {"school": school, "place": place, "may_read_log": can_read_log(viewer, school), **context}


@require_GET
def manage(request: Request, school_id: str) -> HttpResponse:
    """Counts, and the children and adults who need a look."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    today = school.today(viewer.now)
    children = Child.objects.kept_by(viewer, school)
    persons = Person.objects.kept_by(viewer, school)
    sitting = children.sitting_on(today)
    homeless, alone = children.without_group(today), sitting.without_guardian(today)
    counts = {
        "children": sitting.count(),
        "groups": school.groups.in_year(today).count(),
        "guardians": persons.guardians_on(today).count(),
        "team": persons.team_on(today).count(),
        "not_joined": persons.guardians_who_read_on(today).not_joined().count(),
        "without_group": homeless.count(),
        "without_guardian": alone.count(),
    }
    context = frame(
        request,
        school,
        "overview",
        counts=counts,
        without_group=homeless[:SHOWN_AT_ONCE],
        without_guardian=alone[:SHOWN_AT_ONCE],
    )
    return page(request, "people/overview.html", context)
