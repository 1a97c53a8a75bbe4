"""Every write about posts: draft.py, publish.py, change.py, read.py, series.py and tell.py."""

from kring.posts.actions.change import edit_post, withdraw_post
from kring.posts.actions.content import Content, ItemInput
from kring.posts.actions.draft import (
    attach_document,
    attach_stored,
    detach_document,
    discard_draft,
    save_draft,
    start_draft,
)
from kring.posts.actions.publish import adopt_post, order_post, publish_due_post, stop_post, undo_post
from kring.posts.actions.read import add_comment, mark_seen, toggle_heart, withdraw_comment
from kring.posts.actions.series import schedule_series
from kring.posts.actions.tell import remind_unread, send_calamity, tell_of_tomorrow

__all__ = [
    "Content",
    "ItemInput",
    "add_comment",
    "adopt_post",
    "attach_document",
    "attach_stored",
    "detach_document",
    "discard_draft",
    "edit_post",
    "mark_seen",
    "order_post",
    "publish_due_post",
    "remind_unread",
    "save_draft",
    "schedule_series",
    "send_calamity",
    "start_draft",
    "stop_post",
    "tell_of_tomorrow",
    "toggle_heart",
    "undo_post",
    "withdraw_comment",
    "withdraw_post",
]
