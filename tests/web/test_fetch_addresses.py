"""Where a fetch may go: no other scheme, and no address that is not public."""

from ipaddress import ip_address

import pytest

from bot.web.fetching import Fetcher, NotFetched, Reason
from bot.web.public_addresses import is_public
from bot.web.resolving import look_up
from tests.support.tls import Trust, trust_for
from tests.web.fetch_server import CALENDAR, HOST, LIMITS, answering, anywhere, saying, serving


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return trust_for(HOST, tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "calendar",
        "http://{host}/own.ics",
        "webcal://{host}/own.ics",
        "ftp://{host}/own.ics",
        "file:///etc/passwd",
        "https:///own.ics",
        "https://{host}:22/own.ics",
        "https://{host}:99999/own.ics",
        "https://user:word@{host}/own.ics",
        "https://user@{host}/own.ics",
        "https://@{host}/own.ics",
        "https://{host}\\@elsewhere.test/own.ics",
        "https://{host}/own.ics\r\nHost: elsewhere.test",
        "https://{host}/a b",
        "https://{host}/" + "a" * 3000,
        "https://[::1/own.ics",
    ],
)
async def test_an_address_of_another_kind_is_refused_before_anyone_is_asked(trust: Trust, address: str) -> None:
    async def lookup(_host: str, _port: int) -> list[str]:
        raise AssertionError("asked for the host")

    ours = Fetcher(allow=anywhere, trusted=trust.client, lookup=lookup)
    assert await ours.fetch(address.format(host=HOST), LIMITS) == NotFetched(Reason.BAD_ADDRESS)


PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),  # noqa: S104 - refused
    *("100.64.0.1", "100.100.100.200", "100.127.255.255", "169.254.169.254", "168.63.129.16"),
    *("192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "224.0.1.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "fe80::1", "fe80::1%1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "2002:a9fe:a9fe::1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2001:0:1::1", "2001:db8::1", "3fff::1", "100::1"),
    *("5f00::1", "4000::1", "not an address"),
]


@pytest.mark.parametrize("address", PRIVATE)
async def test_an_address_that_is_not_public_is_never_connected_to(trust: Trust, address: str) -> None:
    ours = Fetcher(trusted=trust.client, lookup=answering("93.184.215.14", address))
    assert await ours.fetch(f"https://{HOST}/own.ics", LIMITS) == NotFetched(Reason.NOT_PUBLIC)


async def test_this_machine_is_refused_though_a_server_listens(trust: Trust) -> None:
    async with serving(trust, saying(CALENDAR)) as server:
        ours = Fetcher(trusted=trust.client, port=server.port, lookup=answering("127.0.0.1"))
        assert await ours.fetch(server.address(), LIMITS) == NotFetched(Reason.NOT_PUBLIC)
    assert server.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]"])
async def test_however_this_machine_is_spelled(trust: Trust, host: str) -> None:
    """Through the system's own resolver, which knows the old spellings."""
    async with serving(trust, saying(CALENDAR)) as server:
        ours = Fetcher(trusted=trust.client, port=server.port, lookup=look_up)
        refused = await ours.fetch(f"https://{host}:{server.port}/own.ics", LIMITS)
    assert isinstance(refused, NotFetched)
    assert refused.reason in {Reason.NOT_PUBLIC, Reason.BAD_ADDRESS}
    assert server.connections == 0


@pytest.mark.parametrize("address", ["93.184.215.14", "2a00:1450:400f::1", "64:ff9b::808:808", "2002:808:808::1"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_public(ip_address(address))
