"""The words for topics and choices, as pages and mails print them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kring.notifications.rules import Digest, Mail, Topic

TOPICS = {
    Topic.NEWS: gettext_lazy("News from the group"),
    Topic.PRACTICAL: gettext_lazy("Practical messages"),
    Topic.CONVERSATIONS: gettext_lazy("Conversations"),
    Topic.QUESTIONS: gettext_lazy("Questions of the school"),
    Topic.TEAM: gettext_lazy("For the team"),
    Topic.TOMORROW: gettext_lazy("What is on tomorrow"),
}
TOPIC_TEXTS = {
    Topic.NEWS: gettext_lazy("What the group did, with photos."),
    Topic.PRACTICAL: gettext_lazy("Homework, outings, things to bring, a teacher who is away."),
    Topic.CONVERSATIONS: gettext_lazy("A message to you, or an answer."),
    Topic.QUESTIONS: gettext_lazy("When the school needs your answer, as about photos."),
    Topic.TEAM: gettext_lazy("What changes for your work, as a consent that is withdrawn."),
    Topic.TOMORROW: gettext_lazy("The evening before, only when there is something."),
}
MAILS = {
    Mail.AUTO: gettext_lazy("When no device of yours is told"),
    Mail.AT_ONCE: gettext_lazy("At once"),
    Mail.DIGEST: gettext_lazy("In the overview"),
    Mail.NEVER: gettext_lazy("No e-mail"),
}
DIGESTS = {
    Digest.NONE: gettext_lazy("No overview"),
    Digest.DAILY: gettext_lazy("Every day at five o'clock"),
    Digest.WEEKLY: gettext_lazy("Every week, on Friday at four o'clock"),
}


def topic_counts(topics: Mapping[Topic, int]) -> list[str]:
    """Return a line for each topic that says how many messages it has, in the active language."""
    return [
        _("%(topic)s: %(number)s") % {"topic": TOPICS[topic], "number": topics[topic]}
        for topic in Topic
        if topics.get(topic)
    ]


def hour_words(hour: int) -> str:
    """Return a whole hour as people write it in the active language: "19.00 uur" or "7 p.m."."""
    return time_format(time(hour), "TIME_FORMAT")
