"""`shell`: a Python prompt inside an environment."""

from __future__ import annotations

import code
import sys

import click

from core.cli.common import Workplace, command
from core.cli.opening import installation
from core.security.actor import SYSTEM

BANNER = """Sarnakh. `env` is an environment that may do everything, in one transaction: leave with Ctrl-D and answer.
`inst` is the installation. Example: env.query("base.user").select("name").page(limit=5).rows"""


@command(example="sarnakh shell")
@click.option("--execute", "-e", metavar="CODE", help="Run this code instead of asking; it is committed at its end.")
def shell(place: Workplace, execute: str | None) -> None:
    """Open a Python prompt with the installation and an environment.

    Whoever may run this may do everything. Changes are committed when the prompt is left without an error and the
    question is answered with yes.
    """
    with installation(place) as inst, inst.env(SYSTEM) as env:
        names = {"inst": inst, "env": env}
        if execute is not None:
            exec(compile(execute, "<execute>", "exec"), names)  # what the command is for
            return
        console = code.InteractiveConsole(names)
        console.interact(banner=BANNER, exitmsg="")
        if not (sys.stdin.isatty() and click.confirm("Keep the changes?", default=False)):
            raise click.Abort
