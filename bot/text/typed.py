"""What a person types, where words tell them to: the commands' names with their mark, in three languages.

The commands themselves are declared in `bot.commands` under these names.
"""

from bot.domain.language import Text

BOOK = Text(fi="!varaa", sv="!boka", en="!book")
TIMES = Text(fi="!ajat", sv="!tider", en="!times")
BOOKINGS = Text(fi="!varaukset", sv="!bokningar", en="!bookings")
CANCEL = Text(fi="!peru", sv="!avboka", en="!cancel")
MOVE = Text(fi="!siirrä", sv="!flytta", en="!move")
NOTIFY = Text(fi="!ilmoita", sv="!meddela", en="!notify")
SERVICES = Text(fi="!palvelut", sv="!tjänster", en="!services")

HOLD = Text(fi="!pidä", sv="!håll", en="!hold")
CONFIRM = Text(fi="!vahvista", sv="!bekräfta", en="!confirm")
RELEASE = Text(fi="!vapauta", sv="!släpp", en="!release")
"""These three stand behind choices; nobody has to type them."""


def bare(word: Text) -> Text:
    """A command's name without its mark."""
    return word.map(lambda typed: typed.removeprefix("!"))
