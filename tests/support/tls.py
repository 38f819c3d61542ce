"""A root of trust and a server's certificate, made for one test."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Trust:
    """`server` shows a certificate for the host; `client` trusts the root that signed it, and no other.

    `chain` and `root` are the same as files: the host's key and certificate, and the root's certificate.
    """

    server: ssl.SSLContext
    client: ssl.SSLContext
    chain: Path
    root: Path


def trust_for(host: str, folder: Path) -> Trust:
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Test root", "Test root", root_key.public_key(), root_key, is_root=True)
    leaf = _certificate(host, "Test root", key.public_key(), root_key, is_root=False)
    chain = folder / f"{host}.pem"
    chain.write_bytes(_pem(key) + leaf.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    authority = folder / f"{host}-root.pem"
    authority.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    return Trust(server, ssl.create_default_context(cafile=str(authority)), chain, authority)


def _certificate(
    subject: str, issuer: str, key: ec.EllipticCurvePublicKey, signer: ec.EllipticCurvePrivateKey, *, is_root: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject.replace(" ", "-"))]), critical=False)
        .sign(signer, hashes.SHA256())
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
