"""States of Kring that no link leads to: forms with errors, composers with hints, invitations, imports, error pages.

Each function takes an Inspector and brings it to some pages; what is wrong there is collected by the Inspector.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator

from kring.accounts.actions.invites import invite
from kring.accounts.models import Invite, Way
from kring.core.viewer import Viewer
from kring.imports.actions import preview_import
from kring.people.models import Child, Person, TeamRole
from kring.people.viewers import viewer_for
from kring.photos.actions import process_photo
from kring.photos.models import Photo
from kring.posts.models import Post
from kring.school.models import School
from tests.browsing import Browsing
from tests.files import papers
from tests.health import Inspector
from tests.imports import rosters
from tests.photos import pictures

PASSWORD = "een lange zin als wachtwoord"
BUTTON = "main form .button--primary"
KINDS = ("group", "homework", "goals", "outing", "bring", "staff")


def person(first_name: str, last_name: str) -> Person:
    return Person.objects.select_related("user", "school").filter(first_name=first_name, last_name=last_name)[0]


def viewer_of(first_name: str, last_name: str) -> Viewer:
    return viewer_for(person(first_name, last_name).user, now=timezone.now())


def linde() -> School:
    return School.objects.get(name="De Linde")


def entrance(look: Inspector, browsing: Browsing) -> None:
    """Everything around signing in, with what goes wrong there; and the agreements, once they are public."""
    button = look.page.locator
    look.open(reverse("account_login"), "sign in")
    look.send(button("form[action$='/login/'] .button--primary"), "sign in, empty")
    wrong = {"login": "niemand@example.org", "password": "verkeerd wachtwoord"}
    look.send(button("form[action$='/login/'] .button--primary"), "sign in, wrong", fill=wrong)
    look.open(reverse("account_request_login_code"), "ask for a code")
    look.send(button(BUTTON), "ask for a code, empty")
    look.send(button(BUTTON), "type the code", fill={"email": "niemand@example.org"})
    look.send(button(BUTTON), "type the code, wrong", fill={"code": "000000"})
    look.open(reverse("account_reset_password"), "forgotten password")
    look.send(button(BUTTON), "forgotten password, empty")
    look.send(button(BUTTON), "forgotten password, sent", fill={"email": "niemand@example.org"})
    with browsing.turn():
        user = person("Marloes", "Heuvel").user
        key = default_token_generator.make_token(user)
    parts = {"uidb36": user_pk_to_url_str(user), "key": key}
    look.open(reverse("account_reset_password_from_key", kwargs=parts), "new password")
    look.send(button(BUTTON), "new password, too short", fill={"password1": "kort", "password2": "kort"})
    look.open(reverse("account_reset_password_from_key", kwargs={**parts, "key": "a-b"}), "old link", status=410)
    for name in ("account_reset_password_from_key_done", "account_inactive", "account_email_verification_sent"):
        look.open(reverse(name), name)
    look.open(reverse("account_confirm_email", args=["wrong"]), "confirm an address, old link")
    look.open(reverse("core:offline"), "no connection")
    look.open(reverse("agreements:public", args=[linde_id(browsing)]), "agreements, signed out")


def invitations(look: Inspector, browsing: Browsing) -> None:
    """An invitation from paper: its code, a wrong one, another address, and too many tries."""
    button = look.page.locator(BUTTON)
    look.open(reverse("accounts:invitation_by_code"), "type an invitation")
    look.send(button, "type an invitation, empty")
    look.send(button, "type an invitation, wrong", fill={"code": "AAAA-BBBB-CCCC"}, status=404)
    with browsing.turn():
        made = paper_invitation()
    address = reverse("accounts:invitation", args=[made.code])
    look.open(address, "invitation on paper")
    look.send(button, "invitation, empty")
    mail = {"email": "andere@example.org"}
    look.send(button, "proof of an address", fill=mail)
    look.send(button, "proof, wrong", fill={"code": "000000", "password": "kort"})
    for _again in range(2):
        look.page.goto(look.base + address)
        look.page.locator("main [name=email]").fill(mail["email"])
        look.page.locator(BUTTON).click()
        look.page.wait_for_url("**/proof/")
    look.open(address, "invitation on paper, again")
    look.send(button, "too many tries", fill=mail, status=429)


def paper_invitation() -> Invite:
    newcomer = Person.objects.filter(school=linde(), user=None, guardianships__isnull=False).order_by("-pk")[0]
    return invite(by=viewer_of("Wilma", "Kroon"), person=newcomer, way=Way.PAPER)


def newcomer(look: Inspector, browsing: Browsing) -> None:
    """A new guardian: mailed invitation, first steps, and everything of her own login."""
    button = look.page.locator(BUTTON)
    with browsing.turn():
        who = Person.objects.filter(school=linde(), user=None, guardianships__isnull=False).order_by("pk")[0]
        made = invite(by=viewer_of("Wilma", "Kroon"), person=who, way=Way.MAIL)
    look.open(reverse("accounts:invitation", args=[made.code]), "mailed invitation")
    look.send(button, "mailed invitation, short password", fill={"password": "kort"})
    look.send(button, "welcome", fill={"password": PASSWORD})
    look.send(look.page.locator("main a[href*='welcome=1']").first, "agreements, first time")
    look.send(look.page.locator("#confirm .button--primary"), "after the agreements")
    look.open(reverse("accounts:ready"), "a safe way to sign in")
    look.open("/", "news of a new guardian")
    look.open(reverse("account_change_password"), "change the password")
    look.send(button, "change the password, wrong", fill={"oldpassword": "nee", "password1": "a", "password2": "b"})
    look.open(reverse("account_email"), "change the address")
    look.send(button, "change the address, empty")
    _second_factors(look, browsing, who)


def _second_factors(look: Inspector, browsing: Browsing, who: Person) -> None:
    """A passkey, an app and recovery codes: setting them up, and signing in with them."""
    _give_device(look)
    look.open(reverse("mfa_activate_totp"), "is it you")
    look.send(look.page.locator(BUTTON), "is it you, wrong password", fill={"password": "nee"})
    look.send(look.page.locator(BUTTON), "set up an app", fill={"password": PASSWORD})
    look.send(look.page.locator(BUTTON), "set up an app, wrong code", fill={"code": "000000"})
    look.open(reverse("mfa_add_webauthn"), "set up a device")
    with look.page.expect_navigation():
        look.page.locator("form[data-passkey=add] .button--primary").click()
    look.inspect("recovery codes, made")
    with browsing.turn():
        who.refresh_from_db()
        assert who.user
        TOTP.activate(who.user, generate_totp_secret())
    for name in ("mfa_index", "mfa_list_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"):
        look.open(reverse(name), name)
    look.open(reverse("mfa_deactivate_totp"), "turn the app off")
    with browsing.turn():
        key = Authenticator.objects.get(user=who.user, type=Authenticator.Type.WEBAUTHN).pk
    look.open(reverse("mfa_edit_webauthn", args=[key]), "rename a device")
    look.open(reverse("mfa_remove_webauthn", args=[key]), "remove a device")
    for name in ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"):
        look.open(reverse(name), name)
    look.open(reverse("account_logout"), "sign out")
    look.page.context.clear_cookies()
    look.page.goto(look.base + reverse("account_login"))
    form = look.page.locator("form[action$='/login/'] .button--primary")
    look.send(form, "second step", fill={"login": who.user.email, "password": PASSWORD})
    look.send(look.page.locator(BUTTON), "second step, wrong", fill={"code": "000000"})


def _give_device(look: Inspector) -> None:
    """Give the browser a device that recognises its owner."""
    session = look.page.context.new_cdp_session(look.page)
    session.send("WebAuthn.enable")
    able = ("hasResidentKey", "hasUserVerification", "isUserVerified", "automaticPresenceSimulation")
    options = {"protocol": "ctap2", "transport": "internal", **dict.fromkeys(able, True)}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def teacher(look: Inspector, browsing: Browsing) -> None:
    """A composer of each kind with its hints and errors, then one message from photo to withdrawal."""
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    new = reverse("posts:new", args=[linde_id(browsing)])
    for kind in KINDS:
        _compose(look, new, kind)
        for field in ("day", "rows-0-from_date"):
            if look.page.locator(f"main [name='{field}']").count():
                look.page.locator(f"main [name='{field}']").fill(tomorrow)
        look.send(_action(look, "publish"), f"composer {kind}, with errors", status=422)
    _compose(look, new, "group")
    draft = look.page.url
    look.send(_action(look, "kind"), "another kind")
    look.page.goto(draft)
    look.page.locator("#photo_files").set_input_files(
        {"name": "plein.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg()}
    )
    look.page.locator("[data-photo-waiting]").wait_for()
    look.page.locator("main [name=title]").fill("Een hut van takken")
    look.page.locator("main [name=source]").fill("Vandaag bouwden we een hut op het plein.")
    look.inspect("composer, a photo on its way")
    with browsing.turn():
        process_photo.func(Photo.objects.order_by("-pk")[0].pk)
    look.page.locator(".photo-pick img").wait_for()
    paper = {"name": "brief.pdf", "mimeType": "application/pdf", "buffer": papers.pdf()}
    look.page.locator("#id_document").set_input_files(paper)
    look.page.locator("#id_photos_checked").check()
    look.send(_action(look, "attach"), "composer, with a photo and a document")
    look.send(look.page.locator("button[value^='alter:']"), "cut off or cover")
    look.page.goto(draft)
    look.send(_action(look, "preview"), "preview")
    look.page.goto(draft)
    look.send(_action(look, "publish"), "placed a moment ago")
    published = look.page.url
    look.send(look.page.locator("main a[href$='/edit/']"), "change a message")
    look.send(look.page.locator(BUTTON), "change a message, with errors", fill={"title": ""}, status=422)
    look.open(f"{published}withdraw/", "withdraw a message")
    look.send(look.page.locator("main form .button--danger"), "withdraw, without a reason", status=422)
    look.send(look.page.locator("main form .button--danger"), "withdrawn", fill={"reason": "Verkeerde groep"})


def _compose(look: Inspector, new: str, kind: str) -> None:
    look.page.goto(look.base + new)
    look.page.locator(f"button[name=kind][value={kind}]").click()
    look.page.wait_for_url("**/compose/")


def _action(look: Inspector, name: str) -> Locator:
    return look.page.locator(f"button[name=action][value='{name}']").first


def linde_id(browsing: Browsing) -> str:
    with browsing.turn():
        return linde().public_id


def readings(look: Inspector, browsing: Browsing) -> None:
    """One message of each kind, an empty search and one with results, the older months."""
    with browsing.turn():
        published = Post.objects.readable_by(viewer_of("Marloes", "Heuvel")).order_by("-pk")
        shown = {post.kind: post.public_id for post in published}
    for kind, public_id in shown.items():
        look.open(reverse("posts:read", args=[public_id]), f"a message: {kind}")
    look.open(reverse("home:search") + "?q=zzzz", "search, nothing found")
    look.open(reverse("home:search") + "?q=de", "search, found")


def office(look: Inspector, browsing: Browsing) -> None:
    """Forms with errors, empty lists, imports in each state, printed invitations."""
    page, school = look.page, linde_id(browsing)
    look.open(reverse("people:new_child", args=[school]), "add a child")
    look.send(page.locator(BUTTON), "add a child, empty")
    look.open(reverse("people:new_person", args=[school]), "add an adult")
    look.send(page.locator(BUTTON), "add an adult, empty")
    look.open(reverse("people:children", args=[school]) + "?q=zzzz", "children, nothing found")
    look.open(reverse("people:persons", args=[school]) + "?q=zzzz", "adults, nothing found")
    look.open(reverse("accounts:invitations", args=[school]) + "?group=team", "invitations, everybody has joined")
    look.open(reverse("accounts:invitations", args=[school]), "invitations")
    look.send(page.locator("main table .why").nth(2), "invitations of a group")
    look.send(page.locator("main form[action$='/print/'] button").first, "printed invitations")
    with browsing.turn():
        role = TeamRole.objects.filter(person=person("Anouk", "Verbeek"), group__isnull=False).order_by("-pk")[0]
        child = Child.objects.filter(school=linde(), first_name="Saar")[0]
        parent, head = person("Marloes", "Heuvel").public_id, person("Ineke", "Straten").public_id
    look.open(reverse("accounts:sign_in_help", args=[school, parent]), "help with signing in")
    look.open(reverse("accounts:sign_in_help", args=[school, head]), "help with signing in, not hers to give")
    look.open(reverse("people:change_role", args=[school, role.public_id]), "change a role")
    look.open(reverse("people:end_role", args=[school, role.public_id]), "end a role")
    look.open(reverse("people:child", args=[school, child.public_id]), "a child with two guardians")
    look.open(reverse("people:keep_apart", args=[school, child.public_id]), "keep two guardians apart")
    _imports(look, browsing, school)


def _imports(look: Inspector, browsing: Browsing, school: str) -> None:
    look.open(reverse("imports:uploads", args=[school]), "import a roster")
    look.send(look.page.locator(BUTTON), "import, no file", status=422)
    faulty = rosters.small()
    faulty["users"][0]["email"] = "geen adres"
    two = rosters.small()
    two["orgs"].append({"sourcedId": "s2", "name": "De Es", "type": "school", "parentSourcedId": "b"})
    files = {
        "import, nothing usable": b"not a zip at all",
        "import, which school": rosters.as_zip(two),
        "import, to check": rosters.as_zip(faulty),
    }
    for name, sent in files.items():
        with browsing.turn():
            row = preview_import(by=viewer_of("Wilma", "Kroon"), school=linde(), uploads=[("roster.zip", sent)])
        look.open(reverse("imports:import", args=[school, row.public_id]), name)
    look.send(look.page.locator("form[action$='/cancel/'] button"), "import, put aside")
    look.open(reverse("imports:import", args=[school, row.public_id]), "import, its result")


def management(look: Inspector, browsing: Browsing) -> None:
    """A message to everybody that asks once more; a new version of the agreements, made public."""
    page, school = look.page, linde_id(browsing)
    look.open(reverse("people:log", args=[school]), "log")
    _compose(look, reverse("posts:new", args=[school]), "announcement")
    page.locator("main [name=title]").fill("De school is dicht")
    page.locator("main [name=source]").fill("Vrijdag is er studiedag.")
    page.locator("input[name=audience][value=school]").check()
    look.send(_action(look, "publish"), "a message to everybody, asks once more")
    look.open(reverse("agreements:edit", args=[school]), "agreements, to change")
    field = "main [name='weekly_guideline.number']"
    page.locator(field).fill("99")
    look.send(page.locator("button[name=do][value=save]"), "agreements, with errors", status=422)
    page.locator(field).fill("3")
    page.locator("[name=is_public]").check()
    look.send(page.locator("button[name=do][value=next]"), "agreements, read before publishing")
    look.send(page.locator("form[action$='/publish/'] .button--primary"), "agreements, published")
    look.open(reverse("agreements:version", args=[school, 1]), "agreements, an older version")


def errors(look: Inspector, browsing: Browsing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every error page, for who is signed in as the office."""
    school = linde_id(browsing)
    look.open("/search/?q=%00", "400", status=400)
    look.open(reverse("agreements:edit", args=[school]), "403", status=403)
    look.open("/nothing/", "404", status=404)
    with monkeypatch.context() as patch:
        patch.setattr("kring.home.views.more.page", None)
        look.open(reverse("home:more"), "500", status=500)
    look.page.goto(look.base + reverse("imports:uploads", args=[school]))
    look.page.locator("main input[type=file]").set_input_files(
        {"name": "groot.zip", "mimeType": "application/zip", "buffer": b"0" * 2000}
    )
    with monkeypatch.context() as patch:
        patch.setattr(settings, "UPLOAD_MAX_BYTES", 1000)
        look.send(look.page.locator(BUTTON), "413", status=413)
    look.page.context.clear_cookies()
    look.page.goto(look.base + reverse("account_login"))
    look.page.context.clear_cookies()
    look.send(look.page.locator("form[action$='/login/'] .button--primary"), "403 for an old form", status=403)
