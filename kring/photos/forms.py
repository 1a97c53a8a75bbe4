"""What the picker of a composer sends along with the composer's own form."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kring.photos import frames, rules
from kring.photos.frames import Frame

FILES = "photo_files"  # the name of the file field in picker.html


def read_picked(sent: QueryDict) -> rules.Picked:
    """Read the picker's fields: `photos` in order, `photo_alt-<name>`, and the buttons that work without JavaScript.

    Those are `photo_up`, `photo_down`, `photo_drop` and `photo_again` with a name, and `photo_add`. When one of them
    was pressed, `rearranged` is true and the composer shows its form again instead of publishing. `photo_repeated`
    comes along with a file that was sent before without an answer. `photo_whole` and `photo_same` are the buttons of
    the lens (lens.html); its fields are read by `_said`.
    """
    order = rules.once(sent.getlist("photos"))[: rules.MAX_PER_POST]
    alts = {name: sent.get(f"photo_alt-{name}", "") for name in order if f"photo_alt-{name}" in sent}
    up, down = sent.get("photo_up", ""), sent.get("photo_down", "")
    whole, same = sent.get("photo_whole", ""), sent.get("photo_same", "")
    drop, again = sent.get("photo_drop", ""), sent.get("photo_again", "")
    if up:
        order = rules.moved(order, up, up=True)
    if down:
        order = rules.moved(order, down, up=False)
    return rules.Picked(
        order=[name for name in order if name != drop],
        alts=alts,
        dropped=drop,
        again=again,
        rearranged=bool(up or down or drop or again or whole or same or "photo_add" in sent),
        repeated="photo_repeated" in sent,
        said={name: _said(sent, name) for name in order if f"photo_mark-{name}" in sent},
        whole=whole,
        same=same,
    )


def _said(sent: QueryDict, name: str) -> rules.Said:
    """Read what was ticked with one photo: who is in it, whether it is work, and who gets to see it."""
    shown_to = sent.get(f"photo_for-{name}", "")
    return rules.Said(
        children=frozenset(sent.getlist(f"photo_child-{name}")),
        nobody=f"photo_nobody-{name}" in sent,
        mark=sent.get(f"photo_mark-{name}", ""),
        is_work=f"photo_work-{name}" in sent,
        no_name=f"photo_no_name-{name}" in sent,
        own_group=shown_to == "group",
        only_for=shown_to.removeprefix("child:") if shown_to.startswith("child:") else "",
    )


def read_frames(sent: QueryDict) -> list[Frame]:
    """Return the frames that were drawn on a photo: fields `x`, `y`, `w` and `h`, once for each, as fractions.

    The frame that is still being drawn or typed (alter.html) comes last, in percents: `left`, `top`, `width` and
    `height`. What is no number gives a frame that is not sound; a number too few gives none at all. One more frame is
    read than may be covered, so that the action can say so.
    """
    columns = [sent.getlist(name)[: frames.MAX_COVERS + 1] for name in ("x", "y", "w", "h")]
    if len({len(column) for column in columns}) != 1:
        return []
    found = [Frame(*map(_number, row)) for row in zip(*columns, strict=True)]
    if "left" in sent:
        left, top, width, height = (_number(sent.get(name, "")) / 100 for name in ("left", "top", "width", "height"))
        found.append(Frame(left, top, width, height))
    return found


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan


class AloneForm(forms.Form):
    """Of which child the photos are, and what can be seen. `children` are (public name, name). The files go beside."""

    child = forms.ChoiceField(label=_("Child"))
    alt = forms.CharField(label=_("What can be seen?"), max_length=rules.MAX_ALT, required=False, strip=True)

    def __init__(self, *given: Any, children: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["child"].choices = [("", _("Choose a child")), *children]  # type: ignore[attr-defined]
