"""What happens by the clock: one readable table. Each job finds its own work and may run twice without harm."""

from __future__ import annotations

from datetime import timedelta

# name -> (dotted path of the job, how often). A slot that was missed while the server was down is made up for once.
SCHEDULE: dict[str, tuple[str, timedelta]] = {
    "publish due posts": ("kring.posts.jobs.publish_due_posts", timedelta(seconds=10)),
    "tell of tomorrow": ("kring.agenda.jobs.tell_tomorrow", timedelta(minutes=5)),
    "close group conversations": ("kring.conversations.jobs.close_group_conversations", timedelta(minutes=1)),
    "prepare reminders": ("kring.agenda.jobs.prepare_reminders", timedelta(minutes=5)),
    "ask who is still ill": ("kring.absences.jobs.ask_who_is_still_ill", timedelta(minutes=10)),
    "forget absences": ("kring.absences.jobs.forget_absences", timedelta(days=1)),
    "finish stuck photos": ("kring.photos.jobs.finish_stuck_photos", timedelta(minutes=10)),
    "sweep photos": ("kring.photos.jobs.sweep_photos", timedelta(hours=6)),
    "sweep documents": ("kring.files.jobs.sweep_documents", timedelta(days=1)),
    "forget calendars that nobody took over": ("kring.agenda.jobs.forget_calendars", timedelta(minutes=5)),
    "forget rosters that nobody applied": ("kring.imports.jobs.forget_uploads", timedelta(minutes=5)),
    "ask again for consent": ("kring.consents.jobs.ask_again", timedelta(hours=1)),
    "remind of consent": ("kring.consents.jobs.remind_again", timedelta(hours=1)),
    "look for lapsed consent": ("kring.consents.jobs.look_for_lapsed", timedelta(minutes=30)),
    "forget unconfirmed requests for help": ("kring.help_requests.jobs.forget_unconfirmed", timedelta(days=1)),
    "open rounds of conversations": ("kring.meetings.jobs.open_due_rounds", timedelta(minutes=1)),
    "complete rounds of conversations": ("kring.meetings.jobs.complete_rounds", timedelta(hours=1)),
    "remind of tomorrow's conversation": ("kring.meetings.jobs.remind_of_tomorrow", timedelta(minutes=15)),
    "pass kept moments on": ("kring.meetings.jobs.pass_offers_on", timedelta(minutes=1)),
    "give up plans that fell silent": ("kring.meetings.jobs.give_up_plans", timedelta(minutes=1)),
    "keep rounds in order": ("kring.meetings.jobs.keep_order", timedelta(hours=1)),
    "replan what waits": ("kring.notifications.jobs.replan_waiting", timedelta(minutes=5)),
    "requeue lost notices": ("kring.notifications.jobs.requeue_lost", timedelta(minutes=30)),
    "forget hints": ("kring.notifications.jobs.forget_hints", timedelta(minutes=5)),
    "forget dead devices": ("kring.notifications.jobs.forget_dead_devices", timedelta(hours=6)),
    "forget finished tasks": ("kring.core.jobs.forget_finished_tasks", timedelta(hours=1)),
    "refresh statistics": ("kring.core.jobs.refresh_statistics", timedelta(days=1)),
    "forget expired sessions": ("kring.core.jobs.forget_expired_sessions", timedelta(days=1)),
}

# What each worker looks at every half second: cheap reads that set going what is due.
EVERY_ROUND = ("kring.notifications.jobs.queue_due", "kring.conversations.jobs.tell_arrivals")

# Queues with work of seconds: each runs one task at a time, beside the ordinary tasks.
SLOW_QUEUES = ("photos", "push", "plans")
