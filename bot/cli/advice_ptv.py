"""`eahtari advice import --ptv`: services and channels from the open interface of the Finnish Service Catalogue (PTV).

Everything is fetched first and taken in afterwards, in one transaction: where anything can't be fetched, nothing is
changed. Channels are always fetched anew, also those of services that did not change, since their hours do.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.catalogues.problems import BadEntryError, Problem, Read
from bot.catalogues.ptv_file import NOT_GIVEN, read_items
from bot.catalogues.ptv_ties import Known, Tie, joined, known_channels, ties_of, with_channels
from bot.catalogues.reading import merged
from bot.cli.advice_taking import Extent, Report, take
from bot.cli.running import CommandError
from bot.domain.catalogue import Catalogue, Entry, EntryId, Origin
from bot.domain.catalogue_import import Import, ImportKind, increment_since
from bot.storage.database import Database
from bot.storage.transaction import SqlTransaction
from bot.web.ptv import Item, Ptv, PtvError, PtvLimits, root_of

Ties = Mapping[EntryId, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wish:
    """`since`: what changed after a moment; `full`: everything. Neither: changes, and everything once a week.

    `add`: entries stay that are no longer there.
    """

    address: str
    code: str
    since: datetime | None = None
    full: bool = False
    add: bool = False


def import_from(store: Database, wish: Wish, limits: PtvLimits | None = None) -> Report:
    """Raises `CommandError`; then nothing was changed, and the log has the reason."""
    try:
        source = root_of(wish.address)
    except PtvError as fault:
        raise CommandError(str(fault)) from None
    log = store.transact_now(lambda tx: _begun(tx, wish, source))
    ties: Ties = {} if log.since is None else store.transact_now(lambda tx: tx.imports.ties())
    try:
        items = asyncio.run(_fetched(log, ties.values(), limits))
        found, known = _read(log, items), known_channels(items)
    except PtvError as fault:
        failed = replace(log, failure=str(fault))
        store.transact_now(lambda tx: tx.imports.add(failed))
        raise CommandError(str(fault)) from None
    return store.transact_now(lambda tx: _take(tx, wish, log, merged([found, _rejoined(tx, ties, found, known)])))


def _begun(tx: SqlTransaction, wish: Wish, source: str) -> Import:
    now = datetime.now(UTC)
    if wish.since is not None:
        return Import(now, source, wish.code, ImportKind.PART, wish.since)
    last = tx.imports.last(source, wish.code, ImportKind.FULL, ImportKind.INCREMENT)
    due = increment_since(last, tx.imports.last(source, wish.code, ImportKind.FULL), now)
    if wish.full or due is None or not tx.catalogue.entries_of(Origin.PTV):
        return Import(now, source, wish.code, ImportKind.FULL)
    return Import(now, source, wish.code, ImportKind.INCREMENT, due)


async def _fetched(log: Import, kept: Iterable[tuple[str, ...]], limits: PtvLimits | None) -> list[Item]:
    """Services, and the channels that they or the entries that stay name."""
    async with Ptv(log.source, log.code, limits) as ptv:
        services = await ptv.services(log.since)
        wanted = {id for ids in kept for id in ids}
        wanted.update(id for service in services for id in _named(service))
        return [*services, *await ptv.channels(wanted)]


def _read(log: Import, items: list[Item]) -> Read:
    """Everything and yet nothing is rather a fault of the server than the end of all services."""
    found = read_items(items, "PTV", log.code)
    if log.since is None and not found.catalogue.entries:
        raise PtvError(f"PTV has no readable service for the municipality {log.code}. Nothing was changed.")
    return found


def _named(service: Item) -> list[str]:
    try:
        return [tie.id for tie in ties_of(service)]
    except BadEntryError:
        return []  # reading the service says what is wrong with it


def _rejoined(tx: SqlTransaction, ties: Ties, found: Read, known: Known) -> Read:
    """Entries that stay and whose channels have changed."""
    entries: list[Entry] = []
    parts: list[Problem] = []
    missing = 0
    for entry in tx.catalogue.entries_of(Origin.PTV):
        if entry.id in found.ties or entry.id in found.gone or entry.id not in ties:
            continue
        channels = joined([Tie(id) for id in ties[entry.id]], known)
        missing += channels.missing
        parts += [Problem(entry.id, None, reason) for reason in channels.left_out]
        try:
            now = with_channels(entry, channels)
        except BadEntryError as fault:
            parts.append(Problem(entry.id, None, f"Its channels stay as they were: {fault}"))
        else:
            entries += [now] if now != entry else []
    return Read(
        Catalogue("", {}, tuple(entries)), parts=tuple(parts), skipped=((NOT_GIVEN, missing),) if missing else ()
    )


def _take(tx: SqlTransaction, wish: Wish, log: Import, found: Read) -> Report:
    """A service that can't be read keeps the entry that was made of it before."""
    unread = frozenset(problem.where for problem in found.problems)
    extent = Extent(log.since is None and not wish.add, spared=unread, gone=frozenset() if wish.add else found.gone)
    what = "everything" if log.since is None else f"changes since {log.since:%Y-%m-%d %H:%M} UTC"
    return replace(take(tx, found, extent, log), about=f"{log.source}, municipality {log.code}: {what}.")
