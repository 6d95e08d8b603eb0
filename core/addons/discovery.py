"""Finding addons in folders and installed packages, and importing their modules without touching `sys.path`.

Finding reads manifests only; no code of an addon runs before :func:`load_modules`.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.machinery
import importlib.metadata
import importlib.util
import sys
import threading
import traceback
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType

from core.addons.manifest import MANIFEST_FILE, Manifest, load_manifest
from core.errors import DefinitionError
from core.i18n.messages import _

ENTRY_POINT_GROUP = "sarnakh.addons"
#: Modules an addon may have; each is optional. `records` and `security` may be packages: all their modules are read, by name.
MODULES = ("records", "layouts", "security", "hooks", "jobs", "routes")
#: Folder addons that no importable package contains live under this name: `sarnakh_addons.<name>`.
NAMESPACE = "sarnakh_addons"

_CODE = "__sarnakh_code__"
_BUILT_IN = Path(__file__).resolve().parents[2] / "addons"
# Two installations may load the same folder addon at once; a module must not be executed twice.
_LOADING = threading.RLock()


@dataclass(frozen=True)
class BrokenManifest:
    """An addon that was found but cannot be used: the reason for an admin and, when code failed, its traceback."""

    name: str
    path: Path | None
    error: str
    detail: str = ""


@dataclass
class AddonModules:
    """The imported modules of one addon, by short name ("records"), and of its companions, by the other's name."""

    manifest: Manifest
    modules: dict[str, ModuleType] = field(default_factory=dict)
    companions: dict[str, dict[str, ModuleType]] = field(default_factory=dict)
    code: str = ""
    """Changes whenever a Python file of the addon, or of one it builds upon, does."""

    def named(self, module: str) -> list[ModuleType]:
        """That module (and what is in it) of the addon and of its companions, the addon's own first; absent ones are left out."""
        groups = [self.modules, *(self.companions[other] for other in sorted(self.companions))]
        return [found for group in groups for name, found in group.items() if name.partition(".")[0] == module]


Found = dict[str, Manifest | BrokenManifest]


def discover(folders: Iterable[Path], entry_points: bool = True) -> Found:
    """Every addon in the folders and (unless told otherwise) the installed packages, by name.

    An unreadable manifest or a name used twice gives a BrokenManifest rather than an error, so that one bad addon
    does not hide the others.
    """
    found: Found = {}
    seen: set[Path] = set()
    for folder in folders:
        for path in sorted(_addon_folders(folder.resolve())):
            if path not in seen:
                seen.add(path)
                _add(found, _read(path, path.name, None))
    if entry_points:
        for point in sorted(importlib.metadata.entry_points(group=ENTRY_POINT_GROUP), key=lambda one: one.name):
            located = _locate(point.value)
            if located is None:
                _add(found, BrokenManifest(point.name, None, _(
                    "The installed package “{package}” has no {file}.", package=point.value, file=MANIFEST_FILE)))
            elif located not in seen:
                seen.add(located)
                _add(found, _read(located, point.name, point.value))
    return found


def _addon_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    if (folder / MANIFEST_FILE).is_file():
        return [folder]
    return [path for path in folder.iterdir() if (path / MANIFEST_FILE).is_file()]


def _read(path: Path, name: str, package: str | None) -> Manifest | BrokenManifest:
    try:
        manifest = load_manifest(path, package or _package_for(path))
    except DefinitionError as error:
        return BrokenManifest(name, path, error.message)
    if package is None and manifest.name != path.name:
        return BrokenManifest(name, path, _(
            "The addon in the folder {path} calls itself “{name}”: folder and name must be the same.",
            path=str(path), name=manifest.name))
    return manifest


def _package_for(path: Path) -> str:
    prefix = "addons" if path.parent == _BUILT_IN else NAMESPACE
    return f"{prefix}.{path.name}"


def _locate(package: str) -> Path | None:
    """Folder of an installed package that has a manifest; imports parents of a dotted name only."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(place) / MANIFEST_FILE).is_file():
            return Path(place).resolve()
    return None


def _add(found: Found, item: Manifest | BrokenManifest) -> None:
    other = found.get(item.name)
    if other is not None:
        item = BrokenManifest(item.name, item.path, _(
            "Two addons are called “{name}”: {first} and {second}. Remove one of them.", name=item.name,
            first=str(other.path), second=str(item.path)))
    found[item.name] = item


def load_modules(manifest: Manifest, enabled: Collection[str] = (), under: Iterable[str] = ()) -> AddonModules:
    """Import what the addon has of :data:`MODULES`, and its `with_<other>` parts for those others in `enabled`.

    When its files changed since this process imported them, or the code `under` it (of the addons it depends on), it is
    imported anew, whole; who holds the old modules keeps them. A missing file is fine; any failure inside one raises
    AddonBroken with the traceback's text, and what was imported before stays.
    """
    code = _code_of(manifest, under)
    with _LOADING:
        name = _package_name(manifest)
        old = {} if vars(sys.modules.get(name, sys)).get(_CODE, code) == code else _forget(name)
        try:
            return _loaded(manifest, enabled, code)
        except Exception as error:
            if old:
                _forget(name)
                sys.modules.update(old)
            # Whatever an addon's own code raises while it is imported makes it broken, never the installation.
            raise AddonBroken(manifest, error) from error


def _loaded(manifest: Manifest, enabled: Collection[str], code: str) -> AddonModules:
    module = import_package(manifest)
    vars(module)[_CODE] = code
    package = module.__name__
    loaded = AddonModules(replace(manifest, package=package), _import_all(package, manifest.path), code=code)
    for other in manifest.with_:
        folder = manifest.path / f"with_{other}"
        if other in enabled and folder.is_dir():
            loaded.companions[other] = _import_all(f"{package}.with_{other}", folder)
    return loaded


def as_loaded(loaded: AddonModules, enabled: Collection[str]) -> AddonModules:
    """An addon as it is in use, whatever its files say meanwhile, with the companions whose other half is there."""
    made = replace(loaded, companions={o: modules for o, modules in loaded.companions.items() if o in enabled})
    for other in set(loaded.manifest.with_).intersection(enabled).difference(made.companions):
        folder = loaded.manifest.path / f"with_{other}"
        if folder.is_dir():
            made.companions[other] = _import_all(f"{loaded.manifest.package}.with_{other}", folder)
    return made


def _forget(package: str) -> dict[str, ModuleType]:
    """Take a package with all in it out of Python's table of modules; returns them."""
    importlib.invalidate_caches()
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name == package or name.startswith(f"{package}.")}


def _code_of(manifest: Manifest, under: Iterable[str]) -> str:
    files = sorted(path for path in manifest.path.rglob("*.py") if "tests" not in path.relative_to(manifest.path).parts)
    parts = [*under, *(f"{path}:{(at := path.stat()).st_mtime_ns}:{at.st_size}" for path in files)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


class AddonBroken(DefinitionError):
    """An addon's code cannot be imported; `detail` is the traceback, for admins only."""

    def __init__(self, manifest: Manifest, cause: Exception) -> None:
        super().__init__(_("The addon “{name}” cannot be loaded: {reason}"), name=manifest.name,
                         reason=f"{type(cause).__name__}: {cause}")
        self.name = manifest.name
        self.path = manifest.path
        self.detail = "".join(traceback.format_exception(cause))

    def as_broken(self) -> BrokenManifest:
        """The same, as discovery reports it."""
        return BrokenManifest(self.name, self.path, self.message, self.detail)


def import_package(manifest: Manifest) -> ModuleType:
    """The addon's package, imported; a plain folder gets its own name under :data:`NAMESPACE`.

    When another folder already holds that name in this process (two installations with different copies of one
    addon), the package's name is told apart by a digest of the folder.
    """
    name = _package_name(manifest)
    if not name.startswith(f"{NAMESPACE}."):
        return importlib.import_module(name)
    known = sys.modules.get(name)
    return known if known is not None else _import_folder(name, manifest.path)


def _package_name(manifest: Manifest) -> str:
    name = manifest.package
    if name.startswith(f"{NAMESPACE}.") and not _is_ours(name, manifest.path):
        return f"{name}__{hashlib.sha256(str(manifest.path).encode()).hexdigest()[:12]}"
    return name


def _is_ours(name: str, path: Path) -> bool:
    known = sys.modules.get(name)
    return known is None or path in [Path(place) for place in known.__path__]


def _import_folder(name: str, path: Path) -> ModuleType:
    _namespace()
    file = path / "__init__.py"
    spec: importlib.machinery.ModuleSpec | None
    if file.is_file():
        spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=[str(path)])
    else:
        spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(path)]
    if spec is None:
        raise ImportError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if spec.loader is not None:
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
    return module


def _namespace() -> None:
    if NAMESPACE not in sys.modules:
        spec = importlib.machinery.ModuleSpec(NAMESPACE, None, is_package=True)
        spec.submodule_search_locations = []
        sys.modules[NAMESPACE] = importlib.util.module_from_spec(spec)


def _import_all(package: str, folder: Path) -> dict[str, ModuleType]:
    present = [name for name in MODULES
               if (folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file()]
    for name in ("records", "security"):
        if name in present and (folder / name).is_dir():
            present += [f"{name}.{path.stem}" for path in sorted((folder / name).glob("[!_]*.py"))]
    return {name: importlib.import_module(f"{package}.{name}") for name in present}
