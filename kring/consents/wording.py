"""What each purpose is called and explained as, and the school's own words in its place."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from kring.agreements.policy import Policy

Words = dict[str, str | Promise]

NAMES: Words = {
    "app_group": _("Photos for the own group"),
    "app_school": _("Photos for the whole school"),
    "website": _("Website of the school"),
    "newsletter": _("Newsletter"),
    "school_guide": _("School guide"),
    "social_media": _("Social media of the school"),
    "class_photo": _("Class photo"),
    "photographer_address": _("Address to the photographer"),
    "board": _("Website of the board"),
    "lesson_recording": _("Recording of a lesson"),
}
SHORT: Words = {
    "app_group": pgettext_lazy("narrow", "Own group"),
    "app_school": pgettext_lazy("narrow", "Whole school"),
    "website": pgettext_lazy("narrow", "Website"),
    "newsletter": pgettext_lazy("narrow", "Newsletter"),
    "school_guide": pgettext_lazy("narrow", "School guide"),
    "social_media": pgettext_lazy("narrow", "Social media"),
    "class_photo": pgettext_lazy("narrow", "Class photo"),
    "photographer_address": pgettext_lazy("narrow", "Address"),
    "board": pgettext_lazy("narrow", "Board"),
    "lesson_recording": pgettext_lazy("narrow", "Lesson recording"),
}
TEXTS: Words = {
    "app_group": _("The parents of the group and the team see the photo, in Kring."),
    "app_school": _("All parents of the school and the team see the photo, in Kring. For example after a sports day."),
    "website": _("Everybody on the internet can see the photo. We never put a name with it."),
    "newsletter": _("Everybody who gets the newsletter sees the photo. We never put a name with it."),
    "school_guide": _("Everybody who reads the school guide sees the photo, also families who are choosing a school."),
    "social_media": _(
        "Everybody can see and share the photo on the school's pages. It may stay around after we remove it. We never "
        "put a name with it."
    ),
    "class_photo": _("Your child is in the class photo. All families of the group can order it."),
    "photographer_address": _("The school photographer gets your mail address, to offer you the photos. Nothing else."),
    "board": _("Everybody on the internet can see the photo, on the website of the school board. Without a name."),
    "lesson_recording": _(
        "A trainee may film a lesson to learn from it. Only the trainee and the teachers look at it; then it is erased."
    ),
}
# Who sees a photo is the first thing to know: the page shows the purposes in these two parts.
INSIDE = ("app_group", "app_school")


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose as people read it, in the language of the page."""

    code: str
    name: str
    short: str
    text: str

    @property
    def is_inside(self) -> bool:
        """Say whether the photo stays within Kring."""
        return self.code in INSIDE


def purpose_of(code: str, policy: Policy) -> Purpose:
    """Return the purpose in the active language, with the school's own explanation (S5) where it wrote one."""
    text = dict(policy.consent_purposes.texts).get(code) or str(TEXTS[code])
    return Purpose(code=code, name=str(NAMES[code]), short=str(SHORT[code]), text=text)


def purposes_of(policy: Policy) -> list[Purpose]:
    """Return what the school asks consent for (S5), in its order."""
    return [purpose_of(code, policy) for code in policy.consent_purposes.purposes]


def words_of(code: str, policy: Policy) -> dict[str, dict[str, str]]:
    """Return the words in every language of the screen, as they are kept with an answer."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            purpose = purpose_of(code, policy)
            found[language] = {"name": purpose.name, "text": purpose.text}
    return found
