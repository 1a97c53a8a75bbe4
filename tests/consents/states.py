"""States of the consent pages that no link leads to, or only where the agreement lets the office read (P4)."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from kring.agreements.actions import publish_draft, save_draft
from kring.agreements.current import version_in_force
from kring.people.models import Child, Guardianship, Person
from kring.people.viewers import viewer_for
from kring.school.models import School
from tests.browsing import Browsing
from tests.health import Inspector

SAVE = "form#consent .button--primary"


def let_the_office_read(school: School) -> None:
    """Publish the school's agreement once more, with office and management as readers."""
    now = timezone.now()
    head = viewer_for(Person.objects.get(school=school, first_name="Ineke").user, now=now)
    version = version_in_force(school, at=now)
    assert version
    readers = {"consent_readers.office": True, "consent_readers.management": True}
    save_draft(by=head, school=school, values=version.values | readers, confirmed=version.confirmed)
    publish_draft(by=head, school=school, in_force_from=school.today(now))


def consents(look: Inspector, browsing: Browsing) -> None:
    """The office reads why, enters a paper with and without a fault, and looks through the filters of a group."""
    with browsing.turn():
        school = School.objects.get(name="De Linde")
        let_the_office_read(school)
        children = Child.objects.filter(school=school).in_bulk()
        tie = Guardianship.objects.filter(child__in=children, authority="yes", person__first_name="Olga")[0]
        group = tie.child.enrolments.order_by("-starts_on")[0].group
        joep = Child.objects.get(school=school, first_name="Joep", last_name="Heuvel")
    place = [school.public_id]
    look.open(reverse("consents:school", args=place), "consents, for the office")
    lists = reverse("consents:group", args=[*place, group.public_id])
    for show in ("all", "no", "open", "changed"):
        look.open(f"{lists}?show={show}", f"consents of a group, {show}")
    look.send(look.page.locator("form[action$='/remind/'] button"), "consents of a group, reminded")
    look.open(reverse("consents:reasons", args=[*place, joep.public_id]), "who chose what, differently")
    look.open(reverse("consents:reasons", args=[*place, tie.child.public_id]), "who chose what, nobody yet")
    look.send(look.page.locator("main a[href*='/paper/']").first, "a paper")
    look.send(look.page.locator(SAVE), "a paper, nothing chosen", status=422)
    look.page.locator("input[name=website][value=no]").check(force=True)
    look.send(look.page.locator(SAVE), "who chose what, on paper")
    with browsing.turn():
        empty = school.groups.exclude(pk=group.pk).order_by("pk")[0]  # last year's: nobody sits in it any more
    look.open(reverse("consents:group", args=[*place, empty.public_id]), "consents of an empty group")
