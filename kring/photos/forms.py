"""What the picker of a composer sends along with the composer's own form."""

from __future__ import annotations

from django.http import QueryDict

from kring.photos import rules

FILES = "photo_files"  # the name of the file field in picker.html


def read_picked(sent: QueryDict) -> rules.Picked:
    """Read the picker's fields: `photos` in order, `photo_alt-<name>`, and the buttons that work without JavaScript.

    Those are `photo_up`, `photo_down`, `photo_drop` and `photo_again` with a name, and `photo_add`. When one of them
    was pressed, `rearranged` is true and the composer shows its form again instead of publishing.
    """
    order = rules.once(sent.getlist("photos"))[: rules.MAX_PER_POST]
    alts = {name: sent.get(f"photo_alt-{name}", "") for name in order if f"photo_alt-{name}" in sent}
    up, down = sent.get("photo_up", ""), sent.get("photo_down", "")
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
        rearranged=bool(up or down or drop or again or "photo_add" in sent),
    )
