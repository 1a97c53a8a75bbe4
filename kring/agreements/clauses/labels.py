"""The words of the editor: what each setting is called, and each of its choices."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

PURPOSE_NAMES: Words = {
    "app_group": _("Kring, for the own group"),
    "app_school": _("Kring, for the whole school"),
    "website": _("the website of the school"),
    "newsletter": _("the newsletter"),
    "school_guide": _("the school guide"),
    "social_media": _("social media"),
    "class_photo": _("the class photo"),
    "photographer_address": _("passing on the address to the photographer"),
    "board": _("the website of the board"),
    "lesson_recording": _("recording a lesson by a trainee"),
}
CONVERSATION_NAMES: Words = {
    "report": _("report conversations"),
    "advice": _("secondary-school advice conversations"),
    "acquaintance": _("conversations to get to know each other"),
    "progress": _("ten-minute conversations"),
}
ROLE_NAMES: Words = {
    "teacher": _("Teachers of the group"),
    "office": _("Office"),
    "management": _("Management"),
    "care_coordinator": _("Care coordinator"),
    "class_parent": _("Class parents"),
    "parent_council": _("Parent council"),
}
POST_NAMES: Words = {
    "group": _("Group posts"),
    "homework": _("Homework and talks"),
    "goals": _("Learning goals"),
    "outing": _("Outings"),
    "outing_change": _("Changes to an outing"),
    "bring": _("Things to bring"),
    "staff": _("Absence of teachers"),
    "kwink": _("Kwink of the week"),
    "announcement": _("Announcements"),
    "school_wide": _("Messages for the whole school"),
}
REACTION_NAMES: Words = {"none": _("Nothing"), "heart": _("A heart"), "comments": _("A heart and comments")}

SETTING_NAMES: Words = {
    "weekly_guideline.number": _("Group posts a week"),
    "weekly_guideline.mode": _("What the number means"),
    "weekly_guideline.thursday_hint": _("A friendly reminder on Thursday?"),
    "photo_preferred.on": _("Prefer a photo with a group post?"),
    "anonymous_work.on": _("Keep the makers of pupils' work unknown?"),
    "functional_kinds.kinds": _("Which practical messages are there?"),
    "functional_kinds.announcement_by": _("Who writes announcements?"),
    "kwink.whole_school": _("Kwink for the whole school?"),
    "kwink.weekday": _("Day on which it comes out"),
    "lead_time.number": _("Days in advance"),
    "lead_time.unit": _("Which days count"),
    "year_planning.on": _("Is the calendar ready at the start of the year?"),
    "year_planning.feed_details": _("May explanations and appointments stand in the calendar of somebody's own phone?"),
    "reminder.weeks": _("Weeks in advance"),
    "sensitive_topics.hint": _("A friendly hint with sensitive subjects?"),
    "sick_and_late.way": _("How is illness reported?"),
    "sick_and_late.until": _("Before which hour?"),
    "sick_and_late.phone": _("Telephone number for reports"),
    "medical_visit.in_app": _("May a visit be reported in Kring?"),
    "leave.way": _("How is leave asked for?"),
    "leave.form_url": _("Address of the form"),
    "parent_messages.on": _("May parents send each other messages?"),
    "group_conversations.on": _("Are there group conversations?"),
    "group_conversations.opened_by": _("Who opens a group conversation?"),
    "group_conversations.closes_after_days": _("Closes after this many days"),
    "parent_photos.allowed": _("May parents share photos in a conversation?"),
    "consent_readers.office": _("Does the office read the consents too?"),
    "consent_readers.management": _("Does the management read the consents too?"),
    "contact_hours.windows": _("When does the team read messages?"),
    "contact_hours.own_working_days": _("Only on somebody's own working days?"),
    "contact_hours.outside": _("A message at another hour"),
    "contact_hours.per_person": _("May colleagues have times of their own?"),
    "expected_answer.mode": _("When does a parent get an answer?"),
    "expected_answer.working_days": _("Number of working days"),
    "receipts.on": _("Confirm that a message was read?"),
    "urgent_phone.number": _("Number in lesson time"),
    "council_requests.way": _("How does the parent council ask for help?"),
    "council_requests.read_by": _("Who reads the replies to a request of the council?"),
    "class_parent_requests.way": _("How does a class parent ask for help?"),
    "class_parent_requests.read_by": _("Who reads the replies to a request of a class parent?"),
    "conversation_kinds.kinds": _("Which conversations are planned in Kring?"),
    "booking_opening.all_at_once": _("All teachers at the same moment?"),
    "booking_opening.chosen_by": _("Who chooses the time?"),
    "booking_opening.change_until_closing": _("May a parent change it until closing?"),
    "sibling_priority.days": _("Days earlier"),
    "sibling_priority.children": _("From this many children"),
    "sibling_priority.gap_minutes": _("Minutes between conversations"),
    **{f"reactions.{kind}": name for kind, name in POST_NAMES.items() if kind != "outing_change"},
    "wide_posting.school": _("Who posts to the whole school?"),
    "wide_posting.layer": _("Who posts to a layer?"),
    "wide_posting.other_groups": _("Who posts to other groups?"),
    "wide_posting.council_may_post": _("May the parent council post itself?"),
    "photo_download.one": _("Download photos one by one?"),
    "photo_download.albums": _("Download whole albums?"),
    "photo_download.until_closing": _("Only until the closing date?"),
    "closing_date.month": _("Month"),
    "closing_date.day": _("Day"),
    "consent_purposes.purposes": _("What do you ask consent for?"),
    "consent_purposes.texts": _("Your own explanation, for each purpose"),
    "consent_purposes.window": _("When may an answer change?"),
    "consent_purposes.renewal_month": _("Month in which you ask again"),
    "emphasis.kinds": _("What goes out with emphasis?"),
    "digest.default": _("What does somebody get who chooses nothing?"),
    "calamity.senders": _("Who may send it?"),
    "sick_in_app.still_ill": _("Ask the next morning whether the child is still ill?"),
    "sick_in_app.receivers": _("Who receives a report?"),
    "leave_in_app.working_days": _("Working days to decide"),
    "directory.sees": _("What do parents of a group see of each other?"),
    "school_contact.address_form": _("How do you speak of teachers?"),
    "school_contact.phone": _("Telephone number of the school"),
    "school_contact.office_hours": _("When is the office open?"),
    "school_contact.email": _("Mail address of the office"),
    "school_contact.management_email": _("Mail address of the management"),
    "newsletter.on": _("Send the newsletter through Kring?"),
}
OPTION_NAMES: dict[str, Words] = {
    "weekly_guideline.mode": {
        "target": _("Something to aim at"),
        "minimum": _("At least this many"),
        "none": _("No number"),
    },
    "lead_time.unit": {"calendar": _("All days"), "school": _("Only school days")},
    "sick_and_late.way": {"phone": _("By phone"), "app": _("In Kring")},
    "leave.way": {"form": _("With the school's form"), "app": _("In Kring")},
    "contact_hours.outside": {
        "held": _("Waits until the next contact time"),
        "shown": _("Arrives at once, without a notification"),
    },
    "expected_answer.mode": {
        "lessons": _("As the lessons allow"),
        "working_days": _("Within a number of working days"),
        "week": _("Within a week"),
    },
    "council_requests.way": {
        "office": _("Through the office"),
        "management": _("Through the management"),
        "itself": _("It places the request itself"),
        "off": _("Not in Kring"),
    },
    "council_requests.read_by": {
        "named": _("Only who is named in the request"),
        "council": _("The whole parent council"),
    },
    "class_parent_requests.read_by": {
        "named": _("Only who is named in the request"),
        "class_parents": _("All class parents of the group"),
    },
    "class_parent_requests.way": {
        "teacher": _("Through the teacher"),
        "itself": _("Places the request in a group conversation"),
        "off": _("Not in Kring"),
    },
    "conversation_kinds.kinds": CONVERSATION_NAMES,
    "booking_opening.chosen_by": {"parents": _("Parents choose themselves"), "school": _("The school chooses")},
    "consent_purposes.purposes": PURPOSE_NAMES,
    "consent_purposes.texts": PURPOSE_NAMES,
    "consent_purposes.window": {"always": _("At any time"), "renewal_month": _("In the month of renewal")},
    "digest.default": {
        "weekly": _("One overview a week"),
        "daily": _("One overview a day"),
        "none": _("No overview"),
    },
    "directory.sees": {
        "names_and_children": _("Names and children"),
        "names": _("Only names"),
        "nobody": _("Nothing"),
    },
    "school_contact.address_form": {"teacher": _("The teacher"), "juf_meester": _("The juf or meester")},
    "functional_kinds.kinds": POST_NAMES,
    "emphasis.kinds": POST_NAMES,
}


def option_name(path: str, option: str) -> str:
    """Return what an option of the setting at `path` is called."""
    if path.startswith("reactions."):
        return str(REACTION_NAMES[option])
    return str(OPTION_NAMES.get(path, ROLE_NAMES)[option])


def problem_sentence(code: str, values: dict[str, object]) -> str:
    """Return the sentence beside a field for the code of an Unreadable or a contradiction."""
    return str(PROBLEMS[code]) % values


PROBLEMS: Words = {
    "choose": _("Choose one of the possibilities."),
    "choose_one": _("Choose at least one."),
    "whole_number": _("Fill in a whole number from %(low)s to %(high)s."),
    "out_of_range": _("Choose a number from %(low)s to %(high)s."),
    "clock": _("Fill in an hour like 8.45."),
    "too_long": _("This is too long: at most %(most)s characters fit."),
    "phone": _("Fill in a telephone number, for example 085-0000 120."),
    "email": _("Fill in a whole mail address, for example office@school.example."),
    "web": _("Fill in a whole address that begins with https://."),
    "ends_before_start": _("The end must be later than the start."),
    "windows_touch": _("Two times of one day overlap. Make one of them, or leave time between."),
    "no_windows": _("Fill in at least one contact time."),
    "no_such_day": _("This day does not exist in that month."),
}
