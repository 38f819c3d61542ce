"""What can go wrong with the keys so that a person has to act; each fault says what to do.

The words are for the operator. They hold no Matrix ids and no key material.
"""

from typing import ClassVar

from bot.domain.language import Text


class CryptoError(Exception):
    """A fault of the account's keys that no retry heals. `words` tell the operator what to do."""

    words: ClassVar[Text]

    def __init__(self) -> None:
        super().__init__(self.words.en)


class IdentityLostError(CryptoError):
    """The homeserver shows a cross-signing identity and the file of its private keys is missing."""

    words = Text(
        fi=(
            "Palvelun tilillä on jo tunniste (ristiinvarmennus), mutta sen avaintiedosto puuttuu. "
            "Palauta tiedosto varmuuskopiosta. Jos se on kadonnut, nollaa tilin tunniste "
            "Matrix-sovelluksessa ja käynnistä palvelu uudelleen: kaikkien on silloin varmennettava palvelu uudelleen."
        ),
        sv=(
            "Tjänstens konto har redan en identitet (korssignering), men dess nyckelfil saknas. "
            "Återställ filen från säkerhetskopian. Om den är borta, nollställ kontots identitet i en "
            "Matrix-klient och starta tjänsten igen: alla måste då verifiera tjänsten på nytt."
        ),
        en=(
            "The service's account already has a cross-signing identity, but the file of its keys is "
            "missing. Restore the file from a backup. If it is gone, reset the account's identity in a Matrix client "
            "and start the service again: everyone then has to verify the service anew."
        ),
    )


class ForeignIdentityError(CryptoError):
    """The homeserver shows another cross-signing identity than the one whose private keys we hold."""

    words = Text(
        fi=(
            "Palvelimella oleva tilin tunniste (ristiinvarmennus) ei ole se, jonka avaimet palvelulla on. "
            "Joko tunniste on vaihdettu toisella sovelluksella tai avaintiedosto on väärä. Selvitä kumpi: "
            "palauta oikea avaintiedosto tai poista vanhentunut ja nollaa tunniste. Mitään ei ole korvattu."
        ),
        sv=(
            "Kontots identitet (korssignering) på servern är inte den vars nycklar tjänsten har. "
            "Antingen har identiteten bytts med en annan klient eller så är nyckelfilen fel. Ta reda på "
            "vilket: återställ rätt nyckelfil, eller ta bort den föråldrade och nollställ identiteten. "
            "Inget har ersatts."
        ),
        en=(
            "The account's cross-signing identity on the homeserver is not the one whose keys the service "
            "holds. Either another client replaced it or the key file is the wrong one. Find out which: restore the "
            "right key file, or remove the outdated one and reset the identity. Nothing was replaced."
        ),
    )


class IdentityRefusedError(CryptoError):
    """The homeserver did not take the cross-signing keys without a further authentication."""

    words = Text(
        fi=(
            "Palvelin ei ottanut vastaan tilin tunnistetta (ristiinvarmennus) ilman lisätunnistautumista. "
            "Nollaa tilin tunniste Matrix-sovelluksessa tai tarkista palvelimen asetukset."
        ),
        sv=(
            "Servern tog inte emot kontots identitet (korssignering) utan ytterligare autentisering. "
            "Nollställ kontots identitet i en Matrix-klient eller kontrollera serverns inställningar."
        ),
        en=(
            "The homeserver did not accept the account's cross-signing identity without further "
            "authentication. Reset the account's identity in a Matrix client, or check the homeserver's configuration."
        ),
    )


class NewDeviceNeededError(CryptoError):
    """The homeserver has other keys for this device id than the crypto store, which was lost or is old."""

    words = Text(
        fi=(
            "Salausavainten tietokanta on kadonnut tai vanhentunut, eikä se sovi palvelimella olevaan "
            "laitteeseen. Palvelun on kirjauduttava uudella laitetunnisteella; vanhaa laitetta ei voi enää käyttää."
        ),
        sv=(
            "Krypteringsnycklarnas databas är förlorad eller föråldrad och passar inte enheten på servern. "
            "Tjänsten måste logga in med ett nytt enhets-id; den gamla enheten kan inte längre användas."
        ),
        en=(
            "The store of encryption keys is lost or outdated and does not fit the device on the homeserver. "
            "The service has to log in with a new device id; the old device can no longer be used."
        ),
    )


class KeyFileError(CryptoError):
    """The file of the identity's private keys can't be read, or belongs to another account."""

    words = Text(
        fi="Tunnisteen avaintiedosto on viallinen tai toisen tilin. Palauta oikea tiedosto varmuuskopiosta.",
        sv="Identitetens nyckelfil är skadad eller ett annat kontos. Återställ rätt fil från kopian.",
        en="The identity's key file is damaged or another account's. Restore the right file from a backup.",
    )
