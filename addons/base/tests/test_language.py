"""What is shipped speaks the language of the installation, also when that is said only after it was created."""

from __future__ import annotations

import pytest

from addons.base import seeds
from core.api import Env
from core.installation import Installation
from core.security.actor import SYSTEM

pytestmark = pytest.mark.addons("base", "leads")


def names(env: Env, record: str, field: str = "name") -> set[str]:
    return {row[field] for row in env.query(record).archived(None).select(field).rows()}


def test_names_follow_the_language_that_is_chosen(installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        assert {"Iran", "Germany"} <= names(env, "base.country")
        env.registry.plugins.hook.language_chosen(env=env, lang="fa")
        assert {"ایران", "آلمان"} <= names(env, "base.country")
        assert {"مدیر سامانه", "عادی"} <= names(env, "base.profile")
        assert "نمایشگاه" in names(env, "leads.source")
        env.registry.plugins.hook.language_chosen(env=env, lang="en")
        assert {"Iran", "Germany"} <= names(env, "base.country")
        assert {"Administrator", "Standard"} <= names(env, "base.profile")
        assert "Fair" in names(env, "leads.source")


def test_what_somebody_renamed_stays(installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        env.update("base.role", env.query("base.role").where('name == "Director"').ids(), {"name": "Boss"})
        env.update("base.country", env.query("base.country").where('code == "IR"').ids(), {"name": "Persia"})
        seeds.translate(env, "fa")
        assert "Boss" in names(env, "base.role")
        assert "Persia" in names(env, "base.country")
