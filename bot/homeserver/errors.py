"""What the admin API can refuse, as types. No message holds a name, an id or the server's own words."""


class AdminError(Exception):
    """A call to the homeserver's admin API failed."""


class HomeserverUnreachableError(AdminError):
    """No answer within the time given, or no connection."""


class RefusedError(AdminError):
    """The homeserver answered with an error that has no type of its own."""

    def __init__(self, operation: str, status: int, code: str) -> None:
        super().__init__(f"{operation}: the homeserver answered {status} {code}")
        self.operation = operation
        self.status = status
        """HTTP status."""
        self.code = code
        """The Matrix error code, such as `M_FORBIDDEN`; empty when the answer held none."""


class AccountExistsError(RefusedError):
    """The localpart is taken (`M_USER_IN_USE`)."""


class AliasTakenError(RefusedError):
    """The room alias is taken (`M_ROOM_IN_USE`)."""


class AccountUnknownError(RefusedError):
    """No such account (404 `M_NOT_FOUND`)."""


class AccountDeactivatedError(AdminError):
    """The account exists and was deactivated: it is brought back only when somebody asks for that."""


class WrongPasswordError(RefusedError):
    """The password does not open the account (403 `M_FORBIDDEN`), or the account is deactivated."""


class TokenRevokedError(RefusedError):
    """The access token no longer counts (401)."""


def refusal(operation: str, status: int, code: str) -> RefusedError:
    """The error for one answer of the homeserver."""
    if status == 401:  # noqa: PLR2004 -- HTTP's own number
        return TokenRevokedError(operation, status, code)
    known = {
        "M_USER_IN_USE": AccountExistsError,
        "M_ROOM_IN_USE": AliasTakenError,
        "M_NOT_FOUND": AccountUnknownError,
        "M_USER_DEACTIVATED": WrongPasswordError,
    }
    if operation == "login" and code == "M_FORBIDDEN":
        return WrongPasswordError(operation, status, code)
    return known.get(code, RefusedError)(operation, status, code)
