"""Questions in people's own words: written down, answered by what the engine found, or handed to an official.

Each step is one transaction. Finding the right entry is `bot.advice`'s matter and happens between two of them; the
words are `bot.text.advice_words`'.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.actions.deliveries import KEYCAPS, Amend, ItemId, Lane, React, Say
from bot.actions.notify import open_unit_room
from bot.actions.ports import Transaction
from bot.actions.questions import PATIENCE, Question
from bot.actions.rooms import RoomKind
from bot.domain.advice import Advice, Band
from bot.domain.catalogue import Entry, EntryId, Origin
from bot.domain.directory import Official, Unit
from bot.domain.ids import OfficialId, UnitId
from bot.domain.inquiry import ASKER_STAYS, KEPT_FOR, SUBJECT_STAYS, Inquiry, NewInquiry, State
from bot.domain.jobs import Job, JobKind
from bot.domain.language import Language, Text
from bot.domain.masking import has_identity_code, masked
from bot.text import advice_words
from bot.text.named_days import read_day
from bot.text.reply import Inline, Reply, Strong, choices, say

ADVICE_WORD = Text(fi="!neuvo", sv="!råd", en="!advice")
ASK_WORD = Text(fi="!kysy-virkailijalta", sv="!fråga-tjänsteman", en="!ask-official")
OTHER_WORD = Text(fi="!muu-asia", sv="!annat-ärende", en="!something-else")
_BOOK = Text(fi="!varaa", sv="!boka", en="!book")
MODEL_OF = "advice_model_of"
"""The fact that names what the stored model was trained from: see `model_of`."""
KEEP, ACCEPT = "📌", "✅"
LONGEST_DRAFT = 2000
_SURE_LENGTH = 3
"""Words from which on a question tells its language better than what the person used last."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown, and the command line that it stands for."""

    words: str
    line: str


def model_of(revision: str, corpus: str) -> str:
    """Names a model by the catalogue's revision and the corpus' version."""
    return f"{revision} {corpus}".strip()


def ask(tx: Transaction, asked: NewInquiry) -> None:
    """Writes a question down; the answer follows in a transaction of its own."""
    tx.inquiries.add(asked)


def subject(tx: Transaction, lane: Lane, now: datetime) -> Entry | None:
    """What was answered within the last ten minutes in this room."""
    found = tx.inquiries.subject(lane, now - SUBJECT_STAYS)
    return None if found is None else tx.catalogue.entry(found)


def answer(tx: Transaction, inquiry: Inquiry, advice: Advice | None, now: datetime) -> None:
    """Says what was found. None: the engine does not answer, which is said, with the ways to a person."""
    if inquiry.person is None:
        tx.inquiries.drop(inquiry.id)
        return
    language = _language(inquiry, advice)
    tx.people.set_language(inquiry.person, language, chosen=False)
    inquiry = replace(inquiry, language=language)
    found = [] if advice is None else [entry for one in advice.found if (entry := tx.catalogue.entry(one.entry))]
    band = _band(advice, found)
    if band is Band.ONE:
        _say_one(tx, inquiry, found[0], language, now)
    elif band is Band.CHOICES:
        _say_choices(tx, inquiry, found[:3], language, now)
    else:
        _say_unknown(tx, inquiry, advice, language, now)
    tx.jobs.plan(Job(JobKind.INQUIRY, str(inquiry.id), now + PATIENCE))


def _band(advice: Advice | None, found: Sequence[Entry]) -> Band:
    """Where the entry that was found is no longer in the catalogue, the next best ones are choices at most."""
    if advice is None or not found:
        return Band.HAND_OVER
    is_same = found[0].id == advice.found[0].entry
    return Band.CHOICES if advice.band is Band.ONE and not is_same else advice.band


def give_up(tx: Transaction, inquiry: Inquiry, now: datetime) -> None:
    """Where saying the answer itself failed: the person gets the ways to go on, or at least is not asked for ever."""
    tx.inquiries.keep(replace(inquiry, state=State.UNSURE, band=Band.HAND_OVER))
    tx.jobs.plan(Job(JobKind.INQUIRY, str(inquiry.id), now + PATIENCE))
    tx.attempt(lambda: answer(tx, inquiry, None, now))


def forget(tx: Transaction, subject: str, now: datetime) -> bool:
    """Answered and not taken further: nothing is kept. What is unanswered stays masked for sixty days.

    Its writer is known for a day, so that an official may answer unasked; longer only where one was asked to.
    """
    inquiry = tx.inquiries.get(int(subject))
    if inquiry is None:
        return False
    if inquiry.state is State.ANSWERED or now >= inquiry.asked + KEPT_FOR:
        tx.inquiries.drop(inquiry.id)
        return True
    waits = inquiry.state is State.UNSURE and now < inquiry.asked + ASKER_STAYS
    person = inquiry.person if waits or inquiry.state is State.OPEN else None
    tx.inquiries.keep(replace(inquiry, words=None, person=person))
    tx.jobs.plan(Job(JobKind.INQUIRY, subject, inquiry.asked + (ASKER_STAYS if waits else KEPT_FOR)))
    return True


def _language(inquiry: Inquiry, advice: Advice | None) -> Language:
    words = (inquiry.words or "").split()
    return inquiry.language if advice is None or len(words) < _SURE_LENGTH else advice.language


def _say_one(tx: Transaction, inquiry: Inquiry, entry: Entry, language: Language, now: datetime) -> None:
    """Nothing of it is kept beyond the half hour in which the person may still go on from here."""
    reply = entry_reply(tx, entry, language, inquiry, now)
    ways = ways_on(tx, inquiry, entry, language)
    reply += say(advice_words.NOT_HELPED.in_(language))
    settled = replace(inquiry, state=State.ANSWERED, band=Band.ONE, entry=entry.id, answered=now, unit=entry.unit)
    tx.inquiries.keep(settled)
    _send(tx, settled, _Told(reply, ways, language), now)


def entry_reply(tx: Transaction, entry: Entry, language: Language, inquiry: Inquiry, now: datetime) -> Reply:
    """The entry's answer, with the hours of the day that the question names."""
    zone = tx.directory.municipality.time_zone
    today = now.astimezone(zone).date()
    day, _ = read_day(inquiry.words or "", inquiry.asked, zone, tx.directory.closures)
    return advice_words.answer(entry, language, today, day, holiday(tx, day or today))


def holiday(tx: Transaction, day: date) -> Text | None:
    """The name of a public holiday or of a closure of the municipality's own."""
    return next((one.name for one in tx.directory.closures if one.covers(day)), None)


def ways_on(tx: Transaction, inquiry: Inquiry, entry: Entry | None, language: Language) -> list[Choice]:
    """To an official, and to booking where there is something to book."""
    ways = [Choice(advice_words.ASK_OFFICIAL.in_(language), f"{ASK_WORD.in_(language)} {inquiry.number}")]
    if entry is None:
        return [*ways, Choice(advice_words.BOOK_TIME.in_(language), _BOOK.in_(language))]
    if entry.bookable in tx.directory.services:
        return [Choice(advice_words.BOOK_TIME.in_(language), f"{_BOOK.in_(language)} {entry.bookable}"), *ways]
    return ways


def _say_choices(tx: Transaction, inquiry: Inquiry, found: Sequence[Entry], language: Language, now: datetime) -> None:
    named = [
        Choice(advice_words.name_of(entry, language), f"{ADVICE_WORD.in_(language)} {entry.id} {inquiry.number}")
        for entry in found
    ]
    none = Choice(advice_words.NONE_OF_THESE.in_(language), f"{OTHER_WORD.in_(language)} {inquiry.number}")
    settled = replace(inquiry, state=State.UNSURE, band=Band.CHOICES, unit=_most_confidential(tx, found))
    tx.inquiries.keep(settled)
    _send(tx, settled, _Told(say(advice_words.WHICH.in_(language)), [*named, none], language), now)


def _most_confidential(tx: Transaction, found: Sequence[Entry]) -> UnitId | None:
    """What may be a confidential unit's is treated as that until the person has chosen."""
    units = [tx.directory.units.get(entry.unit) for entry in found if entry.unit is not None]
    return next((unit.id for unit in units if unit is not None and unit.confidential), found[0].unit)


def _say_unknown(tx: Transaction, inquiry: Inquiry, advice: Advice | None, language: Language, now: datetime) -> None:
    referral = None if advice is None else advice.referral
    words = advice_words.NOT_READY if advice is None else advice_words.DO_NOT_KNOW
    reply = say(words.in_(language)) if referral is None else advice_words.referral(referral, language)
    state = State.UNSURE if referral is None else State.ANSWERED
    settled = replace(inquiry, state=state, band=Band.HAND_OVER)
    tx.inquiries.keep(settled)
    _send(tx, settled, _Told(reply + call(tx, language), ways_on(tx, settled, None, language), language), now)


def _item(inquiry: Inquiry) -> ItemId:
    return ItemId(inquiry.card or 0)


def call(tx: Transaction, language: Language) -> Reply:
    phone = tx.directory.municipality.phone
    return say(advice_words.CALL.in_(language), Strong(phone)) if phone else Reply(())


@dataclass(frozen=True, slots=True)
class _Told:
    """An answer with the ways on from it."""

    reply: Reply
    ways: Sequence[Choice]
    language: Language


def _send(tx: Transaction, inquiry: Inquiry, told: _Told, now: datetime) -> None:
    if inquiry.person is None:
        return
    reply = told.reply
    if has_identity_code(inquiry.words or ""):
        reply = say(Strong(advice_words.NO_IDENTITY.in_(told.language))) + reply
    lane = Lane(inquiry.lane)
    listed: tuple[Inline, ...] = tuple(way.words for way in told.ways)
    message = Say(reply + choices(*listed), choices=min(len(listed), len(KEYCAPS)))
    item = tx.outbox.put(lane, message, key=f"inquiry:{inquiry.id}", now=now)
    question = Question(told.language, "", tuple(way.line for way in told.ways), now + PATIENCE)
    tx.questions.put(lane, inquiry.person, question, item)


def chosen(tx: Transaction, inquiry: Inquiry, entry: Entry, now: datetime) -> None:
    """The person has taken one of the choices. What an official was asked already stays with that official."""
    taken = replace(inquiry, entry=entry.id, answered=now)
    if inquiry.state is not State.OPEN:
        taken = replace(taken, state=State.ANSWERED, unit=entry.unit)
    tx.inquiries.keep(taken)


def hand_over(tx: Transaction, inquiry: Inquiry, now: datetime) -> bool:
    """The question goes to a unit's wall as a card; false where it is there already."""
    if inquiry.card is not None:
        return False
    unit = _unit(tx, inquiry)
    language = tx.directory.municipality.default_language
    words = advice_words.card(inquiry, language, confidential=unit.confidential)
    lane = open_unit_room(tx, unit, now).lane
    item = tx.outbox.put(lane, Say(words), key=f"inquiry:{inquiry.id}:card", now=now, urgent=False)
    tx.inquiries.keep(replace(inquiry, state=State.OPEN, unit=unit.id, card=item))
    return True


def _unit(tx: Transaction, inquiry: Inquiry) -> Unit:
    """The entry's unit; else the first that somebody works in and that is not confidential, else the first."""
    units = tx.directory.units
    if inquiry.unit is not None and inquiry.unit in units:
        return units[inquiry.unit]
    staffed = {official.unit for official in tx.directory.officials.values() if official.active}
    open_ones = [unit for unit in units.values() if unit.id in staffed and not unit.confidential]
    return (open_ones or list(units.values()))[0]


def may_read(tx: Transaction, inquiry: Inquiry, official: Official) -> bool:
    """What a confidential unit was asked is its own officials' matter."""
    unit = None if inquiry.unit is None else tx.directory.units.get(inquiry.unit)
    return unit is None or not unit.confidential or official.unit == unit.id


def is_confidential(tx: Transaction, inquiry: Inquiry) -> bool:
    unit = None if inquiry.unit is None else tx.directory.units.get(inquiry.unit)
    return unit is not None and unit.confidential


def reply(tx: Transaction, inquiry: Inquiry, official: OfficialId, words: str, now: datetime) -> bool:
    """An official's answer goes into the citizen's chat; false where it was answered already."""
    if inquiry.state not in {State.OPEN, State.UNSURE} or inquiry.person is None:
        return False
    room = tx.rooms.find(RoomKind.DIRECT, inquiry.person)
    if room is None:
        return False
    language = inquiry.language
    told = say(Strong(advice_words.FROM_OFFICIAL.format(n=inquiry.number).in_(language)), ":")
    key = f"inquiry:{inquiry.id}:reply"
    tx.outbox.put(room.lane, Say(told + say(words), mention=(inquiry.person,)), key=key, now=now)
    draft = None if is_confidential(tx, inquiry) else masked(words, LONGEST_DRAFT)
    done = replace(inquiry, state=State.REPLIED, person=None, words=None, answered=now, draft=draft, author=official)
    tx.inquiries.keep(done)
    show(tx, done, now)
    return True


def show(tx: Transaction, inquiry: Inquiry, now: datetime) -> None:
    """The card as the question stands now, with the reactions that do something."""
    unit = None if inquiry.unit is None else tx.directory.units.get(inquiry.unit)
    if inquiry.card is None or unit is None:
        return
    language = tx.directory.municipality.default_language
    lane, key = open_unit_room(tx, unit, now).lane, f"inquiry:{inquiry.id}:card:{inquiry.state}"
    author = None if inquiry.author is None else tx.directory.officials.get(inquiry.author)
    title = author.title.in_(language) if author else str(inquiry.author or "")
    words = advice_words.card(inquiry, language, title, confidential=unit.confidential)
    step = {State.REPLIED: ("keep", KEEP), State.PROPOSED: ("proposed", ACCEPT), State.KEPT: ("kept", "")}
    line, sign = step.get(inquiry.state, ("", ""))
    if line and not unit.confidential:
        words += advice_words.state_line(line, language)
    tx.outbox.put(lane, Amend(_item(inquiry), words), key=key, now=now, urgent=False)
    if sign and not unit.confidential:
        tx.outbox.put(lane, React(sign, to_item=_item(inquiry)), key=f"{key}:{sign}", now=now, urgent=False)


def propose(tx: Transaction, inquiry: Inquiry, now: datetime) -> bool:
    """An official's answer is to become an entry of the catalogue."""
    if inquiry.state is not State.REPLIED or not inquiry.draft:
        return False
    proposed = replace(inquiry, state=State.PROPOSED)
    tx.inquiries.keep(proposed)
    show(tx, proposed, now)
    return True


def accept(tx: Transaction, inquiry: Inquiry, official: OfficialId, now: datetime) -> Entry | None:
    """Another official than who answered makes it an entry; none where that is not so."""
    if inquiry.state is not State.PROPOSED or inquiry.author == official or not inquiry.draft:
        return None
    day = now.astimezone(tx.directory.municipality.time_zone).date()
    entry = Entry(
        id=EntryId(f"vastaus-{inquiry.id}"),
        name={inquiry.language: inquiry.masked[:120]},
        summary={inquiry.language: inquiry.draft},
        updated=day,
        unit=inquiry.unit,
        origin=Origin.STAFF,
    )
    tx.catalogue.take(Origin.STAFF, [entry], complete=False)
    kept = replace(inquiry, state=State.KEPT)
    tx.inquiries.keep(kept)
    show(tx, kept, now)
    return entry
