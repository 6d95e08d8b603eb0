"""Requests that nobody thought of: schemathesis makes them from the OpenAPI document. None may be answered with a fault of the
server, with a status, type or form that the document does not tell, or be let through though the document forbids it.

`SARNAKH_API_EXAMPLES=100` makes more of them for each operation (2), others each time, for a long look.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from addons.api.tests.calling import Caller
from core.testing.browser import host_of

LONG = "SARNAKH_API_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("SARNAKH_API_EXAMPLES", "2"))
TYPES = ("leads.lead", "base.tag", "base.note")
"""The types whose own operations are tried; those of all types in common are tried, too."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
          response_schema_conformance, negative_data_rejection]
"""Without `positive_data_acceptance`: that a filter makes sense is more than a schema can say."""


@pytest.mark.addons("api", "leads")
def test_no_request_finds_a_fault(installation):
    caller = Caller(installation, "boss", "*:write")
    keys = {"leads.lead": [caller.post("/records/leads.lead", {"last_name": f"N{i}"}, 201)["id"] for i in range(3)]}
    note = caller.post(f"/records/leads.lead/{keys['leads.lead'][0]}/notes", {"body": "<p>x</p>"}, 201)
    keys["base.note"] = [note["id"]]
    schema: Any = schemathesis.openapi.from_dict(caller.get("/openapi.json"))
    schema.app = host_of(installation)
    wrong: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.startswith(("/records/{", *(f"/records/{name}" for name in TYPES))) or "records" not in operation.path:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                wrong += tried(operation, mode, caller.token, keys)
    assert not wrong, f"{len(wrong)} faults\n" + "\n\n".join(wrong[:5])


def tried(operation: Any, mode: Any, token: str, keys: dict[str, list[int]]) -> list[str]:
    """What is wrong with the answers of one operation; every second request is about a record that exists."""
    wrong: list[str] = []
    turn = 0

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=not LONG, suppress_health_check=list(HealthCheck),
              phases=[Phase.explicit, Phase.generate])
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        nonlocal turn
        turn += 1
        if turn % 2 and mode is GenerationMode.POSITIVE and "id" in (case.path_parameters or {}):
            record = case.path_parameters.get("record") or operation.path.split("/")[2]
            if "record" in case.path_parameters:
                record = case.path_parameters["record"] = "leads.lead"
            case.path_parameters["id"] = keys.get(record, [1])[0]
        try:
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
        except schemathesis.errors.SchemathesisError as error:
            wrong.append(f"{operation.label}: {error!r}")
        except BaseExceptionGroup as error:
            wrong.append(f"{operation.label}: {error}: " + " | ".join(str(one) for one in error.exceptions)[:1500])

    try:
        run()
    except Exception as error:  # noqa: BLE001 - a request that cannot be made at all, such as one no string forbids
        if "Unsatisfiable" not in type(error).__name__ and "Skipped" not in type(error).__name__:
            wrong.append(f"{operation.label}: {type(error).__name__} {str(error)[:500]}")
    return wrong
