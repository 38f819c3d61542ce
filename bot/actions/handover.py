"""An appointment in other hands or at another time, by the municipality's side: nobody is lost on the way.

Either everything moves in one transaction (the time, the reminders, the invitation of whoever takes over, the card,
the words to all who have to know) or nothing does. What a citizen moves themself is `bot.actions.moving`'s matter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions import calendars, cards, notify, room_life, waitinglist
from bot.actions.access import found_for
from bot.actions.booking import plan_reminders
from bot.actions.deliveries import Say
from bot.actions.kept import forget_choice
from bot.actions.ports import BlockKind, SlotLost, Transaction, language_of, officials_of
from bot.actions.rooms import RoomKind
from bot.actions.search import calendar_of, local_day, pick_place, utc
from bot.actions.taking import slot_at, why_not
from bot.domain.availability import Busy as Taken
from bot.domain.availability import is_free, open_intervals
from bot.domain.booking import Appointment, NewAppointment, Party, new_appointment
from bot.domain.directory import Official
from bot.domain.ids import OfficialId, UserId, resource
from bot.domain.language import Language
from bot.domain.opening import holds
from bot.domain.refusals import Refusal, SlotTaken
from bot.domain.staff_refusals import Busy, DoesNotServe, HasIt, NotFound, NotOffered, NotOpen, NotOwn, StaffRefusal
from bot.text import handover_words
from bot.text.notices import Visit
from bot.text.reply import Reply


@dataclass(frozen=True, slots=True)
class Moved:
    before: Appointment
    appointment: Appointment


def hand_over(tx: Transaction, actor: UserId, number: str, to: OfficialId, now: datetime) -> Moved | StaffRefusal:
    """The same time with another official, or a clear word why not."""
    found = open_for(tx, actor, number, now)
    return _to_colleague(tx, found, to, now) if isinstance(found, Appointment) else found


def reschedule(
    tx: Transaction, actor: UserId, number: str, start: datetime, now: datetime
) -> Moved | StaffRefusal | Refusal:
    """Another time with the same official, under the rules of booking but for the citizen's deadline."""
    found = open_for(tx, actor, number, now)
    if not isinstance(found, Appointment):
        return found
    start, service = utc(start), tx.directory.services[found.service]
    own = [tx.directory.officials[found.official]]
    slot = slot_at(tx, service, start, now, citizen=found.citizen, officials=own, without=found)
    if slot is None:
        return why_not(tx, service, start, now, officials=own, without=found)
    wanted = new_appointment(service, found.official, found.citizen, start, pick_place(slot, found.place))
    freed = tx.appointments.busy_interval(found.id)
    try:
        moved = relocate(tx, found, wanted, Party.OFFICIAL, now)
    except SlotLost:
        return SlotTaken(service, start, ())
    waitinglist.came_free(tx, found, freed, now)
    notify.moved(tx, found, moved, Party.OFFICIAL, now)
    return Moved(found, moved)


def offer(tx: Transaction, actor: UserId, appointment: Appointment, now: datetime) -> Appointment | StaffRefusal:
    """Its official offers it to colleagues; said again, they keep it after all."""
    found = open_for(tx, actor, appointment.number, now)
    if not isinstance(found, Appointment):
        return found
    if not _is_official_of(tx, actor, found):
        return NotOwn(found.number)
    changed = tx.appointments.offer(found, now, offered=not found.offered)
    cards.show(tx, changed, now)
    return changed


def claim(tx: Transaction, actor: UserId, appointment: Appointment, now: datetime) -> Moved | StaffRefusal:
    """A colleague takes what was offered, if they give the service and are free."""
    found, taker = open_for(tx, actor, appointment.number, now), tx.directory.official_of(actor)
    if not isinstance(found, Appointment):
        return found
    if taker is None:
        return NotFound(found.number)
    return _to_colleague(tx, found, taker.id, now) if found.offered else NotOffered(found.number)


def open_for(tx: Transaction, actor: UserId, number: str, now: datetime) -> Appointment | StaffRefusal:
    found = found_for(tx, actor, number)
    if isinstance(found, Appointment) and not (found.is_open(now) and now < found.start):
        return NotOpen(found.number)
    return found


def _is_official_of(tx: Transaction, user: UserId, appointment: Appointment) -> bool:
    official = tx.directory.official_of(user)
    return official is not None and official.id == appointment.official


def _to_colleague(tx: Transaction, appointment: Appointment, to: OfficialId, now: datetime) -> Moved | StaffRefusal:
    service, taker = tx.directory.services[appointment.service], tx.directory.officials[to]
    able = free_colleagues(tx, appointment, now)
    if to == appointment.official:
        return HasIt(taker, appointment.number)
    if not any(o.id == to for o in officials_of(tx, service.id)):
        return DoesNotServe(taker, able)
    if not any(o.id == to for o in able):
        return Busy(taker, appointment.start, able)
    try:
        moved = give_to(tx, appointment, to, Party.OFFICIAL, now)
    except SlotLost:
        return Busy(taker, appointment.start, ())
    waitinglist.came_free(tx, appointment, tx.appointments.busy_interval(moved.id), now)
    tell_citizen(tx, moved, handover_words.other_official, now)
    return Moved(appointment, moved)


def free_colleagues(tx: Transaction, appointment: Appointment, now: datetime) -> tuple[Official, ...]:
    """Who else gives the service, works then and has nothing else, the least loaded first.

    What is kept with a substitute for this very appointment does not stand in its own way.
    """
    service, day = tx.directory.services[appointment.service], local_day(tx, appointment.start)
    others = [o for o in officials_of(tx, service.id) if o.id != appointment.official]
    wanted = tx.appointments.busy_interval(appointment.id)
    calendar = calendar_of(tx, service, others, day, now)
    kept = tx.hours.blocked(BlockKind.SUBSTITUTE, str(appointment.id))
    calendar = replace(calendar, busy=_without(calendar.busy, kept))

    def able(official: Official) -> bool:
        works = any(holds(span, wanted) for span in open_intervals(official, day, calendar, service))
        return works and is_free(wanted, calendar.taken_of(resource(official.id)))

    return tuple(sorted(filter(able, others), key=lambda o: len(calendar.taken_of(resource(o.id)))))


def _without(all_of: Sequence[Taken], some: Sequence[Taken]) -> list[Taken]:
    left = list(all_of)
    for one in some:
        if one in left:
            left.remove(one)
    return left


def give_to(tx: Transaction, appointment: Appointment, to: OfficialId, by: Party, now: datetime) -> Appointment:
    """The same time and place with another official. Raises `SlotLost`; then nothing has changed."""
    wanted = NewAppointment(
        service=appointment.service,
        official=to,
        citizen=appointment.citizen,
        start=appointment.start,
        end=appointment.end,
        busy=tx.appointments.busy_interval(appointment.id),
        place=appointment.place,
    )
    return relocate(tx, appointment, wanted, by, now)


def relocate(tx: Transaction, appointment: Appointment, to: NewAppointment, by: Party, now: datetime) -> Appointment:
    """Moves it with all that hangs on it but the words to the citizen. Raises `SlotLost`; then nothing has changed."""
    moved = tx.appointments.move(appointment, to, by, now)
    forget_choice(tx, moved)
    plan_reminders(tx, moved, now)
    room_life.plan(tx, moved)
    if moved.official != appointment.official:
        _change_hands(tx, appointment, moved, now)
    if moved.start != appointment.start:
        notify.rename_appointment_room(tx, moved, now)
    cards.show(tx, moved, now)
    calendars.attach(tx, moved, now)
    return moved


def _change_hands(tx: Transaction, before: Appointment, after: Appointment, now: datetime) -> None:
    visit = notify.visit_of(tx, after, now)
    new = tx.directory.user_of(visit.official)
    former = tx.directory.officials.get(before.official)
    old = None if former is None else tx.directory.user_of(former)
    notify.change_official(tx, visit, None if old in tx.appointments.guests(after.id) else old, now)
    what = f"{_key(after)}:hands"
    tell(tx, new, handover_words.yours_now(visit, language_of(tx, new)), key=f"{what}:new", now=now)
    if old is not None and not _is_away(tx, before):
        tell(tx, old, handover_words.no_longer_yours(visit, language_of(tx, old)), key=f"{what}:old", now=now)


def _is_away(tx: Transaction, appointment: Appointment) -> bool:
    """Who is away that day is left in peace."""
    day = local_day(tx, appointment.start)
    return tx.hours.on([appointment.official], day).get(appointment.official) == ()


def tell(tx: Transaction, user: UserId, words: Reply, *, key: str, now: datetime) -> None:
    """In the person's direct room; who never opened one hears of it in the appointment's room and on the card."""
    room = tx.rooms.find(RoomKind.DIRECT, user)
    if room is not None:
        tx.outbox.put(room.lane, Say(words, mention=(user,)), key=key, now=now)


def tell_citizen(
    tx: Transaction, appointment: Appointment, words: Callable[[Visit, Language], Reply], now: datetime
) -> None:
    """In the appointment's room and the citizen's language; both parties' devices ring."""
    said = words(notify.visit_of(tx, appointment, now), language_of(tx, appointment.citizen))
    everybody = notify.parties(tx, appointment).values()
    key = f"{appointment.sequence}:moved"
    notify.say_in_appointment(tx, appointment, said, key=key, mention=everybody, now=now)


def _key(appointment: Appointment) -> str:
    return f"appointment:{appointment.id}:{appointment.sequence}"
