import pytest

from bot.web.paths import Passage, passage

REFUSED = [
    "/_synapse/admin/v2/users",
    "/_synapse",
    "//_synapse/admin/v2/users",
    "/_SYNAPSE/admin/v2/users",
    "/%5fsynapse/admin/v2/users",
    "/%5Fsynapse%2Fadmin/v2/users",
    "/_matrix/../_synapse/admin/v2/users",
    "/_matrix/%2e%2e/_synapse/admin/v2/users",
    "/_matrix/client/../../_synapse/admin/v2/users",
    "/./_synapse/admin/v2/users",
    "/x%2f..%2f_synapse/admin",
    "/_matrix//_synapse/admin",
    "/_matrix/..%5c_synapse/admin",
    "http://localhost/_synapse/admin/v2/users",
    "localhost:80",
    "*",
    "/_matrix/client/v3/admin/whois/@a:b",
    "/_matrix/client/r0/ADMIN/whois/@a:b",
    "/_matrix/client/v3/%61dmin/whois/@a:b",
    "/_matrix/client/api/v1/admin/whois/@a:b",
    "/_matrix/client/unstable/admin/whois/@a:b",
    "/_matrix/client//v3/admin/whois/@a:b",
]
UNKNOWN = [
    "/_matrix/federation/v1/version",
    "/_matrix/key/v2/server",
    "/_matrix",
    "/_matrix/",
    "/%5fmatrix/client/versions",
    "/_matrix/Client/versions",
    "/_matrixx/client",
    "/_matrix/client/unstable/io.element.msc4502/rooms/!a/is_joined?mxid=@a:b",
    "/_matrix/client/unstable/io%2Eelement.msc4502/rooms/!a/is_joined",
    "/_matrix/client/unstable/io.element.msc4512/appservice/fed_proxy",
    "/_matrix/client/unstable/IO.element.msc4512/appservice/fed_proxy",
]
PASSED = [
    "/_matrix/client/versions",
    "/_matrix/client/v3/sync?timeout=30000",
    "/_matrix/client/v3/directory/room/%23admin:localhost",
    "/_matrix/client/v3/rooms/!a:b/state/m.room.name/",
    "/_matrix/client/v3/rooms/!a:b/state/x/a%2Fb",
    "/_matrix/client/v1/media/download/localhost/abc",
    "/_matrix/media/v3/upload?filename=..%2Fx",
    "/_matrix/client/unstable/org.matrix.msc4143/rtc/transports",
    "/_matrix/client/unstable/org.matrix.msc4140/delayed_events/syd_a/restart",
    "/_matrix/client/unstable/io.element.msc4195/rtc/livekit/get_token",
    "/_matrix/client/v3/rooms/!a/send/m.rtc.member/1?org.matrix.msc4354.sticky_duration_ms=3600000",
]
OURS = [
    "/",
    "/healthz",
    "/.well-known/matrix/client",
    "/welcome.html",
    "/bundles/1/a.js",
    "/livekit/sfu/rtc?access_token=a",
    "/livekit/jwt/sfu/get",
]

CASES = [
    *((path, Passage.REFUSED) for path in REFUSED),
    *((path, Passage.UNKNOWN) for path in UNKNOWN),
    *((path, Passage.HOMESERVER) for path in PASSED),
    *((path, Passage.OURS) for path in OURS),
]


@pytest.mark.parametrize(("target", "expected"), CASES)
def test_only_the_plain_client_and_media_api_passes(target: str, expected: Passage) -> None:
    assert passage(target) is expected
