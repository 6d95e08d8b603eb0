"""Odd requests that schemathesis found, kept: each is refused, none is a fault of the server."""

from __future__ import annotations

import pytest

from addons.api.tests.calling import Caller

pytestmark = pytest.mark.addons("api", "leads")
LEADS = "/records/leads.lead"


def test_values_of_another_kind_are_refused(installation):
    boss = Caller(installation, "boss")
    key = boss.post(LEADS, {"last_name": "K"}, 201)["id"]
    for odd in ({}, [], 5, None, True):
        boss.post(f"{LEADS}/bulk", {"operation": odd, "rows": [{}]}, 400)
        boss.post(f"{LEADS}/bulk", {"operation": "create", "mode": odd, "rows": [{}]}, 400)
        boss.send("PUT", f"{LEADS}/{key}/shares/user:1", {"access": odd}, 400)
    assert boss.patch(f"{LEADS}/{key}", {"company": {"x": [0.5]}, "version": 9}, None)["status"] in (409, 422)


def test_a_part_of_a_form_without_a_name(installation):
    boss = Caller(installation, "boss")
    key = boss.post(LEADS, {"last_name": "K"}, 201)["id"]
    body = b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"
    answer = boss.client.post(f"/api/v1{LEADS}/{key}/files", data=body, headers={
        "Authorization": f"Bearer {boss.token}", "Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 400
