"""Requests arrive once, whatever happens on the way."""

from __future__ import annotations

import pytest

from sarnakh_client import BadAnswer, Retry, Sarnakh, ServerFault, TooMany, Unreachable
from tests.client.stumbling import listening

pytestmark = pytest.mark.addons("api", "leads")


def test_a_request_is_tried_again(connect, proxy):
    leads = connect("sara", at=proxy.address)["leads.lead"]
    proxy.faults = [("status", 502), ("status", 503), ("broken", None)]
    assert leads.count() == 0
    assert len(proxy.seen) == 4


def test_a_creation_whose_answer_is_lost_makes_one_record(connect, proxy):
    leads = connect("sara", at=proxy.address)["leads.lead"]
    proxy.faults = [("lost", None)]
    lead = leads.create(last_name="Once")
    posts = [headers["Idempotency-Key"] for method, _path, headers in proxy.seen if method == "POST"]
    assert len(posts) == 2 and len(set(posts)) == 1
    assert leads.count() == 1 and leads.get(lead)["last_name"] == "Once"
    proxy.faults = [("lost", None)]
    assert leads.update(lead, last_name="Twice").version == 2


def test_a_creation_named_by_the_caller_is_done_once(connect):
    leads = connect("sara")["leads.lead"]
    assert leads.create(last_name="Once", key="import-7").id == leads.create(last_name="Once", key="import-7").id


def test_the_server_is_given_the_time_it_asks_for(connect, proxy):
    crm, waited = connect("sara", at=proxy.address), []
    crm.transport.retry = Retry(longest=10, sleep=waited.append)
    proxy.faults = [("limited", "3")]
    assert crm["leads.lead"].count() == 0 and waited == [3.0]
    proxy.faults = [("limited", "3600")]
    with pytest.raises(TooMany) as refused:
        crm["leads.lead"].count()
    assert refused.value.retry_after == 3600 and waited == [3.0]


def test_a_fault_that_stays_is_told(connect, proxy):
    leads = connect("sara", at=proxy.address)["leads.lead"]
    proxy.faults = [("status", 503)] * 5
    with pytest.raises(ServerFault):
        leads.count()
    assert len(proxy.seen) == 5
    proxy.faults = [("status", 500)]
    with pytest.raises(ServerFault):
        leads.count()
    assert len(proxy.seen) == 6, "a fault of the program is not asked for again"


@pytest.mark.database("sqlite")
def test_who_is_not_there(connect, address):
    gone = Sarnakh("http://127.0.0.1:9", "snk_x", retry=Retry(tries=2, pause=0.01))
    with pytest.raises(Unreachable):
        gone["leads.lead"].count()
    with pytest.raises(ValueError, match="https"):
        Sarnakh("http://crm.example.com", "snk_x")
    assert Sarnakh("crm.example.com", "snk_x").transport.address == "https://crm.example.com"

    def other(_environ, start):
        start("302 Found", [("Location", "https://elsewhere.example/"), ("Content-Length", "0")])
        return [b""]

    with listening(other) as address, pytest.raises(BadAnswer, match="elsewhere"):
        Sarnakh(address, "snk_x")["leads.lead"].count()


def test_a_new_token_on_the_last_try_is_used():
    """An answer 401 is no silence: the request is made again with the new token, however few tries there are."""
    from sarnakh_client.auth import Auth

    class Renewing(Auth):
        token = "old"

        def header(self, _post):
            return f"Bearer {self.token}"

        def renew(self, _post):
            self.token = "new"
            return True

    def app(environ, start):
        good = environ.get("HTTP_AUTHORIZATION") == "Bearer new"
        start("200 OK" if good else "401 No", [("Content-Type", "application/json")])
        return [b'{"count": 3}']

    with listening(app) as address:
        assert Sarnakh(address, Renewing(), retry=Retry(tries=1))["leads.lead"].count() == 3
