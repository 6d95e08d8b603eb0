"""The worked example of docs/admin/README.md: roles, profiles, sharing and a rule, as it says."""

from __future__ import annotations

import pytest

from core.api import SYSTEM, Installation

pytestmark = [pytest.mark.addons("leads"), pytest.mark.database("sqlite")]
LEAD, ACCOUNT = "leads.lead", "contacts.account"


def test_arya(installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        director = env.query("base.role").where('name == "Director"').ids()[0]
        manager = env.create("base.role", {"name": "Arya manager", "parent": director})
        roles = {"manager": manager, "finance": env.create("base.role", {"name": "Finance", "parent": director}),
                 "tehran": env.create("base.role", {"name": "Seller Tehran", "parent": manager}),
                 "izmir": env.create("base.role", {"name": "Seller Izmir", "parent": manager})}
        standard = env.query("base.profile").where('name == "Standard"').records("sets")[0]
        assert {"leads.user", "contacts.user"} <= set(standard.sets)
        denied = {ACCOUNT: {"create": False, "update": False, "delete": False}}
        profiles = {"finance": env.create("base.profile", {"name": "Finance", "sets": ["contacts.user"], "record_rights": denied}),
                    "manager": env.create("base.profile", {"name": "Managers", "sets": ["leads.manager"]})}
        people = {name: env.create("base.user", {"login": f"arya_{name}", "name": name, "email": f"{name}@arya.example",
                                                 "profile": profiles.get(name, standard.id), "role": role})
                  for name, role in roles.items()}
        env.create("base.sharing_rule", {"name": "Customers for finance", "record_type": ACCOUNT, "access": "read",
                                         "criteria": 'type == "customer"', "share_with": f"role:{roles['finance']}"})
        lead = env.create(LEAD, {"last_name": "Karimi", "owner": people["tehran"]})
        customer, prospect = env.create(ACCOUNT, [{"name": "Pars", "type": "customer", "owner": people["tehran"]},
                                                  {"name": "Ege", "type": "prospect", "owner": people["izmir"]}])

    def seen(name: str, record: str) -> list[int]:
        with installation.env(installation.load_actor(people[name])) as env:
            return env.query(record).ids() if env.can("read", record) else []

    assert seen("tehran", LEAD) == [lead] == seen("manager", LEAD)
    assert seen("izmir", LEAD) == [] == seen("finance", LEAD)
    assert seen("finance", ACCOUNT) == [customer]
    assert seen("izmir", ACCOUNT) == [prospect]
    assert set(seen("manager", ACCOUNT)) == {customer, prospect}
    with installation.env(installation.load_actor(people["finance"])) as env:
        assert not env.can("update", ACCOUNT) and not env.can("create", ACCOUNT)
