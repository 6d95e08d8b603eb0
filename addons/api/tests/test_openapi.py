"""The document is valid, true, and different by rights."""

from __future__ import annotations

import json

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from addons.api.tests.calling import Caller


@pytest.mark.database("sqlite")
@pytest.mark.addons("api", "deals", "activities")
def test_the_document_is_valid(installation):
    admin = Caller(installation, "admin", "*:write", "admin")
    found = admin.get("/openapi.json", 200)
    kept = {"general", "deals.deal", "leads.lead", "base.user", "activities.activity", "base.file"}
    small = {**found, "paths": {p: item for p, item in found["paths"].items() if any(
        set(op.get("tags", ())) & kept for op in item.values() if isinstance(op, dict))}}
    assert not list(OpenAPIV31SpecValidator(small).iter_errors())
    assert {"/records/deals.deal", "/records/leads.lead/{id}", "/records/deals.deal/bulk"} <= found["paths"].keys()
    tag = admin.last.headers["ETag"]
    admin.get("/openapi.json", 304, If_None_Match=tag)
    ids = [op["operationId"] for item in found["paths"].values() for op in item.values() if isinstance(op, dict)]
    assert len(ids) == len(set(ids))


@pytest.mark.addons("api", "leads")
def test_it_tells_what_the_caller_may_do(installation, env_as):
    sara, reader = Caller(installation, "sara"), Caller(installation, "sara", "leads.lead:read")
    full, narrow = sara.get("/openapi.json"), reader.get("/openapi.json")
    assert "post" in full["paths"]["/records/leads.lead"] and "delete" not in full["paths"]["/records/leads.lead/{id}"]
    assert set(narrow["paths"]["/records/leads.lead"]) == {"get"} and "/records/base.user" not in narrow["paths"]
    text = json.dumps(full)
    assert "password_hash" not in text and "totp_secret" not in text
    assert "digest" not in full["components"]["schemas"]["api.token"]["properties"]
    with env_as("admin") as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        env.update("base.profile", profile, {"field_rights": {"leads.lead": {"email": "hidden", "phone": "read"}}})
    seen = sara.get("/openapi.json", Accept_Language="fa")["components"]["schemas"]
    assert "email" not in seen["leads.lead"]["properties"] and "phone" not in seen["leads.lead.given"]["properties"]
    assert seen["leads.lead"]["title"] == "سرنخ"
