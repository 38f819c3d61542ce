"""On which appointments an official may act: their own, and those of the units and services that they share."""

from bot.actions.ports import Transaction
from bot.domain.booking import GONE, Appointment, State
from bot.domain.directory import Official
from bot.domain.ids import UserId
from bot.domain.staff_refusals import NotFound


def may_act(tx: Transaction, official: Official, appointment: Appointment) -> bool:
    """Its own official, a colleague of the service's unit, or anybody who gives the service."""
    service = tx.directory.services.get(appointment.service)
    if service is None or appointment.official not in tx.directory.officials:
        return False  # the municipality no longer has what it was about
    return official.unit == service.unit or official.id in (appointment.official, *service.officials)


def found_for(tx: Transaction, user: UserId, number: str) -> Appointment | NotFound:
    """The appointment of a number, where this official may act on it. A hold is nobody's appointment yet."""
    official, appointment = tx.directory.official_of(user), tx.appointments.by_number(number)
    if official is None or appointment is None or not may_act(tx, official, appointment):
        return NotFound(number)
    return NotFound(number) if appointment.state in (State.HELD, State.LAPSED) else appointment


def is_gone(appointment: Appointment) -> bool:
    return appointment.state in GONE
