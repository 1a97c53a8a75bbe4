"""Who may write to whom, and who may change, withdraw and answer a post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kring.agreements.policy import Policy, role_kinds
from kring.core.prepared import rows_of
from kring.core.viewer import RoleKind, Viewer
from kring.posts.models import AUTHORS, Comment, Post
from kring.posts.rights import target_rows
from kring.posts.rules import Kind, State


@dataclass(frozen=True, slots=True)
class Target:
    """For whom a post or an event is meant, by keys: the groups, the layers, or everybody."""

    whole_school: bool = False
    layer_ids: frozenset[int] = field(default_factory=frozenset)
    group_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_wide(self) -> bool:
        """Say whether it goes beyond one group."""
        return self.whole_school or bool(self.layer_ids) or len(self.group_ids) > 1

    @property
    def is_empty(self) -> bool:
        """Say whether nobody has been chosen."""
        return not (self.whole_school or self.layer_ids or self.group_ids)


def target_of(post: Post) -> Target:
    """Return the target of a saved post. One query, asked anew each time: an action calls it in its transaction."""
    audience = post.audience
    if audience is None:
        return Target()
    rows = rows_of("posts.target", target_rows, audience.pk)
    layers, groups = ({pk for what, pk in rows if what == part} for part in ("layer", "group"))
    return Target(audience.whole_school, frozenset(layers), frozenset(groups))


def can_start_post(viewer: Viewer, school_id: int, policy: Policy) -> bool:
    """Say whether she may write anything at all: teachers of a group, S2's roles, and the council where S2 says so."""
    if viewer.is_manager(school_id) or _teaches_at(viewer, school_id):
        return True
    return can_post_to_school(viewer, school_id, policy) or _has(viewer, school_id, policy.wide_posting.layer)


def can_post_to_school(viewer: Viewer, school_id: int, policy: Policy) -> bool:
    """Say whether she may post to the whole school (S2)."""
    council = policy.wide_posting.council_may_post and viewer.has_role({RoleKind.PARENT_COUNCIL}, school_id=school_id)
    return council or _has(viewer, school_id, policy.wide_posting.school)


def can_post_to_layers(viewer: Viewer, school_id: int, policy: Policy) -> bool:
    """Say whether she may post to a layer (S2)."""
    return _has(viewer, school_id, policy.wide_posting.layer)


def can_post_to_groups(viewer: Viewer, school_id: int, group_ids: Iterable[int], policy: Policy) -> bool:
    """Say whether she may post to all these groups: her own, or any for who S2 names."""
    if _has(viewer, school_id, policy.wide_posting.other_groups):
        return True
    return all(viewer.teaches(group_id) for group_id in group_ids)


def can_use_kind(viewer: Viewer, school_id: int, kind: str, policy: Policy) -> bool:
    """Say whether she may write this kind: F1's kinds for who may post, announcements for whom F1 names."""
    if kind == Kind.ANNOUNCEMENT:
        council = policy.wide_posting.council_may_post and viewer.has_role(
            {RoleKind.PARENT_COUNCIL}, school_id=school_id
        )
        return council or _has(viewer, school_id, policy.functional_kinds.announcement_by)
    if kind == Kind.GROUP:
        return viewer.is_staff_at(school_id)
    if kind == Kind.KWINK and policy.kwink.whole_school and not can_post_to_school(viewer, school_id, policy):
        return False
    return viewer.is_staff_at(school_id) and kind in policy.functional_kinds.kinds


def can_post_to(viewer: Viewer, school_id: int, kind: str, target: Target, policy: Policy) -> bool:
    """Say whether she may send this kind to this target today (S2, F1, F2). An empty target is for drafts only."""
    if not can_start_post(viewer, school_id, policy) or not can_use_kind(viewer, school_id, kind, policy):
        return False
    return can_reach(viewer, school_id, target, policy)


def can_reach(viewer: Viewer, school_id: int, target: Target, policy: Policy) -> bool:
    """Say whether everybody in the target is hers to address today, whatever with (S2)."""
    if target.whole_school and not can_post_to_school(viewer, school_id, policy):
        return False
    if target.layer_ids and not can_post_to_layers(viewer, school_id, policy):
        return False
    return not target.group_ids or can_post_to_groups(viewer, school_id, target.group_ids, policy)


def is_author(viewer: Viewer, post: Post) -> bool:
    """Say whether she wrote it and still works (or sits on the council) at its school."""
    own = post.author_id is not None and post.author_id == viewer.person_at(post.school_id)
    return own and viewer.has_role(AUTHORS, school_id=post.school_id)


def works_with(viewer: Viewer, post: Post, target: Target) -> bool:
    """Say whether the post is hers to look after: its author, a teacher of one of its groups, office or management."""
    return (
        is_author(viewer, post)
        or viewer.is_manager(post.school_id)
        or any(viewer.teaches(group_id) for group_id in target.group_ids)
    )


def can_edit_draft(viewer: Viewer, post: Post) -> bool:
    """Say whether she may change the draft: only its author; nobody reads somebody else's draft."""
    return post.state == State.DRAFT and is_author(viewer, post)


def can_edit_post(viewer: Viewer, post: Post, target: Target) -> bool:
    """Say whether she may change or stop what was ordered or published: its author, office and management, and the
    teachers of its group when it goes to that one group only."""
    if post.state not in (State.SCHEDULED, State.PUBLISHED):
        return False
    alone = not target.is_wide and any(viewer.teaches(group_id) for group_id in target.group_ids)
    return is_author(viewer, post) or viewer.is_manager(post.school_id) or alone


def can_see_reach(viewer: Viewer, post: Post, target: Target) -> bool:
    """Say whether she may know which children were reached: the teachers of the groups, office and management."""
    if viewer.is_manager(post.school_id):
        return True
    return (
        bool(target.group_ids)
        and not (target.whole_school or target.layer_ids)
        and all(viewer.teaches(group_id) for group_id in target.group_ids)
    )


def can_remind(viewer: Viewer, post: Post, target: Target) -> bool:
    """Say whether she may remind the families that have not read it: who may know which they are."""
    is_readable = post.state == State.PUBLISHED and not post.can_be_undone(viewer.now)
    return is_readable and can_see_reach(viewer, post, target)


def can_send_calamity(viewer: Viewer, school_id: int, policy: Policy) -> bool:
    """Say whether she may tell everybody at once, whatever their quiet hours (S8)."""
    return _has(viewer, school_id, policy.calamity.senders)


def can_react(viewer: Viewer, post: Post, way: str) -> bool:
    """Say whether she may give a heart: somebody of this school, where the agreement has it (S1)."""
    return way in ("heart", "comments") and viewer.person_at(post.school_id) is not None


def can_comment(viewer: Viewer, post: Post, way: str) -> bool:
    """Say whether she may comment: somebody of this school, where the agreement has comments (S1)."""
    return way == "comments" and viewer.person_at(post.school_id) is not None


def can_withdraw_comment(viewer: Viewer, comment: Comment, target: Target) -> bool:
    """Say whether she may take a comment away: who wrote it, and the post's team."""
    own = comment.author_id is not None and comment.author_id == viewer.person_at(comment.school_id)
    return own or works_with(viewer, comment.post, target)


def can_make_series(viewer: Viewer, school_id: int, policy: Policy) -> bool:
    """Say whether she may prepare the year's Kwink: who may post it to the whole school (F2, S2)."""
    return can_use_kind(viewer, school_id, Kind.KWINK, policy) and can_post_to_school(viewer, school_id, policy)


def can_see_group_page(viewer: Viewer, school_id: int, group_id: int) -> bool:
    """Say whether she may see a group's weeks: its teachers, office and management."""
    return viewer.teaches(group_id) or viewer.is_manager(school_id)


def _has(viewer: Viewer, school_id: int, roles: Iterable[str]) -> bool:
    return viewer.has_role(role_kinds(roles), school_id=school_id)


def _teaches_at(viewer: Viewer, school_id: int) -> bool:
    return any(role.school_id == school_id and role.group_id in viewer.taught_group_ids for role in viewer.roles)
