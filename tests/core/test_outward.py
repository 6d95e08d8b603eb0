"""What the server connects to: nothing of our own network unless the configuration says so."""

from __future__ import annotations

import http.server
import socket
import threading

import pytest

from core import outward
from core.outward import is_ours
from core.settings import Outward


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802 - the library's name
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * (5000 if self.path == "/much" else 2))

    def log_message(self, *args):
        pass


@pytest.fixture
def port():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("address", [
    "127.0.0.1", "localhost", "[::1]", "0.0.0.0", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.1.1",
    "[::ffff:127.0.0.1]", "[fd00::1]", "[fe80::1]", "2130706433", "0x7f000001", "127.1", "[2002:7f00:0001::]", "224.0.0.1"])
def test_our_own_network_is_not_reached(address, port):
    with outward.session(Outward()) as http_client, pytest.raises(outward.NotOutside):
        http_client.get(f"http://{address}:{port}/")


def test_what_the_configuration_allows(port):
    for allowed in (("127.0.0.1",), (f"127.0.0.1:{port}",), ("127.0.0.0/8",)):
        with outward.session(Outward(allowed=allowed)) as http_client:
            assert http_client.get(f"http://127.0.0.1:{port}/").content == b"xx"
    with outward.session(Outward(allowed=("127.0.0.1:1",))) as http_client, pytest.raises(outward.NotOutside):
        http_client.get(f"http://127.0.0.1:{port}/")


def test_a_name_that_means_another_address_the_second_time(port, monkeypatch):
    real, asked = socket.getaddrinfo, []

    def turning(host, *args, **kwargs):
        if host != "turning.example":
            return real(host, *args, **kwargs)
        asked.append(host)
        at = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, port))]

    monkeypatch.setattr(socket, "getaddrinfo", turning)
    with outward.session(Outward()) as http_client, pytest.raises(outward.NotOutside):
        http_client.get(f"http://turning.example:{port}/")
    assert len(asked) == 2


def test_redirects_are_not_followed_unless_asked_and_checked_then(port):
    with outward.session(Outward(allowed=(f"127.0.0.1:{port}",))) as http_client:
        assert http_client.get(f"http://127.0.0.1:{port}/away").status_code == 302
        with pytest.raises(outward.NotOutside):
            http_client.get(f"http://127.0.0.1:{port}/away", follow=True)


def test_answers_have_a_limit(port):
    with outward.session(Outward(allowed=("127.0.0.1",)), most_bytes=4000) as http_client:
        assert http_client.get(f"http://127.0.0.1:{port}/").content == b"xx"
        with pytest.raises(outward.TooLarge):
            http_client.get(f"http://127.0.0.1:{port}/much")


def test_names_in_mail_settings(port):
    with pytest.raises(outward.NotOutside):
        outward.check_host("localhost", port)
    outward.check_host("localhost", port, ("localhost",))
    outward.check_host("no-such-name.invalid", port)


def test_other_protocols_reach_the_same_addresses_and_no_others(port):
    with outward.session(Outward()) as closed, pytest.raises(outward.NotOutside):
        closed.connect("127.0.0.1", port)
    with outward.session(Outward(allowed=(f"127.0.0.1:{port}",))) as opened, opened.connect("127.0.0.1", port) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.recv(12).startswith(b"HTTP/1.0 200")
    with socket.create_server(("127.0.0.1", 0)) as gone:
        nobody = gone.getsockname()[1]
    with outward.session(Outward(allowed=("127.0.0.1",))) as opened, pytest.raises(OSError):
        opened.connect("127.0.0.1", nobody)


@pytest.mark.parametrize(("host", "port", "allowed", "ours"), [
    ("intern", 80, ("intern.example:8080",), False), ("intern.example", 8080, ("intern.example:8080",), True),
    ("intern.example", 80, ("intern.example:8080",), False), ("10.1.2.3", 80, ("10.0.0.0/8",), True),
    ("11.1.2.3", 80, ("10.0.0.0/8",), False),
    ("8.8.8.8", 80, ("0.0.0.0/0",), False), ("shop.example", 80, (), False)])
def test_what_is_of_our_own_network(host, port, allowed, ours):
    assert is_ours(host, port, allowed) is ours
