"""The composition root: the only file that knows every part of the service's process.

Starts storage, edge, Matrix session, sync, worker, outbox and alarm clock, and stops them together. Which parts
there are and how they hang together is all that is decided here.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bot.actions import calendars, own_calendar, room_life
from bot.actions.calendars import PUBLIC_ADDRESS, SERVICE_ACCOUNT
from bot.actions.due import Done, do_due
from bot.actions.morning import plan_mornings
from bot.actions.notify import open_unit_room
from bot.advice.published import corpus_version
from bot.advice.rehearsal import TrialEngine
from bot.advice_round import AdviceRound
from bot.calendar_round import CalendarRound
from bot.call_parts import CallParts, Place, call_parts
from bot.calls_round import CallsRound
from bot.config.closures import with_holidays
from bot.config.element import THEME, element_config
from bot.config.settings import TOKEN_PATH, Configuration
from bot.config.state import IDENTITY, RECOVERY, StateFolder
from bot.domain.allowance import Limits
from bot.homeserver.admin import Admin
from bot.homeserver.errors import RefusedError
from bot.homeserver.own_room import OwnRoom
from bot.matrix.guest_accounts import GuestAccounts
from bot.matrix.outbox import Pump
from bot.matrix.session import (
    Client,
    Identity,
    MatrixError,
    NewDeviceNeededError,
    Secrets,
    connect,
    identified,
    reconnect_with_new_device,
)
from bot.matrix.sync import Sync
from bot.scheduling.runner import Runner
from bot.storage.database import Database
from bot.storage.transaction import SqlTransaction
from bot.text import notices
from bot.web.edge import Edge, add_pages, application, listening
from bot.web.element import ElementFiles
from bot.web.feeds import add_feeds
from bot.web.fetching import Fetcher
from bot.web.front import Front
from bot.web.join import add_join
from bot.web.join_files import NOT_BUILT
from bot.worker import Worker, place_of

log = logging.getLogger(__name__)

HOLIDAY_YEARS = 3
"""Years of public holidays that are computed ahead; no service can be booked further."""


@dataclass(frozen=True, slots=True)
class Options:
    """How one service is run. `offset` moves its clock, in a demonstration only."""

    state: StateFolder
    configuration: Configuration
    port: int
    element: Path | None = None
    offset: timedelta = timedelta()
    limits: Limits = field(default_factory=Limits)

    homeserver_address: str | None = None
    """Where the homeserver answers, if not on the port after ours."""

    @property
    def homeserver(self) -> str:
        return self.homeserver_address or f"http://127.0.0.1:{self.port + 1}"

    @property
    def public_address(self) -> str:
        return self.configuration.settings.web.public_url or f"http://localhost:{self.port}"


async def serve(options: Options) -> None:
    """Runs until it is cancelled. Raises what keeps it from starting."""
    clock = partial(_now, options.offset)
    health = {"storage": False, "matrix": False}
    async with AsyncExitStack() as stack:
        store = stack.enter_context(_store(options, clock))
        await store.transact(partial(_seed, options=options, now=clock()))
        while await store.transact(lambda tx: room_life.plan_missing(tx, clock())):
            pass
        health["storage"] = True
        place = Place(options.configuration, options.state, options.port, options.public_address)
        calls = await stack.enter_async_context(call_parts(place, store, clock))
        await stack.enter_async_context(_edge(options, store, clock, health, calls))
        client = await stack.enter_async_context(_session(options))
        await _run(store, client, clock, options, health=health, calls=calls)


async def _run(
    store: Database,
    client: Client,
    clock: Callable[[], datetime],
    options: Options,
    *,
    health: dict[str, bool],
    calls: CallParts,
) -> None:
    arrived, queued, delivered = asyncio.Event(), asyncio.Event(), asyncio.Event()
    sync = Sync(client, store, clock, arrived=arrived, delivered=delivered)
    worker = Worker(store, clock, options.limits, arrived=arrived, queued=queued.set)
    runner = Runner(partial(_remind, store, clock, queued.set), options.offset)
    officials = CalendarRound(store, Fetcher, clock, queued=queued.set)
    engine = TrialEngine(options.state.advice)
    advice = AdviceRound(store, engine, clock, queued=queued.set, corpus=partial(corpus_version, options.state.advice))

    meetings = CallsRound(store, calls.orders, clock, queued=queued.set, heard=calls.heard, journal=calls.journal)
    guests = GuestAccounts(options.homeserver, calls.door.as_token, f"{options.public_address}{TOKEN_PATH}")

    async def planned() -> None:
        officials.wake.set()
        meetings.wake.set()
        advice.wake.set()
        await runner.ring()

    runner.start()
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(sync.run())
            tasks.create_task(worker.run(planned))
            tasks.create_task(officials.run())
            tasks.create_task(advice.run())
            tasks.create_task(meetings.run())
            tasks.create_task(Pump(client, store, clock, wake=queued, delivered=delivered, guests=guests).run())
            await sync.ready.wait()
            health["matrix"] = True
            log.info("ready")
    finally:
        runner.stop()
        await guests.close()


def _now(offset: timedelta) -> datetime:
    return datetime.now(UTC) + offset


def _store(options: Options, clock: Callable[[], datetime]) -> Database:
    year = clock().year
    rule = options.configuration.settings.holidays
    years = range(year, year + HOLIDAY_YEARS)
    complete = partial(with_holidays, rule=rule, years=years)
    return Database(options.state.database, options.state.backup, complete)


def _seed(tx: SqlTransaction, options: Options, now: datetime) -> None:
    """The file fills an empty service once; afterwards `eahtari config apply` takes changes over."""
    configuration = options.configuration
    if not tx.entries.are_seeded():
        tx.entries.replace(configuration.entries, configuration.entries)
    tx.facts.set(PUBLIC_ADDRESS, options.public_address)
    tx.facts.set(SERVICE_ACCOUNT, configuration.settings.service_user)
    own_calendar.plan_missing(tx, now)
    plan_mornings(tx, now)
    for unit in tx.directory.units.values():
        if any(service.unit == unit.id for service in tx.directory.services.values()):
            open_unit_room(tx, unit, now)


async def _remind(store: Database, clock: Callable[[], datetime], queued: Callable[[], None]) -> datetime | None:
    done: Done = await store.transact(lambda tx: do_due(tx, clock()))
    if done.done:
        queued()
    for kind, fault in done.faults:
        log.error("timed job %s failed: %s at %s", kind, type(fault).__name__, place_of(fault))
    if done.stale:
        log.info("%d timed jobs were stale or without matter and dropped", done.stale)
    return await store.transact(lambda tx: tx.jobs.next_due())


@asynccontextmanager
async def _edge(
    options: Options, store: Database, clock: Callable[[], datetime], health: dict[str, bool], calls: CallParts
) -> AsyncIterator[None]:
    settings = options.configuration.settings
    front = Front(
        name=options.configuration.directory.municipality.name,
        public_address=options.public_address,
        service=settings.service_user,
    )
    element = options.element and ElementFiles(options.element, THEME, element_config(options.public_address, settings))
    edge = Edge(
        front=front,
        homeserver=options.homeserver,
        readiness=lambda: health,
        element=element or None,
        behind_proxy=settings.web.public_url is not None,  # a public address on loopback's port needs a proxy before it
        calls=calls.door,
    )
    app = application(edge)
    add_feeds(app, partial(_feed, store, clock), clock, behind_proxy=edge.behind_proxy)
    add_join(app, calls.entry)
    calls.add_to(app)
    if calls.entry.files is None:
        log.warning(NOT_BUILT)
    add_pages(app, edge)
    async with listening(app, options.port):
        yield


async def _feed(store: Database, clock: Callable[[], datetime], digest: str) -> calendars.Feed | None:
    return await store.transact(lambda tx: calendars.feed(tx, digest, clock()))


@asynccontextmanager
async def _session(options: Options) -> AsyncIterator[Client]:
    """The service's account, prepared once and logged in once; its device signed at every start."""
    state, settings = options.state, options.configuration.settings
    await _prepare_account(options)
    tokens = state.read_secret("appservice.json") or {}
    kept = Secrets(
        lambda: state.read_secret("service.json"), lambda content: state.write_secret("service.json", content)
    )
    arguments = (options.homeserver, settings.service_user, str(tokens["as_token"]), state.crypto, kept)
    client = await connect(*arguments)
    try:
        try:
            identity = await identified(client, state.secret(IDENTITY))
        except (NewDeviceNeededError, MatrixError) as fault:
            if isinstance(fault, MatrixError) and fault.errcode != "M_UNKNOWN_TOKEN":
                raise
            log.warning("the kept session can't be used any more: a new device is logged in and signed")
            await client.close()
            client = await reconnect_with_new_device(*arguments)
            identity = await identified(client, state.secret(IDENTITY))
        _hand_over_recovery_key(state, identity)
        yield client
    finally:
        await client.close()


def _hand_over_recovery_key(state: StateFolder, identity: Identity) -> None:
    """For `eahtari up`, which shows it to the operator once and removes the file. It is never logged."""
    if identity.recovery_key is not None and not identity.recovery_shown:
        state.write_secret(RECOVERY, {"recovery_key": identity.recovery_key})


async def _prepare_account(options: Options) -> None:
    """At every start, so that an account or an override that was lost comes back by a restart."""
    settings = options.configuration.settings
    async with Admin(options.homeserver, settings.homeserver.server_name, options.state) as admin:
        account = settings.service_account
        language = options.configuration.directory.municipality.default_language
        await admin.ensure_user(account.localpart, None, account.display_name.in_(language))
        await admin.lift_rate_limit(account.localpart)
        room = OwnRoom(notices.SERVICE_ROOM_NAME.in_(language), notices.SERVICE_ROOM_TOPIC.in_(language))
        try:
            await admin.make_findable(account.localpart, room)
        except RefusedError as error:
            log.warning("people can't find the service by searching: %s", error)
