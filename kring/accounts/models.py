"""Invitations, and the questions this room asks about persons: who has not joined, who are my children."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models
from django.db.models import Count, Prefetch, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from kring.accounts import rules
from kring.core.models import Installation, Named
from kring.core.viewer import GROUP_TEACHERS, Level, RoleKind, Viewer
from kring.people.models import Child, Enrolment, Guardianship, Person, TeamRole, User, current_on, not_over_on
from kring.school.models import Board, Group, School

INVITED_LEVELS = (Level.FULL.value, Level.LIMITED.value)


def make_seed() -> str:
    """Return 128 random bits, from which a code is derived."""
    return secrets.token_hex(16)


class Way(models.TextChoices):
    """How an invitation reaches somebody. Who holds a mailed one has the mailbox; who holds paper does not."""

    MAIL = "mail", _("By e-mail")
    PAPER = "paper", _("On paper")


class InviteQuerySet(models.QuerySet["Invite"]):
    """Questions about invitations."""

    def visible_to(self, viewer: Viewer) -> InviteQuerySet:
        """Return the invitations that the viewer's office or board keeps."""
        return self.filter(
            Q(school_id__in=viewer.managed_school_ids)
            | Q(person__in=managers_and_administrators(viewer.administered_board_ids, now=viewer.now))
        )

    def of_board(self, board: Board, *, now: datetime) -> InviteQuerySet:
        """Return the invitations of those who administer `board` or manage one of its schools."""
        return self.filter(person__in=managers_and_administrators([board.pk], now=now)).select_related("school")

    def unfinished(self) -> InviteQuerySet:
        """Return what is neither used nor withdrawn; it may have expired."""
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True)

    def usable(self, now: datetime) -> InviteQuerySet:
        """Return what can be accepted at `now`. A waiting claim does not stop the one who was invited."""
        return self.unfinished().filter(expires_at__gt=now)

    def with_code(self, code: str) -> InviteQuerySet:
        """Return the invitation to which a typed or followed code belongs, whatever its state."""
        return self.filter(token_hash=rules.fingerprint(code)).select_related("school", "person")

    def claimed(self) -> InviteQuerySet:
        """Return the claims that wait for a yes or a no."""
        return self.unfinished().filter(claimed_at__isnull=False).select_related("person", "claimed_by", "child")

    def at(self, school: School) -> InviteQuerySet:
        """Return the invitations of `school`."""
        return self.filter(school=school)

    def for_printing(self, school: School, persons: Iterable[int], now: datetime) -> InviteQuerySet:
        """Return the open paper invitations of `persons`, with what stands on the page."""
        found = self.usable(now).filter(school=school, way=Way.PAPER, person_id__in=persons)
        return found.select_related("person", "child", "school").order_by("person__last_name", "person__first_name")


class Invite(Named):
    """A person may join, once, within 14 days: by a link in a mail to her address, or by a printed page."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, blank=True, related_name="invites")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invites")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=5, choices=Way)
    email = models.EmailField(blank=True)
    seed = models.CharField(max_length=32, default=make_seed, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims")

    objects = InviteQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "way"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_per_way",
            )
        ]

    class Privacy:
        purpose = "To let exactly the invited adult in, and to show the office who used an invitation and when."
        keep = "Until two years after it was used, expired or withdrawn, or with its person."
        personal = ("person", "child", "email", "made_by", "used_at", "used_by", "claimed_at", "claimed_by")
        impersonal = (
            "id",
            "public_id",
            "school",
            "way",
            "seed",
            "token_hash",
            "made_at",
            "expires_at",
            "withdrawn_at",
        )

    def __str__(self) -> str:
        return f"Invite {self.public_id}"

    @property
    def code(self) -> str:
        """Return the code; made from the seed and the server's secret, so that the database alone opens nothing."""
        return code_of(self.seed)

    @property
    def path(self) -> str:
        """Return the address of the invitation on this server."""
        return f"/account/invitation/{self.code}/"

    @property
    def link(self) -> str:
        """Return the whole address, from the configured base, never from what a request said."""
        return f"{settings.BASE_URL}{self.path}"

    def state(self, now: datetime) -> rules.InviteState:
        """Return what the invitation is at `now` (aware)."""
        return rules.invite_state(
            now=now,
            expires_at=self.expires_at,
            used_at=self.used_at,
            withdrawn_at=self.withdrawn_at,
            claimed_at=self.claimed_at,
        )


def code_of(seed: str) -> str:
    """Return the code for `seed` under this server's secret."""
    key = salted_hmac("kring.accounts.Invite", "code", algorithm="sha256").digest()
    return rules.invite_code(key=key, seed=seed)


def is_demo() -> bool:
    """Say whether this database was made as a demo, so that demo accounts may stand on the sign-in page."""
    return Installation.objects.filter(is_demo=True).exists()


def login_of(email: str) -> User | None:
    """Return the login with this address, if there is one."""
    return User.objects.filter(email__iexact=email.strip()).first()


def only_school() -> School | None:
    """Return the school of this installation when there is exactly one: its name may then greet at the door."""
    schools = list(School.objects.all()[:2])
    return schools[0] if len(schools) == 1 else None


def asks_second_factor(viewer: Viewer) -> bool:
    """Say whether a school of the viewer wants a second factor of her role. One query, and none for parents."""
    roles = [role for role in viewer.roles if role.kind in rules.MUST_HAVE_SECOND_FACTOR]
    if not roles:
        return False
    schools = {role.school_id for role in roles if role.school_id is not None}
    boards = {role.board_id for role in roles if role.board_id is not None}
    # A board's administrator has no school of her own; one strict school, or none at all yet, is enough.
    strict = Q(pk__in=schools) | Q(board_id__in=boards)
    found = list(School.objects.filter(strict).values_list("needs_second_factor", flat=True))
    return any(found) or not found


def outsiders_of_group(group: Group, *, on: date) -> models.QuerySet[Person]:
    """Return the guardians of the children who sit in `group` on day `on` and who have no login yet."""
    children = Enrolment.objects.filter(current_on(on), group=group).values("child_id")
    guardianships = Guardianship.objects.filter(current_on(on), child_id__in=children, level__in=INVITED_LEVELS)
    return Person.objects.filter(pk__in=guardianships.values("person_id"), user__isnull=True)


def outsiders_of_team(school: School, *, on: date) -> models.QuerySet[Person]:
    """Return those with a role at `school` on day `on`, or soon, who have no login yet."""
    roles = TeamRole.objects.filter(not_over_on(on), school=school)
    return Person.objects.filter(pk__in=roles.values("person_id"), school=school, user__isnull=True)


def managers_and_administrators(boards: Iterable[int], *, now: datetime) -> models.QuerySet[Person]:
    """Return who administers one of `boards`, or manages a school of one, at `now` or later."""
    today = School().today(now)
    roles = TeamRole.objects.filter(
        Q(board__in=boards) | Q(school__board__in=boards, kind=RoleKind.MANAGEMENT.value),
        not_over_on(today),
    )
    return Person.objects.filter(pk__in=roles.values("person_id"))


def manages(person: Person, *, now: datetime) -> bool:
    """Say whether the person manages her school at `now`, or will."""
    if person.school is None:
        return False
    return managers_and_administrators([person.school.board_id], now=now).filter(pk=person.pk).exists()


def outsiders_of_board(board: Board, *, now: datetime) -> models.QuerySet[Person]:
    """Return who administers `board` or manages one of its schools, and has no login yet."""
    return managers_and_administrators([board.pk], now=now).filter(user__isnull=True).select_related("school")


def has_left(person: Person, *, now: datetime) -> bool:
    """Say whether every role and child that the person had here has ended, or shows her nothing any more, at `now`.

    Somebody who was only just added, and has neither yet, has not left.
    """
    today = (person.school or School()).today(now)
    goes_on = not_over_on(today)
    roles, children = TeamRole.objects.filter(person=person), Guardianship.objects.filter(person=person)
    if roles.filter(goes_on).exists() or children.filter(goes_on, level__in=INVITED_LEVELS).exists():
        return False
    return roles.exists() or children.exists()


def child_invited_for(person: Person, *, now: datetime) -> Child | None:
    """Return the child for whom an adult is invited: the first of whom she sees something; none for the team."""
    today = (person.school or School()).today(now)
    found = Guardianship.objects.filter(not_over_on(today), person=person, level__in=INVITED_LEVELS)
    first = found.select_related("child").order_by("starts_on", "pk").first()
    return first.child if first else None


def with_invites(persons: models.QuerySet[Person]) -> models.QuerySet[Person]:
    """Add to each person her unfinished invitations, newest first, as `open_invites`."""
    return persons.prefetch_related(
        Prefetch("invites", queryset=Invite.objects.unfinished().order_by("-made_at"), to_attr="open_invites")
    )


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many guardians a group has, and how many of them have joined."""

    group: Group
    guardians: int
    joined: int

    @property
    def missing(self) -> int:
        """Return how many have not joined."""
        return self.guardians - self.joined


def counts_by_group(school: School, *, on: date) -> list[GroupCount]:
    """Return for each group of this year how many guardians have joined. Two queries, whatever the number of groups."""
    groups = Group.objects.in_year(on).filter(school=school).order_by("name")
    sits = Q(child__enrolments__starts_on__lte=on) & (
        Q(child__enrolments__ends_on__isnull=True) | Q(child__enrolments__ends_on__gte=on)
    )
    rows = (
        Guardianship.objects.filter(
            current_on(on),
            sits,
            school=school,
            level__in=INVITED_LEVELS,
            child__enrolments__group__in=groups.values("pk"),
        )
        .order_by()
        .values("child__enrolments__group_id")
        .annotate(
            guardians=Count("person_id", distinct=True),
            joined=Count("person_id", filter=Q(person__user__isnull=False), distinct=True),
        )
    )
    found = {row["child__enrolments__group_id"]: (row["guardians"], row["joined"]) for row in rows}
    return [GroupCount(group, *found.get(group.pk, (0, 0))) for group in groups]


@dataclass(frozen=True, slots=True)
class OwnChild:
    """One child of the viewer, as the welcome page says it."""

    child: Child
    school: School
    group: str
    team: tuple[str, ...]


def own_children(viewer: Viewer) -> list[OwnChild]:
    """Return the viewer's children who are at school now, with their group and who stands before it. Three queries."""
    spans = {span.child_id: span for span in viewer.spans if span.is_current}
    children = Child.objects.filter(pk__in=spans).select_related("school").order_by("first_name", "pk")
    groups = Group.objects.in_bulk({span.group_id for span in spans.values()})
    # A day begins in the school's own zone: look a day wider, and decide per row.
    near = Q(starts_on__lte=viewer.now.date() + timedelta(1)) & (not_over_on(viewer.now.date() - timedelta(1)))
    roles = TeamRole.objects.filter(near, group_id__in=groups, kind__in=GROUP_TEACHERS)
    names: dict[int, list[str]] = {}
    for role in roles.select_related("person", "school"):
        today = (role.school or School()).today(viewer.now)
        if role.starts_on <= today <= (role.ends_on or today):
            names.setdefault(role.group_id or 0, []).append(role.person.display_name)
    return [
        OwnChild(
            child=child,
            school=child.school,
            group=groups[spans[child.pk].group_id].name,
            team=tuple(names.get(spans[child.pk].group_id, ())),
        )
        for child in children
    ]


def schools_of(viewer: Viewer) -> list[School]:
    """Return the schools the viewer belongs to, by name."""
    return list(School.objects.filter(pk__in=viewer.school_ids | frozenset(viewer.persons)))


def own_persons(viewer: Viewer) -> list[Person]:
    """Return the viewer herself, as each of her schools and boards knows her."""
    return list(Person.objects.filter(user_id=viewer.user_id or 0).select_related("school", "board"))


def own_person(viewer: Viewer, public_id: str) -> models.QuerySet[Person]:
    """Return the viewer herself under `public_id`; nothing for anybody else."""
    return Person.objects.filter(user_id=viewer.user_id or 0, public_id=public_id)


def has_second_step(person: Person) -> bool:
    """Say whether the person's login has a passkey, an app or recovery codes."""
    return person.user_id is not None and Authenticator.objects.filter(user_id=person.user_id).exists()


def has_waiting_claim(viewer: Viewer) -> bool:
    """Say whether the viewer asked to use an invitation with another address, and the office has not answered."""
    return Invite.objects.claimed().filter(claimed_by_id=viewer.user_id).exists()


def is_named(name: str) -> bool:
    """Say whether a school with this name is here already."""
    return School.objects.filter(name__iexact=name.strip()).exists()


def board_named(name: str) -> Board | None:
    """Return the board with this name, if it is here already."""
    return Board.objects.filter(name__iexact=name.strip()).first()
