"""What is said when a third person comes into an appointment."""

from bot.domain.booking import Party
from bot.domain.ids import UserId
from bot.domain.language import Language, Text
from bot.text.reply import Reply, Strong, say

INVITE_WORD = Text(fi="!kutsu", sv="!bjud-in", en="!invite")
INVITED = Text(
    fi="Kutsuttu tapaamiseen: {g}. Kerroin siitä tapaamisen huoneessa.",
    sv="Inbjuden till mötet: {g}. Jag meddelade det i mötets rum.",
    en="Invited to the appointment: {g}. I told it in the appointment's room.",
)
WHOM = Text(
    fi="Ketä kutsutaan ja mihin varaukseen? Kirjoita näin: !kutsu H7K3MP @tulkki:esimerkki.fi",
    sv="Vem bjuds in och till vilken bokning? Skriv så här: !bjud-in H7K3MP @tolk:exempel.fi",
    en="Who is invited, and to which booking? Type like this: !invite H7K3MP @interpreter:example.fi",
)
_BY = {
    Party.CITIZEN: Text(
        fi="Asiakas kutsui tapaamiseen mukaan: ", sv="Kunden bjöd in till mötet: ", en="The citizen invited: "
    ),
    Party.OFFICIAL: Text(
        fi="Palvelija kutsui tapaamiseen mukaan: ", sv="Vi bjöd in till mötet: ", en="The official invited: "
    ),
    Party.SERVICE: Text(fi="Tapaamiseen kutsuttiin: ", sv="Till mötet inbjöds: ", en="Invited: "),
}
_SEES = Text(
    fi="Hän näkee huoneen viestit ja liitteet.",
    sv="Personen ser rummets meddelanden och bilagor.",
    en="They see the room's messages and attachments.",
)


def joined(guest: UserId, by: Party, language: Language) -> Reply:
    """To both parties, in their room."""
    return say(_BY[by].in_(language), Strong(guest)) + say(_SEES.in_(language))
