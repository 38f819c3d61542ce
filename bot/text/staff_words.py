"""What an official is told when their command was done: marks, the week, hours."""

from bot.domain.booking import State
from bot.domain.language import Text

DONE_WORD = Text(fi="!valmis", sv="!klar", en="!done")
MISSED_WORD = Text(fi="!ei-saapunut", sv="!uteblev", en="!no-show")
WEEK_WORD = Text(fi="!viikko", sv="!vecka", en="!week")
DAY_WORD = Text(fi="!päivä", sv="!dag", en="!day")

WHICH = Text(
    fi="Mitä varausta tarkoitat? Vastaa numerolla:",
    sv="Vilken bokning menar du? Svara med siffra:",
    en="Which booking do you mean? Answer with a number:",
)
NONE_TODAY = Text(
    fi="Sinulla ei ole tänään varauksia. Anna varausnumero: {c}",
    sv="Du har inga bokningar i dag. Ange bokningsnumret: {c}",
    en="You have no bookings today. Give the booking number: {c}",
)
NONE_COMING = Text(
    fi="Sinulla ei ole tulevia varauksia. Anna varausnumero: {c}",
    sv="Du har inga kommande bokningar. Ange bokningsnumret: {c}",
    en="You have no coming bookings. Give the booking number: {c}",
)
MARKED = {
    State.VISITED: Text(fi="Merkitty hoidetuksi: ", sv="Antecknad som skött: ", en="Marked as done: "),
    State.NO_SHOW: Text(
        fi="Merkitty, ettei asiakas saapunut: ",
        sv="Antecknat att kunden inte kom: ",
        en="Marked that the citizen did not come: ",
    ),
}
CORRECTED = {
    State.VISITED: Text(fi="Korjattu hoidetuksi: ", sv="Rättad till skött: ", en="Corrected to done: "),
    State.NO_SHOW: Text(
        fi="Korjattu: asiakas ei saapunut: ",
        sv="Rättad: kunden kom inte: ",
        en="Corrected: the citizen did not come: ",
    ),
}
UNCHANGED = Text(fi="Merkintä oli jo tehty: ", sv="Anteckningen fanns redan: ", en="It was marked like that already: ")
TO_CORRECT = Text(fi="Korjaa kirjoittamalla: ", sv="Rätta genom att skriva: ", en="To correct it, type: ")
