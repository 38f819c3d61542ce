"""The card of an appointment on its unit's wall: one line that is edited as things change, in the town's language.

A confidential unit's card shows a number and a time, never a subject or a name.
"""

from bot.domain.booking import Party, State
from bot.domain.language import Text
from bot.text.notices import Visit
from bot.text.reply import Inline, Paragraph, Reply, Strong

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


def card(visit: Visit, by: Party | None = None) -> Reply:
    """As the appointment stands; `by` tells who cancelled it, where somebody did."""
    language = visit.municipality.default_language
    cancelled = by is not None and visit.appointment.state is State.CANCELLED
    state = _CANCELLED_BY[by] if cancelled and by else _STATES[visit.appointment.state]
    subject = "" if visit.unit.confidential else f" · {visit.service.name.in_(language)}"
    parts: tuple[Inline, ...] = (
        Strong(state.in_(language)),
        f": {visit.when(language)}{subject} · {visit.official.title.in_(language)} · {visit.appointment.number}",
    )
    return Reply((Paragraph(parts),))
