"""Whether a call comes from Twilio: its signature over the address and the form."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from addons.messaging.contract import Account, Call, Forged
from core.api import _

PORTS: Final = {"https": 443, "http": 80}
HASHES: Final = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}


def check(account: Account, call: Call) -> None:
    """Forged unless Twilio signed the call with the account's token, or with the shared key that the account is told.

    A call that names a key (`X-Twilio-Webhooks-Signature-Settings: key=...,algorithm=HMAC_SHA256`) was signed with that.
    """
    told = call.headers.get("x-twilio-webhooks-signature-settings", "")
    named = dict(re.findall(r"(\w+)\s*=\s*([^,\s]+)", told))
    key = account.get("shared_key") if told else account.get("auth_token")
    algorithm = HASHES.get(named.get("algorithm", "") if told else "HMAC_SHA1", "")
    given = call.headers.get("x-twilio-signature", "").encode()
    urls = (*_addresses(call.url), *_told(account, call.url)) if key and algorithm else ()
    right = [sign(key, url, call.form, algorithm) for url in urls]
    if not any([hmac.compare_digest(one.encode(), given) for one in right]):
        raise Forged(_("The call has no signature of Twilio."))


def sign(key: str, url: str, form: Mapping[str, str], algorithm: str = "sha1") -> str:
    """The signature of a call."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(key.encode(), text.encode(), algorithm).digest()).decode()


def _told(account: Account, url: str) -> Iterator[str]:
    """The address as we told it to Twilio: behind a proxy a program may see another one."""
    query = urlsplit(url).query
    if account.callback and urlsplit(account.callback).path == urlsplit(url).path:
        yield account.callback + (f"?{query}" if query else "")


def _addresses(url: str) -> Iterator[str]:
    """The address as it is, without its port, and with the usual one: Twilio's programs do not agree on it."""
    yield url
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return
    if port:
        yield parts._replace(netloc=parts.netloc.rpartition(":")[0]).geturl()
    elif parts.scheme in PORTS:
        yield parts._replace(netloc=f"{parts.netloc}:{PORTS[parts.scheme]}").geturl()
