"""The writer's desk: one draft with its form, its audience, its advice and how it will look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.agreements.current import agreement_url, policy_for
from kring.agreements.policy import Policy
from kring.core.viewer import Viewer
from kring.notifications.hours import send_moment
from kring.people.audiences import Reach, reach_of
from kring.photos.models import Photo
from kring.photos.permissions import can_add_photo
from kring.photos.picks import Pick, picks_for
from kring.photos.rules import Towards, Verdict
from kring.photos.showing import Apart, Look, look_at
from kring.posts import advising, choices, rules
from kring.posts.actions.content import chosen_photos
from kring.posts.forms import ROW_FIELDS, ROWS_AT_FIRST, Composed, initial_data
from kring.posts.models import Post, PostItem
from kring.posts.permissions import Target, target_of
from kring.posts.preview import preview_html
from kring.posts.rules import Kind, State
from kring.posts.wording import hints_from, moment_words, rhythm_of
from kring.school.models import Group


@dataclass
class Desk:
    """Everything the composer's pages show."""

    viewer: Viewer
    post: Post
    policy: Policy
    composed: Composed
    target: Target
    photos: list[Photo]
    photo_group: Group | None
    window: datetime | None
    calendar: Any
    audiences: list[tuple[str, str]]
    groups: list[Group]
    is_for_infants: bool = False
    refused: list[str] = field(default_factory=list)
    apart: Apart = field(default_factory=Apart)

    @property
    def towards(self) -> Towards:
        """Return for whom the message is, as far as its photos ask."""
        return Towards(self.target.group_ids, self.target.whole_school, bool(self.target.layer_ids))

    @cached_property
    def looks(self) -> list[Look]:
        """Return what the lens says of each photo for the chosen audience."""
        checked = self.composed.content.photos_checked
        return look_at(self.viewer, self.photos, self.towards, apart=self.apart, is_checked=checked)

    @property
    def picks(self) -> list[Pick]:
        """Return the photos as the picker shows them; none where it does not stand."""
        if self.photo_group is None:
            return []
        return picks_for(self.viewer, self.looks, group=self.photo_group, towards=self.towards, apart=self.apart)

    def _has_newsletter(self) -> bool:
        """Say whether the tick for the newsletter stands there: on a draft of a kind that can be one (S15)."""
        is_draft = self.post.kind == Kind.ANNOUNCEMENT and self.post.state == State.DRAFT
        return is_draft and self.policy.newsletter.on

    def context(self, *, preview: bool = False, asks: bool = False) -> dict[str, Any]:
        """Return what the templates need."""
        post, school = self.post, self.post.school
        today = school.today(self.viewer.now)
        reach = reach_of(post.audience, on=today, asked_by=self.viewer) if post.audience else None
        advice = hints_from(self._advice(), school=school)
        form = self.composed.form
        return {
            "post": post,
            "school": school,
            "kind": choices.kind_choice(post.kind),
            "form": form,
            "rows": self.composed.rows,
            "hints": advice,
            "hints_by": {
                "rows": [hint for hint in advice if hint.field == "items"],
                **{name: [hint for hint in advice if hint.field == name] for name in ("text", "photos", "audience")},
            },
            "is_for_infants": self.is_for_infants,
            "rhythms": self._rhythms(),
            "guideline_url": agreement_url(school, "G1"),
            "reach": reach,
            "has_newsletter": self._has_newsletter(),
            "who": who_words(reach, self.target),
            "is_wide": self.target.is_wide,
            "photos": self.photos,
            "picks": self.picks,
            "group": self.photo_group,
            "refused": self.refused,
            "window": moment_words(self.window, school=school) if self.window else "",
            "hours_url": agreement_url(school, "H1"),
            "when": form["when"].value() or ("window" if self.window else "now"),
            "documents": list(post.documents.select_related("document")),
            "saved_at": post.saved_at.astimezone(school.zone),
            "has_one_audience": len(self.audiences) == 1,
            "chosen": form["audience"].value() or [],
            "preview_html": preview_html(self.viewer, post, self._items(), self.target, self.photos),
            "asks": asks,
            "shows_preview": preview,
            "sent": _hidden(self.composed.data) if preview else [],
        }

    def refusals(self) -> list[str]:
        """Return a sentence for each thing that the agreement does not let pass; none when it can be placed."""
        found = [advice for advice in self._advice() if advice.severity == "refuse"]
        return [f"{hint.bold} {hint.sentence}" for hint in hints_from(found, school=self.post.school)]

    def _items(self) -> list[PostItem]:
        post = self.post
        return [
            PostItem(
                school_id=post.school_id,
                kind=post.kind,
                from_date=item.from_date,
                until_date=item.until_date,
                starts=item.starts,
                ends=item.ends,
                child=item.child,
                absent=item.absent,
                substitute=item.substitute,
                text=item.text,
                place=item.place,
            )
            for item in self.composed.items
        ]

    def _advice(self) -> list[Any]:
        post = self.post
        chosen = self.composed.form["when"].value() or ("window" if self.window else "now")
        goes_out = self.window if chosen == "window" and self.window else self.viewer.now
        if chosen == "own" and self.composed.form.cleaned_data.get("at"):
            goes_out = max(self.composed.form.cleaned_data["at"].replace(tzinfo=post.school.zone), self.viewer.now)
        draft = advising.Draft(
            kind=post.kind,
            title=post.title,
            text=post.source,
            items=self.composed.spans,
            photos=len(self.photos),
            kept_back=self._kept_back(),
            emphasis=post.emphasis,
            is_pupils_work=any(photo.is_work and photo.no_name_checked_by_id is None for photo in self.photos),
            publish_on=post.school.today(goes_out),
        )
        return advising.advise(
            draft,
            viewer=self.viewer,
            school=post.school,
            target=self.target,
            policy=self.policy,
            calendar=self.calendar,
            post=post,
        )

    def _kept_back(self) -> str:
        """Return why the first photo that may not go to the chosen audience is kept back; empty when all may."""
        for number, look in enumerate(self.looks, start=1):
            # What is only to be looked at by hand has its own box in the form.
            if look.is_fine or look.finding.verdict == Verdict.CHECK:
                continue
            words = {"number": number, "sentence": look.sentence}
            return look.sentence if len(self.looks) == 1 else _("Photo %(number)d: %(sentence)s") % words
        return ""

    def _rhythms(self) -> list[Any]:
        if self.post.kind != Kind.GROUP or self.target.whole_school or self.target.layer_ids:
            return []
        school = self.post.school
        groups = list(Group.objects.filter(school=school, pk__in=self.target.group_ids).order_by("name"))
        monday = rules.monday_of(school.today(self.viewer.now))
        weeks = advising.weeks_of_groups(school, groups, mondays=[monday], policy=self.policy, calendar=self.calendar)
        found = []
        for group in groups:
            week = weeks[group.pk][0]
            adding = rules.Week(week.monday, week.count, week.wanted, week.is_free, adds_one=True)
            found.append(rhythm_of(group.name, adding, guideline=self.policy.weekly_guideline))
        return [rhythm for rhythm in found if rhythm]


def _hidden(data: Any) -> list[tuple[str, str]]:
    """Return what was sent, to be carried through the page that asks once more."""
    leave = {"csrfmiddlewaretoken", "action", "sure"}
    return [(name, value) for name in data if name not in leave for value in data.getlist(name)]


def who_words(reach: Reach | None, target: Target) -> str:
    """Say who can see it, with the count: "The parents of 26 children in Groep 5, and the team."."""
    if reach is None or target.is_empty:
        return _("Nobody yet: choose for whom it is.")
    children = ngettext("%(n)d child", "%(n)d children", reach.children) % {"n": reach.children}
    if reach.whole_school:
        return _("All parents (%(children)s) and the team.") % {"children": children}
    where = ", ".join([*reach.layers, *reach.groups])
    return _("The parents of %(children)s in %(where)s, and the team.") % {"children": children, "where": where}


def desk_for(
    viewer: Viewer, post: Post, *, data: Any, refused: list[str] | None = None, extra_rows: bool = False
) -> Desk:
    """Return the desk for a draft as it was saved (`data` is None), or as it was just sent."""
    school = post.school
    today = school.today(viewer.now)
    policy = policy_for(school.pk, at=viewer.now)
    calendar = advising.calendar_around(school, today)
    audiences = choices.audience_choices(viewer, school, post.kind, policy, on=today)
    saved = target_of(post)
    if data is None:
        at_first = ROWS_AT_FIRST.get(post.kind, 0) if post.state == State.DRAFT else 0
        rows = max(len((post.typed or {}).get("rows", [])) + (1 if extra_rows else 0), at_first)
        data = initial_data(post, choices.values_of(saved, school), rows)
    elif extra_rows:
        data = data.copy()
        data["rows-TOTAL_FORMS"] = str(min(_number(data.get("rows-TOTAL_FORMS")) + 1, rules.MAX_ITEMS))
    allowed = {value for value, _words in audiences}
    chosen = [value for value in data.getlist("audience") if value in allowed]
    target = choices.target_from(school, chosen) if post.state == "draft" else saved
    groups = list(Group.objects.filter(school=school, pk__in=target.group_ids))
    composed = Composed(
        data,
        post=post,
        school=school,
        audiences=audiences,
        # Only rows name children and colleagues.
        children=choices.children_for(viewer, target, on=today) if post.kind in ROW_FIELDS else (),
        staff=choices.staff_of(school, on=today) if post.kind in ROW_FIELDS else (),
        today=today,
        is_for_infants=is_for_infants(groups, target),
    )
    photos, apart = chosen_photos(post)
    return Desk(
        viewer=viewer,
        post=post,
        policy=policy,
        composed=composed,
        target=target,
        photos=photos,
        photo_group=_photo_group(viewer, photos, groups),
        groups=groups,
        window=send_moment(viewer, school, policy=policy, calendar=calendar),
        calendar=calendar,
        audiences=audiences,
        is_for_infants=is_for_infants(groups, target),
        refused=refused or [],
        apart=apart,
    )


def desk_kept(desk: Desk, post: Post, *, refused: list[str]) -> Desk:
    """Return the desk after its draft was kept as `post`, of the same kind: what was typed and for whom is the same."""
    photos, apart = chosen_photos(post)
    group = _photo_group(desk.viewer, photos, desk.groups)
    return replace(desk, post=post, photos=photos, apart=apart, photo_group=group, refused=refused)


def _photo_group(viewer: Viewer, photos: Sequence[Photo], groups: Sequence[Group]) -> Group | None:
    """Return the group that photos are added for: that of the photos there are, or the only one it is for."""
    group = photos[0].group if photos else groups[0] if len(groups) == 1 else None
    # Its author may teach another group now.
    return group if group is not None and can_add_photo(viewer, group) else None


def is_for_infants(groups: Sequence[Group], target: Target) -> bool:
    """Say whether it goes to groups 1 and 2 only: their learning goals are compulsory tasks and new themes (F1)."""
    if target.whole_school or target.layer_ids or not groups:
        return False
    return all(group.year_levels and set(group.year_levels) <= {1, 2} for group in groups)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 4 else 0
