"""Every addon that ships keeps to what addons keep to, with nothing but its dependencies beside it."""

from __future__ import annotations

import pytest

from core.api import Installation
from core.installation import BUILT_IN
from core.testing import conformance
from core.testing.plugin import shipped_addons

ON_SQLITE = pytest.mark.database("sqlite")
ADDONS = [pytest.param(name, marks=[pytest.mark.addons(name), *([] if list((BUILT_IN / name).glob("records*")) else [ON_SQLITE])], id=name)
          for name in shipped_addons()]
"""All on both databases, but for those that keep nothing in one."""
PARTS = (conformance.dependencies, conformance.labels, conformance.grants, conformance.layouts, conformance.pages,
         conformance.demo, conformance.coming_back)


@pytest.mark.parametrize("addon", ADDONS)
def test_an_addon_conforms(installation: Installation, addon: str) -> None:
    manifest = installation.registry.addons[addon].manifest
    assert not [problem for part in PARTS for problem in part(installation, manifest)]


@pytest.mark.parametrize("addon", ADDONS)
@pytest.mark.database("sqlite")
def test_an_addon_is_translated(installation: Installation, addon: str) -> None:
    manifest = installation.registry.addons[addon].manifest
    assert set(manifest.languages) >= set(conformance.LANGUAGES)
    assert not list(conformance.translations(installation, manifest))
