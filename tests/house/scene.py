"""One object of every kind that has an address, in the first school of the cast: what the access table is tried on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.sessions.models import Session
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from kring.absences.actions import decide_leave
from kring.accounts.actions.invites import invite
from kring.accounts.models import Way
from kring.agenda.actions.feeds import start_feed
from kring.agenda.actions.importing import read_calendar
from kring.agenda.models.feeds import token_of
from kring.agreements.actions import confirm_read
from kring.agreements.permissions import can_confirm_reading
from kring.conversations.actions import choose_moment, promise_answer, propose_moments, read_reported
from kring.conversations.models import Block
from kring.imports.actions import preview_import
from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice, PushSubscription
from kring.notifications.rules import Topic
from kring.notifications.unsubscribing import token_for
from kring.people.models import Guardianship, KeepApart, StaffAbsence, TeamRole
from kring.photos.actions import add_photo, process_photo
from kring.photos.models import Photo
from kring.posts.actions import Content, ItemInput, attach_document, order_post, save_draft, start_draft, withdraw_post
from kring.posts.models import Comment, Post
from kring.posts.permissions import Target
from kring.school.models import Group, Holiday
from tests import factories as make
from tests.absences import reporting
from tests.agenda.standing import events_of
from tests.agreements.making import publish as publish_agreement
from tests.cast import NOW, TODAY, Cast
from tests.conversations import circling, talking
from tests.files import papers
from tests.help_requests import asking
from tests.imports.rosters import as_zip, small
from tests.meetings import lines as meeting
from tests.photos import pictures


@dataclass
class Scene:
    """The cast with its objects: `ids` holds what an address is filled with, by the names of the access table."""

    cast: Cast
    ids: dict[str, str]


def photo_of(cast: Cast, group: Group, *, by: str = "teacher") -> Photo:
    """Return a photo that the worker has made ready."""
    photo = add_photo(by=cast.viewer(by), school=cast.school, group=group, upload=pictures.upload(pictures.jpeg()))
    process_photo.call(photo.pk)
    photo.refresh_from_db()
    return photo


def post_of(cast: Cast, title: str, group: Group, *, by: str = "teacher", paper: bool = False) -> Post:
    """Return a draft with a photo, and with a document if asked."""
    viewer, target = cast.viewer(by), Target(group_ids=frozenset([group.pk]))
    post = start_draft(by=viewer, school=cast.school, kind="group", target=target)
    content = Content(title=title, source="Wat een dag", photos_checked=True)
    post = save_draft(by=viewer, post=post, content=content, target=target, photos=[photo_of(cast, group, by=by)])
    if paper:
        attach_document(by=viewer, post=post, upload=papers.upload(papers.pdf()))
    return post


def go(cast: Cast, post: Post, *, by: str = "teacher", ago: timedelta = timedelta(minutes=5)) -> Post:
    """Publish a draft `ago` before now, with its photos."""
    post = order_post(by=cast.viewer(by), post=post)
    moment = NOW - ago
    Post.objects.filter(pk=post.pk).update(visible_from=moment)
    post.audience.photo_uses.update(shown_from=moment)  # type: ignore[union-attr]
    post.refresh_from_db()
    return post


def whole_school_post(cast: Cast) -> Post:
    """Return what management told everybody."""
    viewer, everybody = cast.viewer("management"), Target(whole_school=True)
    post = start_draft(by=viewer, school=cast.school, kind="announcement", target=everybody)
    return go(cast, save_draft(by=viewer, post=post, content=Content(title="Studiedag"), target=everybody),
              by="management")  # fmt: skip


def talks_of(cast: Cast) -> Post:
    """Return a list of talks that the class can read, with one of the shielded child."""
    viewer, target = cast.viewer("teacher"), Target(group_ids=frozenset([cast.five.pk]))
    post = start_draft(by=viewer, school=cast.school, kind="homework", target=target)
    post = save_draft(by=viewer, post=post, content=Content(title="Spreekbeurten"), target=target)
    children = [cast.child, cast.shielded]
    items = [ItemInput(TODAY + timedelta(days=1), TODAY + timedelta(days=1), child=child) for child in children]
    post = order_post(by=viewer, post=post, items=items)
    Post.objects.filter(pk=post.pk).update(visible_from=NOW - timedelta(minutes=5))
    return post


def build_scene(cast: Cast) -> Scene:
    """Make everything. `words` is what every hidden word begins with (canaries.py): somebody searches for it."""
    publish_agreement(cast, {"contact_hours.per_person": True, "leave.way": "app"})
    for role, person in cast.people.items():
        viewer = cast.viewer(role)  # everybody has read the agreements: nobody is led to them first
        if person.school and can_confirm_reading(viewer, person.school):
            confirm_read(by=viewer, school=person.school)
    users = [person.user for person in cast.people.values()]
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users if user
    )
    ids = {"board": cast.board.public_id, "school": cast.school.public_id, "words": "zw"}
    return Scene(
        cast,
        ids
        | _people(cast)
        | _news(cast)
        | events_of(cast)
        | _talks(cast)
        | _among_parents(cast)
        | _office(cast)
        | _own(cast)
        | _feed(cast)
        | _help(cast)
        | _absences(cast)
        | meeting.objects(cast),
    )


def _help(cast: Cast) -> dict[str, str]:
    """Return requests for help of the class parent of groep 5: written, handed in, placed with a reply; her address."""
    draft = asking.handed_in(cast, hand_in=False, uploads=[papers.upload(papers.pdf())])
    sent = asking.handed_in(cast)
    placed = asking.in_talk(cast, "class_parent", "duo", tasks=(("", 6),))
    reply = asking.says(cast, placed, by="guardian", text="Ik neem een mes mee")
    return {
        "help": placed.public_id,
        "help.draft": draft.public_id,
        "help.sent": sent.public_id,
        "help.document": draft.documents.get().public_id,
        "help.task": asking.task(placed).public_id,
        "help.reply": reply.public_id,
        "help.address": asking.address(cast, "class_parent").public_id,
    }


def _feed(cast: Cast) -> dict[str, str]:
    feed = start_feed(by=cast.viewer("guardian"))
    office = cast.viewer("office")
    make.SchoolYearFactory(school=cast.school, name="2025-2026", starts_on=date(2025, 8, 1), ends_on=date(2026, 7, 31))
    read = read_calendar(
        by=office, school=cast.school, year=cast.year, name="jaar.csv", data=b"Datum;Titel\n2026-12-08;Ouderavond\n"
    )
    return {"calendar": read.public_id, "feed": feed.public_id, "feed.token": token_of(feed.seed)}


def _people(cast: Cast) -> dict[str, str]:
    people, school = cast.people, cast.school
    one, other = sorted((people["guardian"], people["limited"]), key=lambda person: person.pk)
    apart = KeepApart.objects.create(school=school, child=cast.child, first=one, second=other)
    absence = StaffAbsence.objects.create(school=school, person=people["teacher"], starts_on=TODAY, ends_on=TODAY)
    holiday = Holiday.objects.create(
        school=school, name="Studiedag", starts_on=date(2026, 12, 4), ends_on=date(2026, 12, 4)
    )
    return {
        "child": cast.child.public_id,
        "enrolment": cast.child.enrolments.get().public_id,
        "guardianship": Guardianship.objects.get(person=people["limited"]).public_id,
        "apart": apart.public_id,
        "person": people["teacher"].public_id,
        "self": people["guardian"].public_id,
        "limited": people["limited"].public_id,
        "role": TeamRole.objects.get(person=people["teacher"]).public_id,
        "manager": TeamRole.objects.get(person=people["management"]).public_id,
        "administrator": TeamRole.objects.get(person=people["board_admin"]).public_id,
        "absence": absence.public_id,
        "group": cast.five.public_id,
        "layer": cast.upper.public_id,
        "holiday": holiday.public_id,
    }


def _news(cast: Cast) -> dict[str, str]:
    post = go(cast, post_of(cast, "Naar het bos", cast.five, paper=True))
    draft = post_of(cast, "Nog niet af", cast.five, paper=True)
    scheduled = order_post(
        by=cast.viewer("teacher"), post=post_of(cast, "Voor morgen", cast.five), at=NOW + timedelta(days=1)
    )
    fresh = order_post(by=cast.viewer("teacher"), post=post_of(cast, "Zojuist", cast.five))
    # Fifteen seconds are over before a slow machine has tried every address.
    Post.objects.filter(pk=fresh.pk).update(visible_from=NOW + timedelta(hours=1))
    fresh.audience.photo_uses.update(shown_from=NOW + timedelta(hours=1))  # type: ignore[union-attr]
    gone = go(cast, post_of(cast, "Toch niet", cast.five, paper=True), ago=timedelta(hours=2))
    withdraw_post(by=cast.viewer("management"), post=gone, reason="Vergissing")
    six = go(cast, post_of(cast, "Uit groep 6", cast.six, by="other_teacher", paper=True), by="other_teacher")
    talks = talks_of(cast)
    comment = Comment.objects.create(school=cast.school, post=post, author=cast.people["guardian"], text="Mooi!")
    for notice in Notice.objects.filter(subject_id=post.pk):
        outbox.expand(notice)
    found = {"post": post, "draft": draft, "scheduled": scheduled, "fresh": fresh, "gone": gone, "six": six,
             "talks": talks}  # fmt: skip
    ids = {name: row.public_id for name, row in found.items()}
    for name, row in found.items():
        photo = row.photos.first()
        if photo:
            ids[f"{name}.photo"] = photo.photo.public_id
        document = row.documents.first()
        if document:
            ids[f"{name}.document"] = document.public_id
    device = PushSubscription.objects.create(
        user=cast.user("guardian"), endpoint="https://web.push.apple.com/zw", label="Safari, iPhone", session_epoch=0,
        made_at=NOW, seen_at=NOW,
    )  # fmt: skip
    line = Delivery.objects.get(user=cast.user("guardian"), channel="inbox", notice__subject_id=post.pk)
    stop = token_for(cast.user("guardian").pk, Topic.NEWS)
    return ids | {
        "stop": stop,
        "wide": whole_school_post(cast).public_id,
        "comment": comment.public_id,
        "line": line.public_id,
        "device": device.public_id,
    }


def _talks(cast: Cast) -> dict[str, str]:
    """Return conversations of groep 5: one with the team and all that hangs on it, one of parents, one of the group."""
    message = talking.general(cast)
    talk = message.conversation
    answer = talking.say(cast, talk, by="teacher", uploads=[papers.upload(papers.pdf())])
    again = talking.say(cast, talk, by="guardian", text="Dank u wel")
    teacher = cast.viewer("teacher")
    proposal = propose_moments(by=teacher, conversation=again.conversation, moments=[NOW + timedelta(days=1)])
    promise = promise_answer(by=teacher, conversation=again.conversation)
    other = propose_moments(
        by=teacher, conversation=talking.to_team(cast, by="limited").conversation, moments=[NOW + timedelta(days=2)]
    )
    meeting = choose_moment(by=cast.viewer("limited"), moment=other.moments.get())
    direct = talking.direct(cast, cast.people["guardian"], cast.people["class_parent"])
    return {
        "talk": talk.public_id,
        "talk.message": again.public_id,
        "talk.first": message.public_id,
        "talk.document": answer.documents.get().public_id,
        "talk.proposal": proposal.public_id,
        "talk.moment": proposal.moments.get().public_id,
        "talk.promise": promise.public_id,
        "limited.meeting": meeting.public_id,
        "direct": direct.public_id,
    }


def _among_parents(cast: Cast) -> dict[str, str]:
    """Return what parents of groep 5 have with each other: a question to the group, a report in it, a block."""
    ring, people = talking.in_group(cast), cast.people
    choice = ring.choices.create(school=cast.school, label="Ik kan", position=0)
    said = talking.say(cast, ring, by="class_parent", text="Niet aardig")
    report = circling.reported(cast, said)
    read_reported(by=cast.viewer("management"), report=report, reason="Een ouder vroeg ons erom")
    barred = people["shielded_guardian"]
    Block.objects.create(school=cast.school, person=people["class_parent"], blocked=barred, since=NOW)
    return {
        "ring": ring.public_id,
        "ring.choice": choice.public_id,
        "ring.message": said.public_id,
        "report": report.public_id,
        "listed": people["class_parent"].public_id,
        "barred": barred.public_id,
    }


def _absences(cast: Cast) -> dict[str, str]:
    """Return what is known of a child of groep 5: a visit, an illness, leave that was asked for and decided."""
    [visit] = reporting.visiting(cast)
    ill = reporting.logged(cast, by="teacher")
    asked = reporting.leave(cast, agree=False, uploads=[papers.upload(papers.pdf())])
    decided = reporting.leave(cast, agree=False, first=TODAY + timedelta(days=20))
    decide_leave(by=cast.viewer("management"), request=decided, grant=True)
    return {
        "visit": visit.public_id,
        "ill": ill.public_id,
        "leave": asked.public_id,
        "leave.document": asked.documents.get().public_id,
        "leave.decided": decided.public_id,
    }


def _office(cast: Cast) -> dict[str, str]:
    office = cast.viewer("office")
    newcomer = make.PersonFactory(
        school=cast.school, user=None, first_name="Nieuwe", last_name="Ouder", email="nieuw@example.org"
    )
    make.GuardianshipFactory(child=cast.other_child, person=newcomer)
    made = invite(by=office, person=newcomer, child=cast.other_child, way=Way.MAIL)
    outsider = make.PersonFactory(school=None, board=cast.board, user=None, email="bestuur@example.org")
    make.TeamRoleFactory(person=outsider, school=None, board=cast.board, kind="board_admin")
    theirs = invite(by=cast.viewer("board_admin"), person=outsider)
    waiting = preview_import(by=office, school=cast.school, uploads=[("roster.zip", as_zip(small()))])
    return {
        "newcomer": newcomer.public_id,
        "invite": made.public_id,
        "code": made.code,
        "outsider": outsider.public_id,
        "outsider.invite": theirs.public_id,
        "import": waiting.public_id,
    }


def credential() -> dict[str, object]:
    """Return a passkey as a browser makes one, with a key of nobody."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AttestedCredentialData.create(Aaguid.NONE, b"k" * 16, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    proof = AttestationObject.create("none", AuthenticatorData.create(b"h" * 32, flags, 0, made), {})
    client = CollectedClientData.create("webauthn.create", b"c" * 16, "http://localhost:8000")
    answer = {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(proof)}
    return {"id": websafe_encode(b"k" * 16), "rawId": websafe_encode(b"k" * 16), "type": "public-key",
            "response": answer, "clientExtensionResults": {}}  # fmt: skip


def _own(cast: Cast) -> dict[str, str]:
    """Return what belongs to the login of the guardian: a session on another device, a passkey."""
    user = cast.user("guardian")
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=NOW + timedelta(days=1))
    session = UserSession.objects.create(
        user=user, session_key="a" * 32, ip="192.0.2.1", created_at=timezone.now(), last_seen_at=timezone.now()
    )
    passkey = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Telefoon", "credential": credential()}
    )
    return {"session": str(session.pk), "passkey": str(passkey.pk)}
