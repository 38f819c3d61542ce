"""How surely the service knows who a person is, and whether that is enough for what they want."""

from bot.actions.ports import Transaction
from bot.domain.directory import Identity, Service
from bot.domain.ids import UserId, server_of
from bot.domain.refusals import IdentityNeeded


def identity_of(tx: Transaction, user: UserId) -> Identity:
    """An account of the municipality's own homeserver is a contact that it gave out itself."""
    own = server_of(user) == tx.directory.municipality.server_name
    return max(tx.people.identity(user), Identity.CONTACT if own else Identity.NONE)


def missing_identity(tx: Transaction, user: UserId, service: Service) -> IdentityNeeded | None:
    return IdentityNeeded(service, service.identity) if identity_of(tx, user) < service.identity else None
