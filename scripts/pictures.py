"""Makes the guides' pictures: `python -m scripts.pictures --client FOLDER`.

Plays a booking on a trial of its own and takes pictures of it in a real Matrix client in Chromium. The folder
holds a built release of Cinny (a web client that is made of static files); no client belongs to the project.
What is on the pictures is said by the service itself, in the example town, by accounts that are named by role.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from bot.cli.demo_stage import free_ports, person_of, service_of, trial
from bot.config.state import StateFolder
from bot.matrix.person import Person

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "fi" / "kuvat"
_BROWSER = ROOT / "tests" / "node" / "pictures.mjs"
_NODE = ROOT / "tests" / "node" / "node_modules" / ".bin" / "node"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be seen in one picture: whose client, which room, how wide and high in CSS pixels."""

    name: str
    account: str
    room: str
    width: int
    height: int


async def make(client: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="eahtari-pictures-") as folder:
        state, port = StateFolder.at(Path(folder) / "state"), free_ports()
        state.create()
        async with trial(state, port, timedelta()), _serving(client, port) as address:
            pictures = await _play(state, port)
            accounts = state.read_secret("trial-accounts.json") or {}
            plan = {
                "client": address,
                "homeserver": f"http://localhost:{port}",
                "passwords": accounts,
                "folder": str(PICTURES),
                "pictures": [asdict(picture) for picture in pictures],
            }
            await _photograph(plan)


@asynccontextmanager
async def _serving(client: Path, port: int) -> AsyncIterator[str]:
    """The client's files and a configuration that knows the trial's homeserver."""
    settings = {
        "defaultHomeserver": 0,
        "homeserverList": [f"http://localhost:{port}"],
        "allowCustomHomeservers": True,
        "featuredCommunities": {"openAsDefault": False, "spaces": [], "rooms": [], "servers": []},
        "hashRouter": {"enabled": True, "basename": "/"},
    }

    async def configuration(_: web.Request) -> web.Response:
        return web.json_response(settings)

    async def index(_: web.Request) -> web.FileResponse:
        return web.FileResponse(client / "index.html")

    app = web.Application()
    app.add_routes([web.get("/config.json", configuration), web.get("/", index), web.static("/", client)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    own = free_ports()
    try:
        await web.TCPSite(runner, "127.0.0.1", own).start()
        yield f"http://localhost:{own}"
    finally:
        await runner.cleanup()


async def _play(state: StateFolder, port: int) -> list[Picture]:
    async with AsyncExitStack() as stack:
        names = ("kuntalainen", "rakennustarkastaja")
        citizen, official = [await stack.enter_async_context(person_of(state, port, name)) for name in names]
        return [*await _book(citizen), *await _see(official)]


async def _book(citizen: Person) -> list[Picture]:
    asking = await citizen.chat_with(service_of(citizen))
    await citizen.hear(asking)
    await citizen.ask(asking, "!varaa rakennuslupa ensi viikolla", "Vapaat ajat")
    booking = await citizen.chat_with(service_of(citizen))
    await citizen.hear(booking)
    await citizen.ask(booking, "!varaa rakennuslupa ensi viikolla", "Vapaat ajat")
    await citizen.ask(booking, "1", "Varataanko")
    await citizen.ask(booking, "1", "Varausnumero")
    own = await citizen.room_named("Rakennusluvat")
    await citizen.hear(own, "Varausnumero")
    return [
        Picture("ajat", citizen.user_id, asking, 390, 844),
        Picture("varaus", citizen.user_id, booking, 900, 1000),
        Picture("tapaaminen", citizen.user_id, own, 900, 640),
    ]


async def _see(official: Person) -> list[Picture]:
    wall = await official.room_named("Henkilöstö")
    chat = await official.chat_with(service_of(official))
    await official.hear(chat)
    await official.ask(chat, "!viikko ensi viikolla")
    away = await official.chat_with(service_of(official))
    await official.hear(away)
    await official.ask(away, "!poissa")
    return [
        Picture("kortti", official.user_id, wall, 900, 480),
        Picture("viikko", official.user_id, chat, 900, 900),
        Picture("poissa", official.user_id, away, 900, 640),
    ]


async def _photograph(plan: Mapping[str, object]) -> None:
    PICTURES.mkdir(exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        str(_NODE) if _NODE.exists() else "node", str(_BROWSER), stdin=asyncio.subprocess.PIPE
    )
    await process.communicate(json.dumps(plan).encode())
    if process.returncode:
        raise RuntimeError("the browser did not take the pictures")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.pictures", description=__doc__)
    parser.add_argument("--client", type=Path, required=True, help="folder of a built release of Cinny")
    args = parser.parse_args()
    if not (args.client / "index.html").is_file():
        print(f"{args.client} holds no index.html: point to the folder of a built client", file=sys.stderr)
        return 2
    asyncio.run(make(args.client))
    print(f"{len(list(PICTURES.glob('*.png')))} pictures are in {PICTURES.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
