"""Encodings against vectors: the specification's appendices, and a key description made by another implementation."""

import base64

import pytest

from bot.matrix.crypto.encodings import (
    canonical_json,
    decode_base64,
    decode_recovery_key,
    ed25519_public,
    ed25519_signer,
    encode_base64,
    encode_recovery_key,
    is_signed,
    with_signature,
)
from bot.matrix.crypto.secret_storage import (
    decrypt_secret,
    describe_key,
    encrypt_secret,
    fits_description,
)

# Appendix "Cryptographic test vectors": the signing key and two signed objects.
SEED = decode_base64("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1")
EMPTY = "K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ"
ONE_TWO = "KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw"

# A recovery key with the description that the Rust SDK's own tests hold for it.
RECOVERY_KEY = "EsTj 3yST y93F SLpB jJsz eAXc 2XzA ygD3 w69H fGaN TKBj jXEd"
DESCRIPTION = {
    "algorithm": "m.secret_storage.v1.aes-hmac-sha2",
    "iv": "xv5b6/p3ExEw++wTyfSHEg==",
    "mac": "ujBBbXahnTAMkmPUX2/0+VTfUh63pGyVRuBcDMgmJC8=",
}


@pytest.mark.parametrize(
    ("raw", "text"), [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"foobar", "Zm9vYmFy")]
)
def test_base64_is_unpadded_and_read_with_or_without_padding(raw: bytes, text: str) -> None:
    assert encode_base64(raw) == text
    assert decode_base64(text) == raw == decode_base64(base64.b64encode(raw).decode())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "{}"),
        ({"b": "2", "a": "1"}, '{"a":"1","b":"2"}'),
        ({"a": "日本語"}, '{"a":"日本語"}'),
        ({"本": 2, "日": 1}, '{"日":1,"本":2}'),
        ({"a": None, "c": True}, '{"a":null,"c":true}'),
    ],
)
def test_canonical_json_is_the_shortest_and_sorted_by_code_point(value: dict[str, object], text: str) -> None:
    assert canonical_json(value) == text.encode()


@pytest.mark.parametrize(("value", "signature"), [({}, EMPTY), ({"one": 1, "two": "Two"}, ONE_TWO)])
def test_signatures_are_those_of_the_specification(value: dict[str, object], signature: str) -> None:
    signed = with_signature(value, "domain", "1", ed25519_signer(SEED))
    assert signed == {**value, "signatures": {"domain": {"ed25519:1": signature}}}
    assert is_signed(signed, "domain", "1", ed25519_public(SEED))


def test_a_signature_does_not_cover_signatures_and_unsigned_but_all_else() -> None:
    signed = with_signature({"one": 1}, "domain", "1", ed25519_signer(SEED))
    public = ed25519_public(SEED)
    assert is_signed(signed | {"unsigned": {"age": 1}}, "domain", "1", public)
    assert is_signed(with_signature(signed, "other", "2", ed25519_signer(bytes(32))), "domain", "1", public)
    assert not is_signed(signed | {"one": 2}, "domain", "1", public)
    assert not is_signed(signed, "domain", "1", ed25519_public(bytes(32)))


@pytest.mark.parametrize("signatures", [None, [], {"domain": None}, {"domain": {"ed25519:1": 5}}, {"domain": {}}])
def test_a_damaged_signature_is_none(signatures: object) -> None:
    assert not is_signed({"signatures": signatures}, "domain", "1", ed25519_public(SEED))


def test_a_recovery_key_is_read_and_written_as_other_clients_do() -> None:
    key = decode_recovery_key(RECOVERY_KEY)
    assert encode_recovery_key(key) == RECOVERY_KEY
    assert decode_recovery_key(f"  {RECOVERY_KEY.replace(' ', '')}\n") == key
    assert fits_description(key, DESCRIPTION)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "EsTj",
        RECOVERY_KEY[:-1],
        RECOVERY_KEY[:-1] + "e",
        RECOVERY_KEY.replace("3", "4"),
        RECOVERY_KEY + "1",
        "0OIl",
    ],
)
def test_a_mistyped_recovery_key_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"recovery key|substring"):
        decode_recovery_key(typed)


def test_a_description_fits_its_key_only() -> None:
    key = bytes(range(32))
    assert fits_description(key, describe_key(key))
    assert not fits_description(bytes(32), describe_key(key))
    assert not fits_description(key, describe_key(key) | {"algorithm": "m.other"})
    assert not fits_description(key, {})


def test_a_secret_opens_under_its_own_name_and_key_only() -> None:
    key = bytes(range(32))
    sealed = encrypt_secret(key, "m.cross_signing.master", "salaisuus")
    assert decrypt_secret(key, "m.cross_signing.master", sealed) == "salaisuus"
    assert sealed != encrypt_secret(key, "m.cross_signing.master", "salaisuus")
    for other_key, name in ((bytes(32), "m.cross_signing.master"), (key, "m.cross_signing.self_signing")):
        with pytest.raises(ValueError, match="MAC"):
            decrypt_secret(other_key, name, sealed)
    with pytest.raises(ValueError, match="not an encrypted secret"):
        decrypt_secret(key, "m.cross_signing.master", {})


def test_bit_63_of_every_iv_is_clear() -> None:
    for _ in range(64):
        assert decode_base64(encrypt_secret(bytes(32), "a", "b")["iv"])[8] < 0x80
