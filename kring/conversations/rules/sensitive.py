"""What a message seems to be about, by plain word lists (N1, N2, N4). Nothing leaves the server, nothing is kept.

A hint is a question, never a verdict: a word too many is a hint too many, so the lists hold whole words and few
beginnings, and what means something else as often is left out.
"""

from __future__ import annotations

import re
from enum import StrEnum

from kring.agreements.policy import Advice, Policy


class Subject(StrEnum):
    """What something is about."""

    SICK = "sick"
    LATE = "late"
    LEAVE = "leave"
    PROGRESS = "progress"
    RESULTS = "results"
    BEHAVIOUR = "behaviour"
    DIAGNOSIS = "diagnosis"


SENSITIVE = (Subject.DIAGNOSIS, Subject.BEHAVIOUR, Subject.RESULTS, Subject.PROGRESS)

# A word that ends in * stands for every word that begins so. Several words are looked for as they stand.
WORDS: dict[Subject, tuple[str, ...]] = {
    Subject.SICK: (
        "ziek", "ziekgemeld", "ziekmelden", "zieken", "griep", "koorts", "buikgriep", "overgegeven", "spuugt",
        "waterpokken", "beter melden", "betermelden", "sick", "ill", "fever", "flu", "vomiting", "chickenpox",
    ),
    Subject.LATE: (
        "te laat", "komt later", "iets later", "wat later op school", "verslapen", "running late", "be late",
        "arrive late", "overslept",
    ),
    Subject.LEAVE: (
        "verlof", "bijzonder verlof", "vrij vragen", "dag vrij", "dagje vrij", "eerder op vakantie", "langer weg",
        "buiten de vakantie", "leave of absence", "day off", "days off", "time off", "ask for leave",
    ),
    Subject.PROGRESS: (
        "voortgang", "vooruitgang", "achterstand", "loopt achter", "achterop", "onder zijn niveau", "onder haar niveau",
        "blijven zitten", "zittenblijven", "doubleren", "progress", "falling behind", "behind in", "repeat the year",
    ),
    Subject.RESULTS: (
        "toetsuitslag*", "toetsresultaten", "toetsscore*", "cito*", "onvoldoende", "onvoldoendes", "cijfer", "cijfers",
        "rapportcijfer*", "resultaten", "schooladvies", "vo-advies", "doorstroomtoets", "leerachterstand*", "grades",
        "test result", "test results", "test score*", "exam result*", "report card", "school advice",
    ),
    Subject.BEHAVIOUR: (
        "gedrag", "gedraagt", "gepest", "pesten", "pest", "pesterij*", "gepeste", "buitengesloten", "agressief",
        "agressie", "driftbui*", "slaat", "geslagen", "schopt", "liegt", "gestolen", "faalangst*", "slaapt slecht",
        "huilt", "bang om", "concentratieproblemen", "behaviour", "behavior", "bullied", "bullying", "bully",
        "excluded", "aggressive", "tantrum*", "hits other", "sleeps badly", "anxious", "afraid to",
    ),
    Subject.DIAGNOSIS: (
        "adhd", "add", "autisme", "autistisch", "pdd-nos", "dyslexie", "dyslectisch", "dyscalculie", "diagnose",
        "diagnostiek", "psycholoog", "psychiater", "therapie", "therapeut", "medicatie", "ritalin", "hoogbegaafd*",
        "jeugdzorg", "veilig thuis", "stoornis*", "logopedie", "autism", "autistic", "dyslexia", "dyslexic",
        "dyscalculia", "diagnosis", "psychologist", "psychiatrist", "therapy", "medication", "gifted", "disorder",
    ),
}  # fmt: skip


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = [
        re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word).replace(r"\ ", r"\s+")
        for word in words
    ]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w])", re.IGNORECASE)


_PATTERNS = {subject: _pattern(words) for subject, words in WORDS.items()}


def subjects_of(text: str) -> frozenset[Subject]:
    """Return what `text` seems to be about; mostly nothing."""
    return frozenset(subject for subject, pattern in _PATTERNS.items() if pattern.search(text))


def hint_for(text: str, policy: Policy, *, from_family: bool) -> Advice | None:
    """Return the one hint for what somebody is writing to the other side, or None.

    A parent who writes that a child is ill, late or asks for leave is led to what the agreement says (N2, N4); both
    sides are asked whether they would rather talk about something sensitive (N1), where the agreement has that.
    """
    found = subjects_of(text)
    if from_family:
        if Subject.SICK in found or Subject.LATE in found:
            return Advice("sick" if Subject.SICK in found else "late", "N2", values={"way": policy.sick_and_late.way})
        if Subject.LEAVE in found:
            return Advice("leave", "N4", values={"way": policy.leave.way})
    if policy.sensitive_topics.hint and any(subject in found for subject in SENSITIVE):
        return Advice("sensitive", "N1")
    return None
