"""The accounts that the sign-in page of a demo offers: one per role."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kring.core.models import Installation
from kring.people.models import Person


@dataclass(frozen=True, slots=True)
class Account:
    """A button on the sign-in page."""

    public_id: str
    name: str
    what: str
    email: str


# By e-mail address or by name, because keys differ from one database to the next.
WHO = [
    ("Marloes", "Heuvel", _("Parent of two children")),
    ("Carolien", "Wijk", _("Parent with children at two schools")),
    ("Nabil", "Haddou", _("Guardian with limited rights")),
    ("Hilde", "Groen", _("Class parent of group 6, four children")),
    ("Sanne", "Braak", _("Parent council")),
    ("Anouk", "Verbeek", _("Teacher of group 5")),
    ("Rachid", "Bouzid", _("Teacher of group 3, and a parent")),
    ("Kees", "Wolters", _("Substitute in group 6")),
    ("Dorien", "Maes", _("Care coordinator")),
    ("Wilma", "Kroon", _("Office")),
    ("Ineke", "Straten", _("Management")),
    ("Marja", "Veen", _("Administrator of the board")),
]


def is_demo() -> bool:
    """Say whether this database was made as a demo."""
    return Installation.objects.filter(is_demo=True).exists()


def demo_accounts() -> list[Account]:
    """Return the accounts in the order of WHO; none in a database that is not a demo. Two queries."""
    if not is_demo():
        return []
    names = [last for _first, last, _what in WHO]
    persons = Person.objects.filter(last_name__in=names, user__isnull=False).select_related("user").order_by("pk")
    found: dict[tuple[str, str], Person] = {}
    for person in persons:
        found.setdefault((person.first_name, person.last_name), person)
    return [
        Account(shown.public_id, shown.name, str(what), shown.user.email if shown.user else "")
        for first, last, what in WHO
        if (shown := found.get((first, last)))
    ]
