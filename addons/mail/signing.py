"""DKIM: signing mails, making keys, and the text for the domain's DNS. RSA and Ed25519 (RFC 6376, 8463).

dkimpy signs with RSA; with Ed25519 it would need another library for what `cryptography` does as well.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from core.api import Later, SarnakhError, _

dkim = Later("dkim")  # with its DNS library, a tenth of a second

HEADERS = (b"from", b"to", b"cc", b"reply-to", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"mime-version",
           b"content-type", b"content-transfer-encoding", b"list-unsubscribe", b"list-unsubscribe-post", b"auto-submitted")
ONCE = (b"from", b"to", b"subject", b"date", b"message-id")
DOMAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class NotSigned(SarnakhError):
    """A key or name that nothing can be signed with."""


@dataclass(frozen=True)
class KeyPair:
    """`private`: PEM, a secret. `record`: the text of the TXT record at `name(selector, domain)`."""

    private: str = field(repr=False)
    record: str


def new_key(kind: Literal["rsa", "ed25519"] = "rsa") -> KeyPair:
    """A new pair: RSA with 2048 bits, which every receiver knows, or Ed25519."""
    key: Any = rsa.generate_private_key(public_exponent=65537,
                                        key_size=2048) if kind == "rsa" else ed25519.Ed25519PrivateKey.generate()
    form = serialization.PrivateFormat.TraditionalOpenSSL if kind == "rsa" else serialization.PrivateFormat.PKCS8
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode("ascii")
    return KeyPair(pem, record(pem))


def record(private: str) -> str:
    """The text for DNS that belongs to a private key. NotSigned when it is none."""
    public = _load(private).public_key()
    if isinstance(public, rsa.RSAPublicKey):
        raw = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={base64.b64encode(raw).decode('ascii')}"
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode('ascii')}"


def name(selector: str, domain: str) -> str:
    """Where the record belongs."""
    return f"{selector}._domainkey.{domain}"


def sign(content: bytes, domain: str, selector: str, private: str) -> bytes:
    """A mail with its signature in front. NotSigned when the key or the names are none."""
    if not DOMAIN.fullmatch(domain) or not DOMAIN.fullmatch(selector):
        raise NotSigned(_("The domain or the selector for DKIM is not a name of DNS."))
    key = _load(private)
    signer = dkim.DKIM(content)
    present = [header.lower() for header, _value in signer.headers]
    signed = [header for header in HEADERS if header in present] + [header for header in ONCE if header in present]
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return _by_ed25519(signer, key, selector.encode(), domain.encode(), signed) + content
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                            serialization.NoEncryption())
    return bytes(signer.sign(selector.encode(), domain.encode(), pem, include_headers=signed, canonicalize=(b"relaxed",
        b"relaxed"))) + content


def _load(private: str) -> rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(private.strip().encode("ascii", "replace"), None)
    except (ValueError, TypeError) as error:
        raise NotSigned(_("The private key for DKIM is not a PEM key.")) from error
    if not isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise NotSigned(_("The private key for DKIM must be of RSA or Ed25519."))
    return key


def _by_ed25519(signer: Any, key: ed25519.Ed25519PrivateKey, selector: bytes, domain: bytes, signed: list[bytes]) -> bytes:
    """The header, with dkimpy's canonical form and the other library's signature."""
    policy = dkim.CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
    body = base64.b64encode(hashlib.sha256(policy.canonicalize_body(signer.body)).digest())
    value = (b" v=1; a=ed25519-sha256; c=relaxed/relaxed; d=" + domain + b"; s=" + selector + b";\r\n h=" +
             b":\r\n  ".join(signed) + b";\r\n bh=" + body + b";\r\n b=")
    digest = hashlib.sha256()
    dkim.hash_headers(digest, policy, policy.canonicalize_headers(signer.headers), signed, (b"DKIM-Signature", value), {})
    return b"DKIM-Signature:" + value + base64.b64encode(key.sign(digest.digest())) + b"\r\n"
