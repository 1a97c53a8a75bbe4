"""Tables of this room, by subject."""

from kring.absences.models.leave import LeaveDocument, LeaveKindChoice, LeaveRequest, LeaveStateChoice
from kring.absences.models.reports import Absence, ReasonChoice, SourceChoice
from kring.absences.models.visits import Appointment, VisitKindChoice

__all__ = [
    "Absence",
    "Appointment",
    "LeaveDocument",
    "LeaveKindChoice",
    "LeaveRequest",
    "LeaveStateChoice",
    "ReasonChoice",
    "SourceChoice",
    "VisitKindChoice",
]
