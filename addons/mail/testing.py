"""Mail servers for tests, on loopback and thrown away afterwards: Dovecot for IMAP and POP3, aiosmtpd for SMTP.

    with Dovecot() as box:                       # skips the test where Dovecot is not installed, fails in CI
        box.drop(b"Subject: x\\r\\n\\r\\ntext")  # into the INBOX of sara
        server = box.server("imap")              # for addons.mail.imap
"""

from __future__ import annotations

import datetime as dt
import getpass
import grp
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from addons.mail.servers import NONE, STARTTLS, TLS, Server
from addons.mail.testing_smtp import start

HOST = "127.0.0.1"
USER, PASSWORD, TOKEN = "sara", "گذرواژه-1", "good-token"


def connect(host: str, port: int, timeout: float) -> socket.socket:
    """The unguarded way, for servers of tests only."""
    return socket.create_connection((host, port), timeout)


def certificate(folder: Path) -> tuple[str, str]:
    """Files with a certificate of its own for 127.0.0.1 and localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=2))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))]), False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), True).sign(key, hashes.SHA256()))
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                       serialization.NoEncryption()))
    return str(folder / "cert.pem"), str(folder / "key.pem")


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at just now."""
    held = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap pop3
listen = 127.0.0.1
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
auth_mechanisms = plain login xoauth2
disable_plaintext_auth = no
auth_failure_delay = 0
auth_cache_size = 0
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
default_process_limit = 20
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN {folder}/users
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u allow_all_users=yes
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
  }}
}}
mail_max_userip_connections = {connections}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
"""


class Dovecot:
    """The server. `connections`: most at once for one person and address."""

    def __init__(self, connections: int = 10) -> None:
        self.connections = connections
        self.tokens: dict[str, str] = {TOKEN: USER}
        self._serial = 0

    def __enter__(self) -> Self:
        if shutil.which("dovecot") is None:
            if os.environ.get("CI"):
                pytest.fail("Dovecot is not installed: apt-get install dovecot-imapd dovecot-pop3d")
            pytest.skip("Dovecot is not installed")
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.ports = dict(zip(("imap", "imaps", "pop3", "pop3s"), free_ports(4), strict=True))
        self._owner()
        self._oauth = _token_check(self.tokens)
        cert, key = certificate(self.folder)
        self.certificate = Path(cert).read_text("ascii")
        (self.folder / "users").write_text("".join(f"{user}:{PASSWORD}\n" for user in (USER, "reza")), "utf-8")
        (self.folder / "oauth2.conf").write_text(
            f"introspection_mode = get\nintrospection_url = http://{HOST}:{self._oauth.server_port}/?token=\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = yes\n", "ascii")
        (self.folder / "dovecot.conf").write_text(CONFIG.format(folder=self.folder, cert=cert, key=key, user=self.owner.pw_name,
                                                               group=self.group, uid=self.owner.pw_uid, gid=self.owner.pw_gid,
                                                               connections=self.connections, **self.ports), "utf-8")
        for name in ("mail", "home", "state"):
            (self.folder / name).mkdir()
        self._own(self.folder)
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        self._oauth.shutdown()
        self._oauth.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _owner(self) -> None:
        """Mail never belongs to root; whoever runs the tests otherwise owns everything."""
        self.owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwnam(getpass.getuser())
        self.group = grp.getgrgid(self.owner.pw_gid).gr_name

    def _own(self, top: Path) -> None:
        if os.getuid() == 0:
            for path in (top, *top.rglob("*")):
                os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        self.process = subprocess.Popen(["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, start_new_session=True)
        for _try in range(100):
            try:
                with connect(HOST, self.ports["imap"], 1) as plain:
                    if plain.recv(4) == b"* OK":
                        return
            except OSError:
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        log = self.folder / "log"
        said = (self.process.stderr.read().decode() if self.process.poll() is not None and self.process.stderr else "") + (
            log.read_text("utf-8", "replace") if log.exists() else "")
        raise RuntimeError(f"Dovecot does not answer: {said}")

    def stop(self) -> None:
        """Stop the server and everybody connected to it."""
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(10)
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass

    # ------------------------------------------------------------ the box
    def server(self, protocol: str = "imap", encryption: str = TLS, **settings: Any) -> Server:
        """How a client reaches it."""
        port = self.ports[f"{protocol}s" if encryption == TLS else protocol]
        known = {"user": USER, "password": PASSWORD, "certificate": self.certificate, "timeout": 10.0, "connect": connect}
        return Server(HOST, port, encryption, **{**known, **settings})

    def maildir(self, folder: str = "INBOX", user: str = USER) -> Path:
        """Where a folder is."""
        top = self.folder / "mail" / user
        return top if folder == "INBOX" else top / f".{folder}"

    def drop(self, raw: bytes, folder: str = "INBOX", user: str = USER) -> None:
        """Deliver a mail."""
        place = self.maildir(folder, user)
        for name in ("tmp", "new", "cur"):
            (place / name).mkdir(parents=True, exist_ok=True)
        self._serial += 1
        file = place / "tmp" / f"{int(time.time())}.{self._serial:06d}.test"
        file.write_bytes(raw)
        self._own(self.folder / "mail" / user)
        file.rename(place / "new" / file.name)

    def mails(self, folder: str = "INBOX", user: str = USER) -> list[Path]:
        """The mails that a folder holds."""
        place = self.maildir(folder, user)
        return sorted(path for name in ("new", "cur") if (place / name).is_dir() for path in (place / name).iterdir())

    def renumber(self, folder: str = "INBOX", user: str = USER) -> None:
        """Give a folder another UIDVALIDITY, as after a restored backup."""
        self.stop()
        place = self.maildir(folder, user)
        for path in place.glob("dovecot*"):
            path.unlink()
        (place / "dovecot-uidlist").write_text(f"3 V{int(time.time()) + 1000 + self._serial} N1 G{os.urandom(16).hex()}\n",
                                               "ascii")
        self._own(place)
        self.start()


def _token_check(tokens: Mapping[str, str]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the library's name
            token = dict(parse_qsl(urlsplit(self.path).query)).get("token", "")
            user = tokens.get(token)
            answer = json.dumps({"active": "yes", "username": user} if user else {"active": "no"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            """Nothing to say."""

    made = ThreadingHTTPServer((HOST, 0), Handler)
    Thread(target=made.serve_forever, daemon=True).start()
    return made


# ---------------------------------------------------------------- SMTP
class SmtpServer:
    """An SMTP server that keeps what it gets in `mails` as (sender, recipients, content). `answers`: what it says instead, by step
    ("MAIL", "RCPT", "DATA", "." after the content, or "RCPT:address"); "drop" breaks the connection there."""

    def __init__(self, encryption: str = NONE, size: int = 0, password: str = "", utf8: bool = True) -> None:
        self.encryption, self.size, self.password, self.utf8 = encryption, size, password, utf8
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.answers: dict[str, str] = {}
        self.connected = 0

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="smtp-"))
        cert, key = certificate(self.folder)
        self.certificate = Path(cert).read_text("ascii")
        self._controller = start(self, cert, key)
        return self

    def __exit__(self, *error: object) -> None:
        self._controller.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._controller.port)

    def server(self, **settings: Any) -> Server:
        """How a client reaches it."""
        known = {"certificate": self.certificate, "timeout": 5.0, "connect": connect}
        if self.password:
            known |= {"user": USER, "password": self.password}
        return Server(HOST, self.port, self.encryption, **{**known, **settings})


__all__ = ["HOST", "PASSWORD", "STARTTLS", "TLS", "TOKEN", "USER", "Dovecot", "SmtpServer", "certificate", "connect",
           "free_ports"]
