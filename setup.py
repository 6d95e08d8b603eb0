"""Hook into the build: browser libraries are copied in before the package's files are gathered (see setup.cfg)."""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).resolve().parent))

from build_tools.assets import AssetsError, build_assets  # noqa: E402  (the folder must be on the path first)


class BuildWithAssets(build_py):
    """Copies the browser libraries first. A wheel without them would be broken; a checkout works plainly without."""

    def run(self) -> None:
        """Build; without npm an editable install goes on, anything else fails."""
        try:
            build_assets()
        except AssetsError as error:
            if not self.editable_mode:
                raise
            print(f"Browser libraries are missing: {error}. Retry with: python run.py assets", file=sys.stderr)
        super().run()


setup(cmdclass={"build_py": BuildWithAssets})
