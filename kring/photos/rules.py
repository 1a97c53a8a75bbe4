"""What a picture may be, how large its renditions are, and for whom it may be shown. Pure: no Django, no Pillow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

SIZES = (400, 800, 1600)  # longest side of a rendition, in pixels
FULL = 2560  # longest side of the re-encoded full size, where the installation keeps one (KRING_KEEP_FULL_PHOTOS)
MAX_UPLOAD_BYTES = 30 * 1024 * 1024
MAX_PIXELS = 60_000_000  # a phone's 48 megapixels pass, a bomb does not (security.md, R15)
MAX_MEMORY = 290_000_000  # bytes that decoding one picture may take
# Bytes per pixel while it is decoded, measured (tests/photos/test_memory.py). A JPEG is decoded small; see headers.py.
DECODING = {"PNG": 5.3, "WEBP": 15.5, "HEIF": 4.8, "HEIF, deep": 7.6}
MAX_HELD_BYTES = 190_000_000  # coefficients of a JPEG in several scans
MAX_SCANS = 200  # a progressive JPEG has about ten; each one more is a walk over all pixels
MAX_ALT = 300
MAX_PER_POST = 40
MAX_UNFINISHED = 60  # uploads of one person that wait for the worker
MAX_UNUSED = 400  # photos of one person that stand in no message yet
KEEP_FREE_BYTES = 500 * 1024 * 1024
MAX_TRIES = 3
SWEEP_AFTER = timedelta(hours=1)
STUCK_AFTER = timedelta(minutes=10)
REPEAT_WITHIN = timedelta(hours=1)  # a file sent again within this time is the same upload
KEEP_UPLOAD = timedelta(hours=24)  # an original that could not be made ready holds a place and a time: gone in a day
KEEP_UNUSED = timedelta(days=60)


class State(StrEnum):
    """Where a photo stands between upload and picture."""

    WAITING = "waiting"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class Fault(StrEnum):
    """Why a file did not become a picture; the screen shows a sentence for each (wording.py)."""

    KIND = "kind"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    PIXELS = "pixels"
    HEAVY = "heavy"
    DAMAGED = "damaged"
    TWICE = "twice"
    TOO_MANY = "too_many"
    NO_ROOM = "no_room"
    BUSY = "busy"
    GONE = "gone"


# What trying again can mend: the file was fine, the server was not.
PASSING = frozenset({Fault.NO_ROOM, Fault.BUSY})


@dataclass(frozen=True, slots=True)
class Picked:
    """What a composer's form says of its photos: their order, the words typed with each, and which button was pressed.

    `rearranged`: a button of the picker sent the form, so it is to be shown again, not published. `repeated`: these
    files were sent before and no answer came, so they may be here already. `said`: what was ticked about who is in it,
    of the photos whose roster was on the page. `whole` and `same`: the photo of the button "whole group", "as before".
    """

    order: list[str] = field(default_factory=list)
    alts: dict[str, str] = field(default_factory=dict)
    dropped: str = ""
    again: str = ""
    rearranged: bool = False
    repeated: bool = False
    said: dict[str, Said] = field(default_factory=dict)
    whole: str = ""
    same: str = ""

    def children(self) -> set[str]:
        """Return the names of all children that were ticked or chosen."""
        found = {child for said in self.said.values() for child in said.children}
        return found | {said.only_for for said in self.said.values() if said.only_for}


@dataclass(frozen=True, slots=True)
class Said:
    """What was ticked with one photo. Children by their public name; `mark` is what stood when the page was made.

    `own_group` and `only_for`: of all those whom the message is for only these see it.
    """

    children: frozenset[str] = frozenset()
    nobody: bool = False
    mark: str = ""
    is_work: bool = False
    no_name: bool = False
    own_group: bool = False
    only_for: str = ""


def box(width: int, height: int, size: int) -> tuple[int, int]:
    """Return width and height of the rendition `size` of a picture, in pixels. Never larger than the picture."""
    longest = max(width, height)
    if longest <= size:
        return width, height
    return max(1, round(width * size / longest)), max(1, round(height * size / longest))


def sizes_for(width: int, height: int) -> tuple[int, ...]:
    """Return which of SIZES are made for a picture: every one that is smaller than it, and the first that holds it."""
    longest = max(width, height)
    smaller = [size for size in SIZES if size < longest]
    return (*smaller, *SIZES[len(smaller) : len(smaller) + 1])


def kept_sizes(width: int, height: int, *, keep_full: bool) -> tuple[int, ...]:
    """Return the sizes to store: the renditions, and the full size where it is kept and is more than the largest."""
    with_full = keep_full and max(width, height) > SIZES[-1]
    return (*sizes_for(width, height), *([FULL] if with_full else []))


def nearest_size(width: int, height: int, asked: int) -> int:
    """Return the size that was made for a picture and serves best for `asked`."""
    return max(size for size in sizes_for(width, height) if size <= max(asked, SIZES[0]))


def moved(order: Sequence[str], which: str, *, up: bool) -> list[str]:
    """Return `order` with `which` one place earlier or later; unknown names and the ends change nothing."""
    result = list(order)
    if which not in result:
        return result
    here = result.index(which)
    there = here - 1 if up else here + 1
    if 0 <= there < len(result):
        result[here], result[there] = result[there], result[here]
    return result


def once(names: Iterable[str]) -> list[str]:
    """Return `names` in their order, each once."""
    return list(dict.fromkeys(names))


_STORED = re.compile(r"^([0-9a-f]{32})-(?:400|800|1600|2560)\.webp$")


def rendition_name(key: str, size: int) -> str:
    """Return where the rendition is stored. `key` is random: nothing in the name comes from the upload."""
    return f"photos/{key[:2]}/{key}-{size}.webp"


def key_of(file_name: str) -> str:
    """Return the key in a stored file's own name (without folders); empty when it is not a rendition."""
    found = _STORED.match(file_name)
    return found.group(1) if found else ""


# For whom a photo is shown needs consent for one of these (S5); to a child's own guardians alone it needs none.
APP_GROUP, APP_SCHOOL, OWN_GUARDIANS = "app_group", "app_school", ""
# Where a photo may be used outside Kring.
ELSEWHERE = ("website", "newsletter", "school_guide", "social_media", "class_photo", "board")


class People(StrEnum):
    """What was said about who can be recognised on a photo."""

    UNSAID = "unsaid"
    NOBODY = "nobody"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Towards:
    """For whom something is, as far as photos ask: `has_more` are layers, roles or named persons."""

    group_ids: frozenset[int] = frozenset()
    whole_school: bool = False
    has_more: bool = False

    def may_reach(self, group_id: int) -> bool:
        """Say whether the families of the group can be among those it is for."""
        return self.whole_school or self.has_more or group_id in self.group_ids


@dataclass(frozen=True, slots=True)
class InPhoto:
    """Who is in a photo: what was said, and the keys of the named children. A key is None for who is known no more."""

    people: People
    children: tuple[int | None, ...] = ()


class Verdict(StrEnum):
    """What the lens sees: fine, or what keeps a photo back."""

    FINE = "fine"
    CHECK = "check"  # to its own group, and nobody said who is in it: to be named, or checked by hand
    SAY_WHO = "say_who"  # beyond its group, or to one child: to be named first
    NO_CONSENT = "no_consent"
    NOT_ALONE = "not_alone"  # meant for one child's guardians, and another child is in it


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one photo, with the keys of the children it is about. Says for staff only who they are."""

    verdict: Verdict
    children: tuple[int | None, ...] = ()

    @property
    def is_fine(self) -> bool:
        """Say whether the photo may go."""
        return self.verdict == Verdict.FINE


def purpose_of(towards: Towards, *, group_id: int, own_group: bool = False) -> str:
    """Return the consent that a photo of this group needs: everything but exactly its own group is wide.

    `own_group`: of all those whom the message is for, only the photo's own group gets to see the photo.
    """
    narrow = not (towards.whole_school or towards.has_more) and towards.group_ids == {group_id}
    return APP_GROUP if narrow or (own_group and towards.may_reach(group_id)) else APP_SCHOOL


def lens(
    photo: InPhoto,
    purpose: str,
    given: Collection[tuple[int | None, str]],
    *,
    only_for: int | None = None,
    is_checked: bool = False,
) -> Finding:
    """Return the verdict on a photo for one purpose. `given` are the pairs (child, purpose) whose consent stands.

    With OWN_GUARDIANS, `only_for` is the child whose guardians alone will see it. `is_checked`: somebody looked by hand
    whether every child may be shown, which is enough for the photo's own group when nobody was named.
    """
    if purpose == OWN_GUARDIANS:
        if photo.people == People.UNSAID:
            return Finding(Verdict.SAY_WHO)
        others = tuple(child for child in photo.children if child is None or child != only_for)
        return Finding(Verdict.NOT_ALONE, others) if others else Finding(Verdict.FINE)
    if photo.people == People.UNSAID:
        if purpose != APP_GROUP:
            return Finding(Verdict.SAY_WHO)
        return Finding(Verdict.FINE if is_checked else Verdict.CHECK)
    without = tuple(child for child in photo.children if child is None or (child, purpose) not in given)
    return Finding(Verdict.NO_CONSENT, without) if without else Finding(Verdict.FINE)


def short_names(names: Sequence[tuple[str, str]]) -> list[str]:
    """Return what to call children on a roster: the first name, and where two share it a letter or the last name.

    `names` are (first name, last name).
    """
    firsts = Counter(first for first, _last in names)
    letters = Counter((first, last[:1]) for first, last in names)
    found = []
    for first, last in names:
        if firsts[first] == 1 or not last:
            found.append(first)
        elif letters[first, last[:1]] == 1:
            found.append(f"{first} {last[0]}.")
        else:
            found.append(f"{first} {last}")
    return found


def about(number: int) -> int:
    """Return a number of families as it is told to parents: in fives, from ten on; 0 means "a few"."""
    return 0 if number < 8 else 5 * round(number / 5)
