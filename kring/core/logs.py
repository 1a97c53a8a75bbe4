"""Logs with fields and without people: no form values, no addresses, no query strings, no words of exceptions.

A line says what kind of thing happened, where in the code, and under which request id; the same id stands on the
error page. JSON in production, one readable line elsewhere.
"""

from __future__ import annotations

import logging
import re
from traceback import format_tb
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

# These loggers put the path of the request in their words, and a path may hold the token of an invitation.
WORDS_OF_REQUESTS = ("django.request", "django.security", "django.server")
_address = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")


class WithoutRequests(logging.Filter):
    """Replace what Django says of a request by the logger's name and the status: the request line says the rest."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record and let it pass."""
        if record.name.startswith(WORDS_OF_REQUESTS):
            record.msg, record.args = f"{record.name} {getattr(record, 'status_code', '')}".strip(), ()
        return True


def without_words_of_exceptions(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Keep of an exception its class and where it was raised: its words may hold a name or an address."""
    info = event.pop("exc_info", None)
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0] is not None:
        event["problem"] = f"{info[0].__module__}.{info[0].__qualname__}"
        event["where"] = "".join(format_tb(info[2]))
    event.pop("exc_text", None)
    event.pop("stack_info", None)
    return event


def without_addresses(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Mask everything that looks like an e-mail address: libraries log what they like."""
    for key, value in event.items():
        if isinstance(value, str) and "@" in value:
            event[key] = _address.sub("[address]", value)
    return event


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words_of_exceptions,
        without_addresses,
    ]


def formatter(*, as_json: bool) -> logging.Formatter:
    """Return the formatter of every line, our own and those of libraries."""
    last: Processor = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """Return the value of Django's LOGGING, and let structlog write through it."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_requests": {"()": WithoutRequests}},
        "formatters": {"kring": {"()": formatter, "as_json": as_json}},
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "kring", "filters": ["without_requests"]}},
        "root": {"handlers": ["out"], "level": "WARNING"},
        "loggers": {
            "kring": {"level": level},
            # Django's own handlers print locals to the console or mail them: neither happens here.
            "django": {"level": "WARNING", "handlers": [], "propagate": True},
            "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
        },
    }
