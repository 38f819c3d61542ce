"""`!pidä`, `!vahvista`, `!vapauta`: what stands behind the choices between proposed times and a booked appointment.

Nobody has to type them: a chosen time is held, summed up, and confirmed by number, by reaction, or with a word.
"""

from bot.actions import booking, holding
from bot.actions.notify import visit_of
from bot.commands.asking import question
from bot.commands.booking import Wish, book, confirmed, exact, search_for, wanted_service
from bot.commands.offering import ASKED, offer_times, refused, to_book
from bot.commands.own import ByNumber, NoArguments, show_bookings
from bot.commands.spec import Answer, Command, Conversation, Group
from bot.domain.booking import Appointment
from bot.domain.language import Text
from bot.domain.refusals import Refusal
from bot.text import confirmations, typed, wording
from bot.text.reply import say
from bot.text.when import When


def hold(talk: Conversation, wish: Wish) -> Answer:
    """Keeps the chosen time and asks for a yes; without a time it is a wish like any other."""
    service = wanted_service(talk, wish, typed.BOOK)
    start = exact(talk, wish.time)
    if isinstance(service, Answer) or start is None:
        return book(talk, wish)
    search, ahead = search_for(talk, service, same=wish.same)
    if ahead.blocks:
        return offer_times(talk, search, wish.time, ASKED, ahead)
    outcome = holding.hold(talk.tx, talk.person, service.id, start, talk.now, officials=search.officials)
    return _summed_up(talk, outcome) if isinstance(outcome, holding.Held) else refused(talk, search, outcome)


def _summed_up(talk: Conversation, held: holding.Held) -> Answer:
    number = held.appointment.number
    lines = (f"{talk.of(word)} {number}" for word in (typed.CONFIRM, typed.RELEASE))
    asked = question(talk, f"{talk.of(typed.BOOK)} {held.service.id}", lines)
    visit = visit_of(talk.tx, held.appointment, talk.now)
    return Answer(confirmations.summary(visit, talk.language), asked, taps=True)


def confirm(talk: Conversation, args: ByNumber) -> Answer:
    number = args.number or _only_held(talk)
    if not number:
        return _nothing_to_confirm(talk)
    outcome = holding.confirm(talk.tx, talk.person, number, talk.now)
    return confirmed(talk, outcome) if isinstance(outcome, booking.Booked) else _refused(talk, number, outcome)


def let_go(talk: Conversation, args: ByNumber) -> Answer:
    """Lets the time go and shows others."""
    number = args.number or _only_held(talk)
    if not number:
        return _nothing_to_confirm(talk)
    outcome = holding.let_go(talk.tx, talk.person, number, talk.now)
    if not isinstance(outcome, holding.LetGo):
        return _refused(talk, number, outcome)
    done = Text(
        fi="Aika on taas vapaa muille.", sv="Tiden är ledig för andra igen.", en="The time is free for others again."
    )
    return offer_times(talk, to_book(talk, outcome.service), When(), ASKED, say(talk.of(done)))


def _only_held(talk: Conversation) -> str:
    """The time that can be meant without its number."""
    held = talk.tx.appointments.held_of(talk.person, talk.now)
    return held[0].number if len(held) == 1 else ""


def _nothing_to_confirm(talk: Conversation) -> Answer:
    """Several held times are listed with the person's bookings; without any, that is said first."""
    listed = show_bookings(talk, NoArguments())
    if talk.tx.appointments.held_of(talk.person, talk.now):
        return listed
    none = Text(
        fi="Sinulla ei ole aikaa vahvistettavana.",
        sv="Du har ingen tid att bekräfta.",
        en="You have no time to confirm.",
    )
    return Answer(say(talk.of(none)) + listed.reply, listed.question, taps=listed.taps)


def _refused(talk: Conversation, number: str, no: Refusal) -> Answer:
    held: Appointment | None = talk.tx.appointments.by_number(number)
    service = None if held is None else talk.tx.directory.services.get(held.service)
    if held is None or service is None or held.citizen != talk.person:
        return Answer(wording.refusal(no, talk.hearer))
    return refused(talk, to_book(talk, service), no)


HOLD = Command(
    names=typed.bare(typed.HOLD),
    summary=Text(fi="Pidä aika viisi minuuttia", sv="Håll en tid i fem minuter", en="Keep a time for five minutes"),
    examples=Text(
        fi="!pidä rakennuslupa 2027-01-12 09:00",
        sv="!håll bygglov 2027-01-12 09:00",
        en="!hold building permit 2027-01-12 09:00",
    ),
    args=Wish,
    run=hold,
    group=Group.BOOKING,
    hidden=True,
)

CONFIRM = Command(
    names=typed.bare(typed.CONFIRM),
    summary=Text(fi="Varaa pidetty aika", sv="Boka tiden som hålls", en="Book the time that is kept"),
    examples=Text(fi="!vahvista H7K3MP", sv="!bekräfta H7K3MP", en="!confirm H7K3MP"),
    args=ByNumber,
    run=confirm,
    group=Group.BOOKING,
    hidden=True,
)

RELEASE = Command(
    names=typed.bare(typed.RELEASE),
    summary=Text(fi="Luovu pidetystä ajasta", sv="Släpp tiden som hålls", en="Let a kept time go"),
    examples=Text(fi="!vapauta H7K3MP", sv="!släpp H7K3MP", en="!release H7K3MP"),
    args=ByNumber,
    run=let_go,
    group=Group.BOOKING,
    hidden=True,
)
