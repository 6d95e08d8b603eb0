"""The client against a server on the loopback, over a real installation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from addons.api.tests.calling import token_for
from core.installation import Installation
from core.web.host import Host
from sarnakh_client import Retry, Sarnakh
from tests.client.stumbling import Proxy, listening, stumbling

Connect = Callable[..., Sarnakh]
QUICK = Retry(pause=0.01)


@pytest.fixture
def address(installation: Installation) -> Iterator[str]:
    """Where the installation is served."""
    host = Host(installation)
    with listening(host) as address:
        yield address
    host.later.flush()


@pytest.fixture
def connect(installation: Installation, address: str) -> Iterator[Connect]:
    """`connect("sara", "*:read")` is a client with a token of that person."""
    made: list[Sarnakh] = []

    def make(login: str, *scopes: str, at: str = "", **options: Any) -> Sarnakh:
        made.append(Sarnakh(at or address, token_for(installation, login, *scopes), retry=QUICK, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def proxy(address: str) -> Iterator[Proxy]:
    """A proxy before the server that stumbles as it is told."""
    with stumbling(address) as found:
        yield found
