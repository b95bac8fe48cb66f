"""A centre's own certificate authority, so that the PCs of its LAN can speak TLS without internet.

The authority lasts 10 years, its key stays in the folder `tls/` (mode 0600). The server's certificate lasts 90 days
and is made anew when fewer than 30 are left or when the server has got another name.
"""

import ipaddress
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from geo112.core.errors import SetupError

CA_DAYS, SERVER_DAYS, RENEW_BELOW_DAYS = 3650, 90, 30
# A PC whose clock is slow would refuse a certificate that begins this very second.
_CLOCK_SLACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Where the certificates lie, until when they last, and for which names the server has one."""

    ca_cert: Path
    server_cert: Path
    server_key: Path
    names: tuple[str, ...]
    server_until: datetime
    ca_until: datetime
    renewed: bool


def machine_names() -> tuple[str, ...]:
    """Give the names and addresses by which the PCs of the LAN may reach this machine."""
    host = socket.gethostname()
    names = {host, "localhost", "127.0.0.1", "::1"}
    for found in _addresses(host):
        names.add(found)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # No packet leaves: connecting a datagram socket only asks the routing table which address it would use.
            probe.connect(("192.0.2.1", 9))
            names.add(str(probe.getsockname()[0]))
        except OSError:
            pass  # no route at all: a machine without a network still serves itself
    return tuple(sorted(names))


def ensure(folder: Path, names: Iterable[str], *, centre: str, now: datetime) -> Certificates:
    """Give valid certificates for all names, making what is missing, and the server's anew when it is due."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = tuple(sorted({name.strip() for name in names if name.strip()}))
    ca_key, ca_cert = _authority(folder, centre=centre, now=now)
    key_path, cert_path = folder / "server.key", folder / "server.crt"
    old = _read_certificate(cert_path) if key_path.is_file() else None
    due = old is None or not _serves(old, wanted, ca_cert, now=now)
    if due or old is None:
        key = ec.generate_private_key(ec.SECP256R1())
        old = _server_certificate(ca_key, ca_cert, key, wanted, now=now)
        _write(key_path, _pem(key), mode=0o600)
        _write(cert_path, old.public_bytes(serialization.Encoding.PEM), mode=0o644)
    return Certificates(
        ca_cert=folder / "ca.crt",
        server_cert=cert_path,
        server_key=key_path,
        names=_names_of(old),
        server_until=old.not_valid_after_utc,
        ca_until=ca_cert.not_valid_after_utc,
        renewed=due,
    )


def inspect(folder: Path) -> tuple[datetime, datetime] | None:
    """Say until when the authority and the server's certificate last; None where there are none yet."""
    ca, server = _read_certificate(folder / "ca.crt"), _read_certificate(folder / "server.crt")
    if ca is None or server is None:
        return None
    return ca.not_valid_after_utc, server.not_valid_after_utc


def fingerprint(cert: Path) -> str:
    """Give the SHA-256 fingerprint by which a person compares the authority on a PC with the server's."""
    digest = x509.load_pem_x509_certificate(cert.read_bytes()).fingerprint(hashes.SHA256()).hex().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def _addresses(host: str) -> set[str]:
    try:
        found = socket.getaddrinfo(host, None)
    except socket.gaierror:
        return set()
    return {str(entry[4][0]).partition("%")[0] for entry in found}


def _authority(folder: Path, *, centre: str, now: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key_path, cert_path = folder / "ca.key", folder / "ca.crt"
    cert = _read_certificate(cert_path)
    if cert is not None and cert.not_valid_after_utc <= now:
        raise SetupError(f"the authority in {cert_path} ended; move the folder away and trust the new one", field="tls")
    if cert is not None and key_path.is_file():
        key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and key.public_key() == cert.public_key():
            return key, cert
        raise SetupError(f"{key_path} is not the key of {cert_path}", field="tls")
    if cert is not None or key_path.is_file():
        raise SetupError(f"one of {key_path} and {cert_path} is missing; both belong together", field="tls")
    key = ec.generate_private_key(ec.SECP256R1())
    cert = _ca_certificate(key, centre=centre, now=now)
    _write(key_path, _pem(key), mode=0o600)
    _write(cert_path, cert.public_bytes(serialization.Encoding.PEM), mode=0o644)
    return key, cert


def _ca_certificate(key: ec.EllipticCurvePrivateKey, *, centre: str, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"geo112 {centre} otoritas lokal"[:64])])
    public = key.public_key()
    return (
        _builder(name, name, public, now=now, days=CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server_certificate(
    ca_key: ec.EllipticCurvePrivateKey,
    ca_cert: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    names: tuple[str, ...],
    *,
    now: datetime,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "geo112")])
    public = key.public_key()
    return (
        _builder(subject, ca_cert.subject, public, now=now, days=SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, *, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SLACK)
        .not_valid_after(now + timedelta(days=days))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name)
    except ValueError:
        raise SetupError(f"{name!r} is no host name and no address", field="name") from None


def _names_of(cert: x509.Certificate) -> tuple[str, ...]:
    try:
        names = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(sorted(str(name.value) for name in names))


def _serves(cert: x509.Certificate, names: tuple[str, ...], ca_cert: x509.Certificate, *, now: datetime) -> bool:
    long_enough = (
        cert.not_valid_after_utc - now >= timedelta(days=RENEW_BELOW_DAYS) and cert.not_valid_before_utc <= now
    )
    return long_enough and cert.issuer == ca_cert.subject and set(names) <= set(_names_of(cert))


def _read_certificate(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        raise SetupError(f"{path} is no certificate", field="tls") from None


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, data: bytes, *, mode: int) -> None:
    """Write a file whole or not at all, never readable by others for a moment."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
