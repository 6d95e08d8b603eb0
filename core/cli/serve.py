"""`serve` and `worker`: what runs until it is told to stop."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from types import FrameType

import click

from core.cli.common import Workplace, command
from core.cli.editions import told
from core.cli.opening import installation
from core.editions.limits import SETTING
from core.editions.moving import move
from core.errors import SettingsError
from core.first_start import DEMO_PASSWORD, awaits_first_user, load_demo, setup_token
from core.i18n.messages import _
from core.installation import Installation
from core.jobs.hosting import OneInstallation, WorkerOptions
from core.jobs.worker import Worker, run_worker
from core.web.server import serve as serve_web


@command(example="sarnakh serve --host 0.0.0.0 --port 8080 --no-browser")
@click.option("--host", metavar="ADDRESS", help="Address to listen on (default: from the settings, 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes any free one.")
@click.option("--demo", is_flag=True, help="Load a demo company first, when there is no data yet.")
@click.option("--edition", metavar="NAME", help="Begin with this edition, or move to it (see `edition list`).")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def serve(place: Workplace, host: str | None, port: int | None, demo: bool, edition: str | None, no_browser: bool) -> None:
    """Start the web server and the background worker.

    Makes the database at the first start, brings it up to date, prints the address and, until there is an
    administrator, a link with which the first one signs up. Ctrl-C stops everything.
    """
    with installation(place, server_host=host, server_port=port, addons_edition=edition) as found:
        if edition and found.registry.customising.rows.get(SETTING) != edition:
            told(move(found, edition))
        if demo:
            click.echo("Loading the demo company …", err=True)
            if load_demo(found, tell=lambda addon: click.echo(f"  {addon}", err=True)):
                click.echo(f"Its people (nasrin, sara, reza, ali, john, ayse, emily) sign in with: {DEMO_PASSWORD}")
        gc.freeze()  # what is there now stays to the end: the collector need not look at it again and again
        chosen = free_port(found.settings.server.host, found.settings.server.port)
        with stopped_like_ctrl_c(), background_work(found):
            serve_web(found, found.settings.server.host, chosen, found.settings.server.threads,
                      on_ready=lambda _address: greet(found, chosen, no_browser))
    click.echo("Stopped.", err=True)


def greet(found: Installation, port: int, no_browser: bool) -> None:
    """Print where to go, and until there is an administrator the link with which the first one signs up."""
    server = found.settings.server
    host = {"0.0.0.0": "127.0.0.1", "::": "localhost"}.get(server.host, server.host)
    address = server.public_url.rstrip("/") or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    click.echo(f"Sarnakh is at {address}")
    if awaits_first_user(found):
        address = f"{address}/setup/{setup_token(found.secrets)}"
        click.echo(f"Sign up as the first administrator: {address}")
    click.echo("Ctrl-C stops.", err=True)
    if not no_browser and has_desktop():
        threading.Timer(0.5, webbrowser.open, [address]).start()


def has_desktop() -> bool:
    """Whether a browser could be opened here for somebody to see."""
    return sys.stdout.isatty() and (os.name == "nt" or sys.platform == "darwin" or
                                    bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")))


@command(example="sarnakh worker --threads 4")
@click.option("--threads", type=click.IntRange(1, 64), help="Jobs done at the same time (default: jobs.workers).")
def worker(place: Workplace, threads: int | None) -> None:
    """Start a background worker by itself, beside servers on this or other machines.

    Killing it at any moment loses nothing: another worker takes its jobs over.
    """
    with installation(place, jobs_workers=threads) as found:
        click.echo(f"Working, {found.settings.jobs.workers} jobs at a time. Ctrl-C stops.", err=True)
        run_worker(OneInstallation(found), found.jobs, WorkerOptions(threads=found.settings.jobs.workers))
    click.echo("Stopped.", err=True)


def free_port(host: str, port: int) -> int:
    """The port, a free one for 0. Raises `SettingsError` when somebody else has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # a port whose last connections are still closing is free for us
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(_("Cannot listen on {host}:{port}: {reason}. Another port can be given with --port.",
                                  host=host, port=port, reason=error.strerror or "")) from error
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def background_work(found: Installation) -> Iterator[None]:
    """A worker in threads of this process, stopped at the end."""
    working = Worker(OneInstallation(found), found.jobs, WorkerOptions(threads=found.settings.jobs.workers, stop=5.0))
    working.start()
    try:
        yield
    finally:
        working.stop()


@contextlib.contextmanager
def stopped_like_ctrl_c() -> Iterator[None]:
    """SIGTERM (from a service manager) ends like Ctrl-C, and both quietly.

    SIGINT is set too, because a shell starts background programs with it ignored.
    """
    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    previous = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
