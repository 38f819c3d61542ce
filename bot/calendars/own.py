"""The names that our appointments have in calendars, so that they are known again when they come back.

An official's calendar may hold what our own feed brought into it: that time is ours already.
"""

from bot.domain.booking import NUMBER_ALPHABET, NUMBER_LENGTH


def uid_of(number: str, server_name: str) -> str:
    """`7KQ2MX@kunta.example`: the same for the whole life of an appointment (RFC 5545, 3.8.4.7)."""
    return f"{number}@{server_name}"


def is_own(uid: str, server_name: str) -> bool:
    """Whether it is the name of an appointment of this server's, in whatever case a calendar keeps it."""
    number, _, server = uid.strip().rpartition("@")
    is_number = len(number) == NUMBER_LENGTH and set(number.upper()) <= set(NUMBER_ALPHABET)
    return is_number and server.casefold() == server_name.casefold()
