"""A person lets a program of somebody else in, and goes on to it: the page's own policy must let the browser follow."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from core.api import SYSTEM
from core.testing.plugin import open_installation
from tests.browser.site import served

CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 64).digest()).rstrip(b"=").decode()


@pytest.fixture
def small(templates, tmp_path):
    """A server with few addons."""
    installation = open_installation(templates.url("sqlite", ("api", "contacts")), tmp_path / "data")
    with served(installation) as made:
        yield made
    installation.close()


def test_consent_leads_on_to_the_application(small, page_as):
    third = make_server("127.0.0.1", 0, Response("<h1>Third</h1>", content_type="text/html"), threaded=True)
    threading.Thread(target=third.serve_forever, args=(0.02,), daemon=True).start()
    back = f"http://127.0.0.1:{third.server_port}/back"
    try:
        with small.installation.env(SYSTEM) as env:
            key = env.create("api.client", {"name": "Third", "redirects": [back], "scopes": ["*:read"]})
            client = env.get("api.client", key, "client_id").client_id
        asked = {"response_type": "code", "client_id": client, "redirect_uri": back, "scope": "contacts.contact:read", "state": "s",
                 "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
        page = page_as("sara", lang="fa", at=small, allow=(back,))
        page.goto(f"/x/api/oauth/authorize?{urlencode(asked)}")
        expect(page.get_by_role("heading", name=re.compile("Third"))).to_be_visible()
        page.locator("button[value=yes]").click()
        expect(page.get_by_role("heading", name="Third", exact=True)).to_be_visible()
        assert page.url.startswith(back) and "code=" in page.url and "state=s" in page.url
    finally:
        third.shutdown()
        third.server_close()
