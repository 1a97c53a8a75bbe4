"""An empty installation becomes a school: board, school, school year, layers, and the first invitation."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from kring.accounts.actions.start import Starter, start_school
from kring.core.access import Refused
from kring.core.viewer import nobody
from kring.school.models import Region

INFIXES = {"van", "de", "den", "der", "ten", "ter", "te", "op", "in", "'t", "el", "al", "la", "le", "von", "zu"}
QUESTIONS = {
    "board": "Name of the board (bestuur)",
    "school": "Name of the school",
    "city": "Town",
    "region": "Region of the school holidays (noord, midden or zuid)",
    "admin_name": "Name of the first administrator (management)",
    "admin_email": "E-mail address of the first administrator",
}


def starter(name: str, email: str) -> Starter:
    """Return the person for "Anna van den Berg"; raises CommandError when the name or the address cannot be right."""
    words = name.split()
    if len(words) < 2:
        raise CommandError(f"{name!r} is not a whole name: give a first and a last name, such as 'Anna de Vries'.")
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email!r} is not an e-mail address.") from None
    end = 1
    while end < len(words) - 1 and words[end].lower() in INFIXES:
        end += 1
    return Starter(words[0], " ".join(words[1:end]), " ".join(words[end:]), email)


class Command(BaseCommand):
    """Ask what is not given as an option, make the school, and print the links of the invitations."""

    help = "Start a school in an empty installation: board, school, school year and the first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the options; what is missing is asked."""
        for name, question in QUESTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", default="", help=question)
        parser.add_argument(
            "--board-admin", default="", help="A board's administrator as well: 'Name Of Person <address@example.org>'"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the school."""
        found = {name: str(options[name]).strip() or self.ask(question) for name, question in QUESTIONS.items()}
        region = found["region"].lower()
        if region not in Region.values:
            raise CommandError(f"{found['region']!r} is not a region: take noord, midden or zuid.")
        for name, longest in (("board", 120), ("school", 120), ("city", 80)):
            if not found[name] or len(found[name]) > longest:
                raise CommandError(f"{QUESTIONS[name]}: give 1 to {longest} characters.")
        board_admin = None
        if options["board_admin"]:
            name, _sign, address = str(options["board_admin"]).partition("<")
            board_admin = starter(name.strip(), address.strip(" >"))
        try:
            invites = start_school(
                by=nobody(timezone.now()),
                board=found["board"],
                school=found["school"],
                city=found["city"],
                region=region,
                admin=starter(found["admin_name"], found["admin_email"]),
                board_admin=board_admin,
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(f"{found['school']} is ready. Open each link within 14 days; each works once.\n")
        for invite in invites:
            self.stdout.write(f"  {invite.person.name} <{invite.email}>: {invite.link}\n")

    def ask(self, question: str) -> str:
        """Ask on the terminal; without a terminal say which option is missing."""
        try:
            answer = input(f"{question}: ").strip()
        except EOFError:
            answer = ""
        if not answer:
            raise CommandError(f"{question}: this is needed. See manage.py start_school --help.")
        return answer
