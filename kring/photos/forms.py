"""What the picker of a composer sends along with the composer's own form."""

from __future__ import annotations

from django.http import QueryDict

from kring.photos import rules

FILES = "photo_files"  # the name of the file field in picker.html


def read_picked(sent: QueryDict) -> rules.Picked:
    """Read the picker's fields: `photos` in order, `photo_alt-<name>`, and the buttons `photo_up`, `photo_down`,
    `photo_drop` and `photo_add`, which work without JavaScript. When one of those was pressed, `rearranged` is true
    and the composer shows its form again instead of publishing.
    """
    order = rules.once(sent.getlist("photos"))[: rules.MAX_PER_POST]
    alts = {name: sent[f"photo_alt-{name}"] for name in order if f"photo_alt-{name}" in sent}
    up, down, drop = sent.get("photo_up", ""), sent.get("photo_down", ""), sent.get("photo_drop", "")
    if up:
        order = rules.moved(order, up, up=True)
    if down:
        order = rules.moved(order, down, up=False)
    if drop:
        order = [name for name in order if name != drop]
    return rules.Picked(order, alts, bool(up or down or drop or "photo_add" in sent))
