"""What is said when a message can't be answered as meant: unreadable, too long, too much, or a fault of ours."""

from bot.commands.spec import Conversation
from bot.domain.language import Language, Text
from bot.text.reply import Command, Reply, Strong, say


def locked(talk: Conversation) -> Reply:
    sorry = Text(
        fi="En saanut viestiäsi auki, koska sen salausavain ei tullut perille. Kirjoita viesti uudelleen.",
        sv="Jag kunde inte öppna ditt meddelande, för dess krypteringsnyckel kom inte fram. Skriv meddelandet igen.",
        en="I could not open your message because its encryption key did not arrive. Please write it again.",
    )
    other = Text(
        fi="Jos se ei auta, aloita kanssani uusi keskustelu.",
        sv="Om det inte hjälper, börja en ny chatt med mig.",
        en="If that does not help, start a new chat with me.",
    )
    return say(talk.of(sorry)) + say(talk.of(other)) + _call(talk.language, talk.hearer.phone)


def too_long(talk: Conversation) -> Reply:
    return say(
        talk.of(
            Text(
                fi="Viestisi on minulle liian pitkä. Kerro lyhyemmin, tai kirjoita !apua.",
                sv="Ditt meddelande är för långt för mig. Skriv kortare, eller skriv !hjälp.",
                en="Your message is too long for me. Please say it shorter, or type !help.",
            )
        )
    )


def too_many(talk: Conversation) -> Reply:
    return say(
        talk.of(
            Text(
                fi="Viestejä tuli monta kerralla. Vastasin ensimmäisiin; odota minuutti ja lähetä loput uudelleen.",
                sv="Det kom många meddelanden på en gång. Jag svarade på de första; vänta en minut och skicka resten.",
                en="Many messages came at once. I answered the first ones; wait a minute and send the rest again.",
            )
        )
    )


def not_text(talk: Conversation, kind: str) -> Reply:
    if kind == "m.key.verification.request":
        return say(
            talk.of(
                Text(
                    fi="En voi vahvistaa laitteita. Voit jatkaa ilman sitä: kirjoita !apua.",
                    sv="Jag kan inte verifiera enheter. Du kan fortsätta utan det: skriv !hjälp.",
                    en="I can't verify devices. You can go on without it: type !help.",
                )
            )
        )
    return say(
        talk.of(
            Text(
                fi="Luen tässä vain tekstiä. Lähetä liitteet varaamasi ajan omaan huoneeseen.",
                sv="Här läser jag bara text. Skicka bilagor i rummet för din bokade tid.",
                en="I read only text here. Send attachments in the room of your booked time.",
            )
        )
    )


def fault(language: Language, reference: str, phone: str) -> Reply:
    sorry = Text(
        fi="Anteeksi, jokin meni meillä vikaan. Viestisi on tallessa. Yritä hetken päästä uudelleen.",
        sv="Förlåt, något gick fel hos oss. Ditt meddelande är sparat. Försök igen om en stund.",
        en="Sorry, something went wrong on our side. Your message is kept. Please try again in a moment.",
    )
    code = Text(fi="Vian tunnus: ", sv="Felkod: ", en="Fault code: ")
    return say(sorry.in_(language)) + say(code.in_(language), Command(reference)) + _call(language, phone)


def _call(language: Language, phone: str) -> Reply:
    if not phone:
        return Reply(())
    call = Text(fi="Voit myös soittaa: ", sv="Du kan också ringa: ", en="You can also call: ")
    return say(call.in_(language), Strong(phone))
