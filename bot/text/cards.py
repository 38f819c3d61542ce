"""The card of an appointment on its unit's wall: one line that is edited as things change, in the town's language.

A confidential unit's card shows a number and a time, never a subject or a name. A second line tells in few words
what the reactions under it do, as long as they do anything.
"""

from dataclasses import dataclass

from bot.domain.booking import Party, State
from bot.domain.directory import Identity
from bot.domain.language import Language, Text
from bot.text.notices import Visit
from bot.text.reply import Inline, Paragraph, Reply, Strong, say

OFFER = "🔁"
"""The reaction by which an appointment's official offers it to colleagues, or keeps it after all."""
TAKE = "✋"
"""The reaction by which a colleague takes what was offered."""

_STATES = {
    State.HELD: Text(fi="Varattavana", sv="Under bokning", en="Being booked"),
    State.BOOKED: Text(fi="Varattu", sv="Bokad", en="Booked"),
    State.CANCELLED: Text(fi="Peruttu", sv="Avbokad", en="Cancelled"),
    State.LAPSED: Text(fi="Rauennut", sv="Förfallen", en="Lapsed"),
    State.VISITED: Text(fi="Hoidettu", sv="Skött", en="Done"),
    State.NO_SHOW: Text(fi="Asiakas ei saapunut", sv="Kunden kom inte", en="The citizen did not come"),
}
_CANCELLED_BY = {
    Party.CITIZEN: Text(fi="Asiakas perui", sv="Kunden avbokade", en="Cancelled by the citizen"),
    Party.OFFICIAL: Text(fi="Palvelija perui", sv="Avbokad av oss", en="Cancelled by us"),
    Party.SERVICE: Text(fi="Peruuntui", sv="Avbokad", en="Cancelled"),
}
_OFFERED = Text(fi="Tarjolla", sv="Erbjuds", en="Offered")
_ASKED = Text(fi="Odottaa asiakkaan valintaa", sv="Väntar på kundens val", en="Waits for the citizen's choice")
_KNOWN = {
    Identity.NONE: Text(fi="tunnistamatta", sv="inte identifierad", en="not identified"),
    Identity.CONTACT: Text(fi="yhteystieto vahvistettu", sv="kontaktuppgift bekräftad", en="contact confirmed"),
    Identity.STRONG: Text(fi="vahvasti tunnistettu", sv="starkt identifierad", en="strongly identified"),
}
_TO_OFFER = Text(fi="🔁 tarjoa työkaverille", sv="🔁 erbjud en kollega", en="🔁 offer to a colleague")
_TO_TAKE = Text(
    fi="✋ ota itsellesi · 🔁 pidä sittenkin", sv="✋ ta över · 🔁 behåll ändå", en="✋ take it · 🔁 keep it after all"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is to be seen beside the appointment itself.

    `shared`: colleagues give the service too, so it can be handed over; `asked`: the citizen was offered a
    substitute or new times; `guests`: how many third persons take part; `identity`: how surely it is known who the
    citizen is, where the service asks for it.
    """

    shared: bool = False
    asked: bool = False
    guests: int = 0
    identity: Identity | None = None


def card(visit: Visit, by: Party | None = None, standing: Standing | None = None) -> Reply:
    """As the appointment stands; `by` tells who cancelled it, where somebody did."""
    language, seen = visit.municipality.default_language, standing or Standing()
    subject = "" if visit.unit.confidential else f" · {visit.service.name.in_(language)}"
    guests = f" · +{seen.guests}" if seen.guests else ""
    known = "" if seen.identity is None else f" · {_KNOWN[seen.identity].in_(language)}"
    parts: tuple[Inline, ...] = (
        Strong(_state(visit, by, seen).in_(language)),
        f": {visit.when(language)}{subject} · {visit.official.title.in_(language)}",
        f" · {visit.appointment.number}{guests}{known}",
    )
    return Reply((Paragraph(parts),)) + _reactions(visit, seen, language)


def _state(visit: Visit, by: Party | None, standing: Standing) -> Text:
    state = visit.appointment.state
    if by is not None and state is State.CANCELLED:
        return _CANCELLED_BY[by]
    if standing.asked:
        return _ASKED
    return _OFFERED if visit.appointment.offered and standing.shared else _STATES[state]


def _reactions(visit: Visit, standing: Standing, language: Language) -> Reply:
    if not standing.shared:
        return Reply(())
    words = _TO_TAKE if visit.appointment.offered else _TO_OFFER
    return say(words.in_(language))
