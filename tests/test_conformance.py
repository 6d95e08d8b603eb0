"""Every addon that ships keeps to what addons keep to, with nothing but its dependencies beside it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from core.addons.manifest import Manifest
from core.api import Installation
from core.installation import BUILT_IN
from core.testing import conformance
from core.testing.plugin import shipped_addons

ON_SQLITE = pytest.mark.database("sqlite")
ADDONS = [pytest.param(name, marks=[pytest.mark.addons(name), *([] if list((BUILT_IN / name).glob("records*")) else [ON_SQLITE])], id=name)
          for name in shipped_addons()]
"""All on both databases, but for those that keep nothing in one."""
PARTS = (conformance.dependencies, conformance.labels, conformance.grants, conformance.layouts, conformance.pages)
IN_DATABASE = (conformance.demo, conformance.coming_back)


def of_pages(installation: Installation, manifest: Manifest) -> Iterable[str]:
    """The statements of the pages; their words were read on SQLite."""
    return conformance.pages(installation, manifest, ("fa",))


@pytest.mark.parametrize("addon", ADDONS)
def test_an_addon_conforms(installation: Installation, addon: str) -> None:
    manifest = installation.registry.addons[addon].manifest
    parts = PARTS if installation.engine.dialect.name == "sqlite" else (of_pages,)
    assert not [problem for part in (*parts, *IN_DATABASE) for problem in part(installation, manifest)]


@pytest.mark.parametrize("addon", ADDONS)
@pytest.mark.database("sqlite")
def test_an_addon_is_translated(installation: Installation, addon: str) -> None:
    manifest = installation.registry.addons[addon].manifest
    assert set(manifest.languages) >= set(conformance.LANGUAGES)
    assert not list(conformance.translations(installation, manifest))
