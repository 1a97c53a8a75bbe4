"""How each notice of this room comes about (see tests/notifications/test_every_kind.py)."""

from __future__ import annotations

from django.urls import reverse

from tests.cast import Cast
from tests.notifications.kinds import SECRET
from tests.photos import pictures


def _for_child(cast: Cast) -> None:
    place = reverse("photos:one_child", args=[cast.school.public_id, cast.five.public_id])
    file = pictures.upload(pictures.jpeg(), f"{SECRET}.jpg")
    sent = {"child": cast.child.public_id, "alt": SECRET, "photo_files": [file]}
    assert cast.client("teacher").post(place, sent).status_code == 302


CASES = {"photos.for_child": _for_child}
