"""Which addons are on, and in which order: dependencies, automatic ones, and clear words for what does not fit."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Mapping

from core.addons.discovery import BrokenManifest
from core.addons.manifest import API_VERSION, Manifest
from core.addons.versions import Requirement
from core.errors import DefinitionError
from core.i18n.messages import Message, _

Manifests = Mapping[str, Manifest | BrokenManifest]


def resolve(manifests: Manifests, wanted: Iterable[str]) -> list[Manifest]:
    """The wanted addons, all they depend on, and automatic ones whose dependencies are on.

    Ordered by depth, then name, so that each comes after what it depends on. Raises DefinitionError naming a cycle,
    a missing or broken addon, a version, API version or Python requirement that does not fit.
    """
    depths: dict[str, int] = {}
    for name in sorted(set(wanted)):
        _visit(manifests, name, (), depths)
    _add_automatic(manifests, depths)
    chosen = [manifests[name] for name in sorted(depths, key=lambda one: (depths[one], one))]
    return [manifest for manifest in chosen if isinstance(manifest, Manifest)]


def dependants(manifests: Manifests, name: str) -> list[str]:
    """Names of the addons that need `name`, directly or through others, sorted."""
    needing = {name}
    while True:
        more = {manifest.name for manifest in manifests.values() if isinstance(manifest, Manifest)
                and any(one.name in needing for one in manifest.requirements)} - needing
        if not more:
            return sorted(needing - {name})
        needing |= more


def check_fits(manifest: Manifest) -> None:
    """Raise DefinitionError when the addon asks for another API version or a Python package that is not there."""
    if manifest.api != API_VERSION:
        raise DefinitionError(_("The addon “{name}” needs API version {wanted}; this program offers {offered}."),
                              name=manifest.name, wanted=manifest.api, offered=API_VERSION)
    for text in manifest.python:
        requirement = Requirement.parse(text)
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError as error:
            raise DefinitionError(_("The addon “{name}” needs the Python package {wanted}, which is not installed."),
                                  name=manifest.name, wanted=text) from error
        if not _met(requirement, version):
            raise DefinitionError(_("The addon “{name}” needs the Python package {wanted}; installed is {version}."),
                                  name=manifest.name, wanted=text, version=version)


def plain(text: str) -> str:
    """A message as English text, to be put into another one."""
    return text.english() if isinstance(text, Message) else text


def _met(requirement: Requirement, version: str) -> bool:
    try:
        return requirement.met_by(version)
    except ValueError:  # a Python package may have an unusual version; then its presence has to do
        return True


def _visit(manifests: Manifests, name: str, trail: tuple[str, ...], depths: dict[str, int]) -> int:
    if name in depths:
        return depths[name]
    if name in trail:
        raise DefinitionError(_("Addons depend on each other in a circle: {circle}."),
                              circle=" → ".join((*trail[trail.index(name):], name)))
    manifest = _usable(manifests, name, trail[-1] if trail else None)
    check_fits(manifest)
    depth = 0
    for requirement in manifest.requirements:
        below = _visit(manifests, requirement.name, (*trail, name), depths)
        _check_version(manifests, manifest, requirement)
        depth = max(depth, below + 1)
    depths[name] = depth
    return depth


def _usable(manifests: Manifests, name: str, asker: str | None) -> Manifest:
    manifest = manifests.get(name)
    if isinstance(manifest, Manifest):
        return manifest
    if manifest is not None:
        raise DefinitionError(_("The addon “{name}” is broken: {reason}"), name=name, reason=plain(manifest.error))
    if asker is None:
        raise DefinitionError(_("There is no addon called “{name}”. Known are: {known}."), name=name,
                              known=", ".join(sorted(manifests)) or "-")
    raise DefinitionError(_("The addon “{asker}” needs “{name}”, which was not found."), asker=asker, name=name)


def _check_version(manifests: Manifests, manifest: Manifest, requirement: Requirement) -> None:
    other = manifests[requirement.name]
    if isinstance(other, Manifest) and not requirement.met_by(other.version):
        raise DefinitionError(_("The addon “{asker}” needs {wanted}; present is {name} {version}."),
                              asker=manifest.name, wanted=requirement.text, name=other.name, version=other.version)


def _add_automatic(manifests: Manifests, depths: dict[str, int]) -> None:
    """Add automatic addons until nothing changes; one that does not fit is left out, since nobody asked for it."""
    refused: set[str] = set()
    while True:
        ready = [one for one in manifests.values() if isinstance(one, Manifest) and one.auto and one.requirements
                 and one.name not in depths and one.name not in refused
                 and all(requirement.name in depths for requirement in one.requirements)]
        if not ready:
            return
        for manifest in sorted(ready, key=lambda one: one.name):
            try:
                _visit(manifests, manifest.name, (), depths)
            except DefinitionError:
                refused.add(manifest.name)
