"""Every write about photos: add.py (uploads), ready.py (the worker), change.py (words, removal), alter.py (crop and
cover), show.py (for whom), name.py (who is in it, where else it was used), say.py (what a composer says of
it), papers.py (what goes along as a document), forget.py (what nobody needs)."""

from kring.photos.actions.add import Picking, add_photo, pick_photos
from kring.photos.actions.alone import send_photos
from kring.photos.actions.alter import cover_photo, crop_photo
from kring.photos.actions.change import describe_photo, remove_photo, retry_photo
from kring.photos.actions.forget import forget_handed_out, forget_old_uploads, forget_unused
from kring.photos.actions.keep import download_photos
from kring.photos.actions.name import mark_taken_down, mark_used_elsewhere, mark_work, name_children
from kring.photos.actions.papers import keep_as_document
from kring.photos.actions.ready import process_photo
from kring.photos.actions.show import forget_uses, hide_use, hide_uses, use_photos

__all__ = [
    "Picking",
    "add_photo",
    "cover_photo",
    "crop_photo",
    "describe_photo",
    "download_photos",
    "forget_handed_out",
    "forget_old_uploads",
    "forget_unused",
    "forget_uses",
    "hide_use",
    "hide_uses",
    "keep_as_document",
    "mark_taken_down",
    "mark_used_elsewhere",
    "mark_work",
    "name_children",
    "pick_photos",
    "process_photo",
    "remove_photo",
    "retry_photo",
    "send_photos",
    "use_photos",
]
