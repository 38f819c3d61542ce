"""What an official hears about their own calendar, out of which the service reads when they are busy.

An address is never repeated: whoever has it can read the calendar.
"""

from bot.domain.language import Language, Text
from bot.domain.own_calendar import FOR_GOOD, Trouble
from bot.text.reply import Command, Reply, Strong, say

ADDRESS = Text(fi="!kalenteri osoite", sv="!kalender adress", en="!calendar address")
ADDRESS_OFF = Text(fi="!kalenteri osoite pois", sv="!kalender adress av", en="!calendar address off")

_WHY = {
    Trouble.BAD_ADDRESS: Text(
        fi="Osoite ei ole sellainen, jota voin lukea.",
        sv="Adressen är inte en sådan som jag kan läsa.",
        en="The address is not one that I can read.",
    ),
    Trouble.NOT_HTTPS: Text(
        fi="Luen kalentereita vain suojatusta osoitteesta, jonka alussa on https:// tai webcal://.",
        sv="Jag läser kalendrar bara från en skyddad adress som börjar med https:// eller webcal://.",
        en="I read calendars from secure addresses only, which begin with https:// or webcal://.",
    ),
    Trouble.UNKNOWN_HOST: Text(
        fi="Osoitteen palvelinta ei löydy. Tarkista, ettei osoitteessa ole kirjoitusvirhettä.",
        sv="Servern i adressen hittas inte. Kontrollera att adressen är rätt skriven.",
        en="The address names a server that can't be found. Check it for typing errors.",
    ),
    Trouble.NOT_PUBLIC: Text(
        fi="Osoite johtaa suljettuun verkkoon, josta en turvallisuussyistä lue mitään.",
        sv="Adressen leder till ett slutet nät, som jag av säkerhetsskäl inte läser från.",
        en="The address leads into a closed network, which I don't read from for safety.",
    ),
    Trouble.UNREACHABLE: Text(
        fi="Kalenterin palvelin ei vastaa.",
        sv="Kalenderns server svarar inte.",
        en="The calendar's server does not answer.",
    ),
    Trouble.UNTRUSTED: Text(
        fi="Kalenterin palvelimen varmenne ei kelpaa, joten en voi olla varma, kuka vastaa.",
        sv="Certifikatet på kalenderns server duger inte, så jag kan inte veta vem som svarar.",
        en="The certificate of the calendar's server is not valid, so I can't be sure who answers.",
    ),
    Trouble.REDIRECTED: Text(
        fi="Osoite ohjaa toiseen osoitteeseen. Anna se osoite, jossa kalenteri itse on.",
        sv="Adressen leder vidare till en annan adress. Ge adressen där själva kalendern finns.",
        en="The address leads on to another one. Give the address of the calendar itself.",
    ),
    Trouble.REFUSED: Text(
        fi="Kalenterin palvelin ei anna kalenteria. Ehkä osoite on vanhentunut tai vaatii kirjautumisen.",
        sv="Kalenderns server ger inte ut kalendern. Kanske har adressen gått ut eller kräver inloggning.",
        en="The calendar's server refuses it. Perhaps the address has expired or needs a login.",
    ),
    Trouble.TOO_LARGE: Text(
        fi="Kalenteri on liian suuri. Jaa siitä osoite, jossa ei ole vanhoja merkintöjä.",
        sv="Kalendern är för stor. Dela en adress utan gamla händelser.",
        en="The calendar is too large. Share it under an address without old entries.",
    ),
    Trouble.TOO_SLOW: Text(
        fi="Kalenterin palvelin vastaa liian hitaasti.",
        sv="Kalenderns server svarar för långsamt.",
        en="The calendar's server answers too slowly.",
    ),
    Trouble.BROKEN: Text(
        fi="Kalenterin palvelimen vastaus katkesi tai oli virheellinen.",
        sv="Svaret från kalenderns server avbröts eller var felaktigt.",
        en="The answer of the calendar's server broke off or was faulty.",
    ),
    Trouble.TOO_MANY_COMPONENTS: Text(
        fi="Kalenterissa on liian monta merkintää. Jaa siitä osoite, jossa ei ole vanhoja merkintöjä.",
        sv="Kalendern har för många händelser. Dela en adress utan gamla händelser.",
        en="The calendar has too many entries. Share it under an address without old ones.",
    ),
    Trouble.NOT_A_CALENDAR: Text(
        fi="Osoitteessa ei ole kalenteria. Tarvitsen iCal-osoitteen, jonka lopussa on usein .ics.",
        sv="På adressen finns ingen kalender. Jag behöver en iCal-adress, som ofta slutar på .ics.",
        en="There is no calendar at the address. I need an iCal address, which often ends in .ics.",
    ),
    Trouble.CUT_OFF: Text(
        fi="Kalenterin tiedosto on kesken, joten en luota siihen.",
        sv="Kalenderns fil är ofullständig, så jag litar inte på den.",
        en="The calendar's file is incomplete, so I don't rely on it.",
    ),
}


def hint(language: Language) -> Reply:
    """For an official who asked about the other direction."""
    words = Text(
        fi="Voin myös lukea omasta kalenteristasi, milloin olet varattu. ",
        sv="Jag kan också läsa i din egen kalender när du är upptagen. ",
        en="I can also read in your own calendar when you are busy. ",
    )
    return say(words.in_(language)) + _give(language)


def refused(trouble: Trouble, language: Language) -> Reply:
    """The answer to an address that can't be one."""
    return say(_WHY[trouble].in_(language)) + _give(language)


def taken(language: Language) -> Reply:
    """The answer to an address that is going to be read."""
    words = Text(
        fi="Kiitos, luen kalenterisi nyt ja sen jälkeen 15 minuutin välein. Otan siitä vain ajat, jolloin olet varattu."
        " Kerron pian, onnistuiko lukeminen.",
        sv="Tack, jag läser din kalender nu och sedan var 15:e minut. Jag tar bara de tider då du är upptagen."
        " Jag berättar snart om läsningen lyckades.",
        en="Thank you, I read your calendar now and every 15 minutes from now on. I take only your busy times."
        " I will soon tell you whether it worked.",
    )
    return say(words.in_(language)) + _stop(language)


def ended(language: Language) -> Reply:
    words = Text(
        fi="En lue enää omaa kalenteriasi. Sen varaamat ajat ovat taas varattavissa.",
        sv="Jag läser inte längre din egen kalender. Tiderna som den spärrade kan bokas igen.",
        en="I no longer read your own calendar. The times that it blocked can be booked again.",
    )
    return say(words.in_(language))


def nothing_to_end(language: Language) -> Reply:
    words = Text(
        fi="En lue mitään omaa kalenteriasi.",
        sv="Jag läser ingen egen kalender åt dig.",
        en="I read no calendar of your own.",
    )
    return say(words.in_(language)) + _give(language)


def works(busy: int, language: Language) -> Reply:
    """The first reading that worked, or the first after trouble that was told; `busy` is how many times were found."""
    words = Text(
        fi="Omaa kalenteriasi luetaan. Siinä on varattuja aikoja edessä: {n}. Niitä ei tarjota asiakkaille.",
        sv="Din egen kalender läses. Upptagna tider framöver: {n}. De erbjuds inte kunderna.",
        en="Your own calendar is being read. Busy times ahead: {n}. They are not offered to citizens.",
    )
    return say(words.format(n=busy).in_(language))


def partly(language: Language) -> Reply:
    """Some of it could not be understood, so some busy time may be offered."""
    words = Text(
        fi="En ymmärtänyt kalenterisi kaikkia merkintöjä, joten jokin varattu aikasi voi näkyä vapaana."
        " Tarkista lähipäivät ja sulje päivät tarvittaessa itse:",
        sv="Jag förstod inte alla händelser i din kalender, så någon upptagen tid kan synas som ledig."
        " Kontrollera de närmaste dagarna och stäng dem vid behov själv:",
        en="I did not understand every entry in your calendar, so some busy time may show as free."
        " Check the coming days and close days yourself where needed:",
    )
    return say(words.in_(language), " ", Command(Text(fi="!poissa", sv="!borta", en="!away").in_(language)))


def failing(trouble: Trouble, language: Language, *, known: bool) -> Reply:
    """Reading does not work; `known` tells that busy times of an earlier reading stay in force."""
    head = Text(
        fi="Oman kalenterisi lukeminen ei onnistu.",
        sv="Det går inte att läsa din egen kalender.",
        en="Your own calendar can't be read.",
    )
    still = Text(
        fi="Aiemmin luetut varatut ajat pysyvät voimassa.",
        sv="De upptagna tider som lästs tidigare gäller fortfarande.",
        en="The busy times that were read before stay in force.",
    )
    again = Text(
        fi="Yritän uudelleen 15 minuutin välein.",
        sv="Jag försöker igen var 15:e minut.",
        en="I try again every 15 minutes.",
    )
    reply = say(Strong(head.in_(language)), " ", _WHY[trouble].in_(language))
    reply += say(still.in_(language)) if known else Reply(())
    reply += say(again.in_(language)) if trouble not in FOR_GOOD else Reply(())
    return reply + _give(language) + _stop(language)


def _give(language: Language) -> Reply:
    words = Text(fi="Anna osoite näin: ", sv="Ge en adress så här: ", en="Give an address like this: ")
    return say(words.in_(language), Command(f"{ADDRESS.in_(language)} https://…"))


def _stop(language: Language) -> Reply:
    words = Text(fi="Lopeta lukeminen: ", sv="Sluta läsa: ", en="To stop: ")
    return say(words.in_(language), Command(ADDRESS_OFF.in_(language)))
