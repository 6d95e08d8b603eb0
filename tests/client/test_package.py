"""The client is a package of its own: it installs without the CRM, needs nothing but requests, and is no part of the CRM's."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import tomllib
from fnmatch import fnmatch

from tests.docs.packages import ROOT, pip_install

TRY = """
import sys
import sarnakh_client, sarnakh_client.cli
assert sarnakh_client.__file__.startswith(sys.argv[1]), sarnakh_client.__file__
loaded = {name.partition(".")[0] for name in sys.modules} & {"core", "addons", "flask", "sqlalchemy", "click"}
assert not loaded, loaded
assert sarnakh_client.cli.parser().prog == "sarnakh-client"
"""


def test_it_installs_by_itself(tmp_path):
    site = pip_install(ROOT / "sarnakh_client", tmp_path)
    assert (site / "sarnakh_client" / "py.typed").exists() and (site / "bin" / "sarnakh-client").exists()
    done = subprocess.run([sys.executable, "-c", TRY, str(site)], capture_output=True, text=True, cwd=tmp_path, check=False,
                          env={**os.environ, "PYTHONPATH": str(site)})
    assert done.returncode == 0, done.stderr


def test_it_needs_nothing_but_requests():
    project = tomllib.loads((ROOT / "sarnakh_client" / "pyproject.toml").read_text("utf-8"))["project"]
    assert [one.partition(">")[0] for one in project["dependencies"]] == ["requests"]


def test_it_is_no_part_of_the_crm():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", "utf-8")
    included = config["options.packages.find"]["include"].split()
    assert included and not any(fnmatch("sarnakh_client", pattern) for pattern in included)
