"""What addons ship into an installation: permission sets for the profiles everybody has, and names in its language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.api import Env, Message


def give_sets(env: Env, sets: Mapping[str, str]) -> None:
    """Give shipped profiles ("administrator", "standard") a permission set; those that somebody made are left alone."""
    for profile in env.query("base.profile").select("shipped", "sets").rows():
        wanted = sets.get(profile["shipped"])
        if wanted and wanted not in (profile["sets"] or ()):
            env.update("base.profile", profile["id"], {"sets": [*(profile["sets"] or ()), wanted]})


def translate_names(env: Env, record: str, names: Sequence[Message], lang: str) -> None:
    """Put shipped names of records that nobody changed into a language."""
    catalogs = env.installation.catalogs
    shipped = {catalogs.translate(name, known): catalogs.translate(name, lang) for name in names for known in catalogs.languages()}
    rows = env.query(record).archived(None).select("name").rows()
    env.update_each(record, {r["id"]: {"name": shipped[r["name"]]} for r in rows if shipped.get(r["name"], r["name"]) != r["name"]})
