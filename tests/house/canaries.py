"""Words that occur nowhere else, in every field that is not for everybody, and exactly who meets each of them.

The access test collects every answer each role can get; a word that a role meets must have the role in `WHO`, and the
other way round: so each "may not see" stands beside somebody who does see it.
"""

from __future__ import annotations

from datetime import date

from kring.conversations.models import Conversation, Message
from kring.help_requests.models import HelpRequest, IntakeAddress, Reply
from kring.imports.models import Import
from kring.people.models import Child, Guardianship, Person
from kring.photos.models import Photo
from kring.posts.models import Post, PostDocument
from tests.house.access_table import Roles, who
from tests.house.scene import Scene

_office = who("office", "management")
_team = _office | {"teacher", "duo"}
_families = who("guardian", "shielded_guardian", "class_parent")

WHO: dict[str, Roles] = {
    "Zwgrond": _office,  # why a guardian sees less
    "zwmail-guardian": _office | {"guardian"},  # contact data: of oneself, else the office
    "zwmail-limited": _office | {"limited"},
    "zwmail-teacher": _office | {"teacher"},
    "06-11110001": _office | {"guardian"},
    "06-11110002": _office | {"limited"},
    "06-11110003": _office | {"teacher"},
    # Separated: the one guardian never meets the other's name; the team writes to both, a parent knows who wrote her.
    "Zwnaamlimited": _team | {"limited"},
    "Zwnaamguardian": _team | {"guardian", "class_parent", "shielded_guardian"},  # parents of one group
    "Zwgesprek": who("guardian", "teacher", "duo"),  # what was said: not office, not management
    "Zwonderling": who("guardian", "class_parent"),
    "Zwnieuweouder": _office,  # who was invited, and by which address
    "zwnieuw@example.org": _office,
    "1987-03-04": _office,  # when a child was born
    "Zwrosterkind": _office,  # what an upload holds
    "Zwconcept": who("teacher"),
    "Zwconceptbrief": who("teacher"),
    "Zwgepland": _team,
    "Zwzojuist": _team,
    "Zwingetrokken": _team,
    "Zwbijschriftconcept": who("teacher"),
    "Zwzes": _office | {"other_teacher", "other_guardian", "parent_council"},
    "Zwgroepvijf": _team | _families,
    "Zwantwoord": who("guardian", "class_parent", "duo"),  # a reply to a request for help: who is named reads it
    "Zwhulpconcept": who("class_parent"),
    "zwadreszwadreszwadreszwadr": who("class_parent"),  # a secret address for mail
    # A shielded child, first name and last: its own family and who works with its group.
    "Zwelmkapje": _team | {"shielded_guardian"},
    "Zwachternaam": _office | {"teacher", "duo"},
}


def plant(scene: Scene) -> None:
    """Put the words in."""
    ids, people = scene.ids, scene.cast.people
    for number, role in enumerate(("guardian", "limited", "teacher"), 1):
        Person.objects.filter(pk=people[role].pk).update(
            email=f"zwmail-{role}@example.org", phone=f"06-1111000{number}", last_name=f"Zwnaam{role}"
        )
        user = scene.cast.user(role)
        user.email = f"zwmail-{role}@example.org"
        user.save()
        user.emailaddress_set.update(email=user.email)
    Guardianship.objects.filter(school=scene.cast.school).update(ground="Zwgrond")
    Person.objects.filter(public_id=ids["newcomer"]).update(last_name="Zwnieuweouder", email="zwnieuw@example.org")
    Child.objects.filter(pk=scene.cast.child.pk).update(birth_date=date(1987, 3, 4))
    Child.objects.filter(pk=scene.cast.shielded.pk).update(first_name="Zwelmkapje", last_name="Zwachternaam")
    for name, word in {
        "draft": "Zwconcept", "scheduled": "Zwgepland", "fresh": "Zwzojuist", "gone": "Zwingetrokken", "six": "Zwzes",
        "post": "Zwgroepvijf",
    }.items():  # fmt: skip
        Post.objects.filter(public_id=ids[name]).update(title=word, source=word, body=f"<p>{word}</p>")
    Message.objects.filter(public_id=ids["talk.first"]).update(source="Zwgesprek", body="<p>Zwgesprek</p>")
    direct = Conversation.objects.get(public_id=ids["direct"])
    direct.messages.create(
        school=direct.school, author=people["guardian"], side="family", source="Zwonderling", body="<p>Zwonderling</p>",
        sent_at=direct.created_at, visible_from=direct.created_at,
    )  # fmt: skip
    document = PostDocument.objects.get(public_id=ids["draft.document"]).document
    document.name = "Zwconceptbrief.pdf"
    document.save()
    Photo.objects.filter(public_id=ids["draft.photo"]).update(alt="Zwbijschriftconcept")
    Reply.objects.filter(public_id=ids["help.reply"]).update(text="Zwantwoord")
    HelpRequest.objects.filter(public_id=ids["help.draft"]).update(title="Zwhulpconcept", text="Zwhulpconcept")
    IntakeAddress.objects.filter(public_id=ids["help.address"]).update(token="zwadres" * 3 + "zwadr")
    waiting = Import.objects.get(public_id=ids["import"])
    waiting.roster["children"][0][1] = "Zwrosterkind"  # type: ignore[index]
    waiting.save()
