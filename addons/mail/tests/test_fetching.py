"""Reading boxes: Dovecot on loopback, broken off, renumbered, with mails too large and in between."""

from __future__ import annotations

import dataclasses
import datetime as dt
import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from addons.mail import imap, pop3
from addons.mail.fetching import KNOWN, LARGE, READ, Afterwards, Cursor, Folder, Limits
from addons.mail.imap_box import opened
from addons.mail.servers import NONE, STARTTLS, TLS, Server
from addons.mail.testing import TOKEN, Dovecot, connect
from addons.messaging.contract import Later, Refused


def mail(number, size=0):
    return f"Message-ID: <{number}@example.org>\r\nSubject: {number}\r\n\r\n{'x' * size}\r\n".encode()


@pytest.fixture(scope="module")
def running():
    with Dovecot() as server:
        yield server


@pytest.fixture
def box(running):
    for path in (*running.mails(), *running.mails("Sent"), *running.mails("Done")):
        path.unlink()
    return running


def subjects(found):
    return [int(one.raw.split(b"Subject: ")[1].split(b"\r\n")[0]) for one in found if one.raw]


def test_only_what_is_new_is_read(box):
    for number in range(3):
        box.drop(mail(number))
    first = list(imap.fetch(box.server()))
    assert subjects(first) == [0, 1, 2]
    assert first[0].raw == mail(0) and first[0].size == len(mail(0)) and first[0].state == READ
    assert abs((first[0].at - dt.datetime.now(dt.UTC)).total_seconds()) < 60
    box.drop(mail(3))
    kept = Cursor.read(str(first[-1].cursor))
    assert subjects(imap.fetch(box.server(), kept)) == [3]
    last = list(imap.fetch(box.server(), kept))[-1].cursor
    assert list(imap.fetch(box.server(), last)) == []


@pytest.mark.parametrize("encryption", [NONE, STARTTLS, TLS])
def test_every_encryption_and_access_tokens(box, encryption):
    box.drop(mail(1))
    assert imap.check(box.server(encryption=encryption)) == 1
    assert pop3.check(box.server("pop3", encryption)) == 1
    assert imap.check(box.server(encryption=encryption, token=TOKEN)) == 1
    assert pop3.check(box.server("pop3", encryption, token=TOKEN)) == 1


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"token": "stale"}, {"user": "nobody-here"}])
def test_a_wrong_password_or_token(box, wrong):
    with pytest.raises(Refused, match="does not accept"):
        imap.check(box.server(**wrong))
    with pytest.raises(Refused, match="does not accept"):
        pop3.check(box.server("pop3", **wrong))


def test_a_certificate_that_nobody_vouches_for(box):
    for check, server in (
        (imap.check, box.server(certificate="")),
        (pop3.check, box.server("pop3", certificate="")),
        (imap.check, box.server(encryption=STARTTLS, certificate="")),
    ):
        with pytest.raises(Refused, match="not trusted"):
            check(server)


def test_nobody_there():
    with Dovecot() as box:
        gone = box.server()
        gone_pop = box.server("pop3")
    for call in (lambda: imap.check(gone), lambda: list(imap.fetch(gone)), lambda: pop3.check(gone_pop)):
        with pytest.raises(Later):
            call()


def test_a_mail_that_is_too_large_gives_its_headers(box):
    box.drop(mail(1, 50_000))
    box.drop(mail(2))
    for found in (
        list(imap.fetch(box.server(), limits=Limits(largest=10_000))),
        list(pop3.fetch(box.server("pop3"), lambda uids: (), limits=Limits(largest=10_000))),
    ):
        assert [one.state for one in found] == [LARGE, READ]
        assert b"Subject: 1" in found[0].raw and len(found[0].raw) < 200 and "MB" in found[0].reason


def test_a_server_that_dies_half_way_loses_and_repeats_nothing(box):
    for number in range(10):
        box.drop(mail(number))
    got, cursor = [], Cursor()
    with pytest.raises(Later):  # noqa: PT012
        for offered in imap.fetch(box.server(), cursor, limits=Limits(batch=3)):
            got.append(offered)
            cursor = offered.cursor
            if len(got) == 4:
                box.stop()
    box.start()
    got += imap.fetch(box.server(), cursor, limits=Limits(batch=3))
    assert subjects(got) == list(range(10))


def test_a_run_has_an_end_and_the_next_goes_on(box):
    for number in range(7):
        box.drop(mail(number))
    got, cursor = [], Cursor()
    for _run in range(4):
        for offered in imap.fetch(box.server(), cursor, limits=Limits(messages=2, batch=2)):
            got.append(offered)
            cursor = offered.cursor
    assert subjects(got) == list(range(7))
    assert list(imap.fetch(box.server(), limits=Limits(seconds=0))) == []


def test_a_folder_that_was_numbered_anew(box):
    for number in range(3):
        box.drop(mail(number))
    first = list(imap.fetch(box.server()))
    box.renumber()
    box.drop(mail(3))
    asked = []

    def known(identifiers):
        asked.append(list(identifiers))
        return {f"<{number}@example.org>" for number in range(3)}

    again = list(imap.fetch(box.server(), first[-1].cursor, known=known))
    assert [one.state for one in again] == [KNOWN] * 3 + [READ] and subjects(again) == [3]
    assert asked == [[f"<{number}@example.org>" for number in range(4)]]
    assert again[-1].cursor.validity != first[-1].cursor.validity
    assert list(imap.fetch(box.server(), again[-1].cursor, known=known)) == []


def test_mails_that_vanish_meanwhile(box):
    for number in range(3):
        box.drop(mail(number))
    got = []
    for offered in imap.fetch(box.server()):
        got.append(offered)
        if len(got) == 1:
            with opened(box.server()) as other:  # another program of the same person
                other.folder.set("INBOX")
                other.delete(["2"] if offered.uid == "1" else [str(int(offered.uid) + 1)])
    assert subjects(got) == [0, 2]


def test_what_is_done_afterwards(box):
    box.drop(mail(1))
    box.drop(mail(2))
    list(imap.fetch(box.server(), afterwards=Afterwards(seen=True)))
    assert [one.flags.count("\\Seen") for one in imap.fetch(box.server())] == [1, 1]
    assert [one.flags.count("\\Seen") for one in imap.fetch(box.server())] == [1, 1]
    box.drop(mail(3), "Done")
    for offered in imap.fetch(box.server(), afterwards=Afterwards(move="Done")):
        assert offered.state == READ
        break  # the last one was not dealt with: it stays
    assert len(box.mails()) == 2
    list(imap.fetch(box.server(), afterwards=Afterwards(move="Done")))
    assert (len(box.mails()), len(box.mails("Done"))) == (0, 3)


def test_folders_in_any_script_and_copies_of_what_was_sent(box):
    name = "ارسالی «۱»"
    with opened(box.server()) as client:  # its owner makes a folder
        if not client.folder.exists(name):
            client.folder.create(name)
    assert Folder("Sent", "sent") in imap.folders(box.server())
    assert Folder(name) in imap.folders(box.server())
    before = imap.check(box.server(), name)
    imap.keep_copy(box.server(), name, mail(5))
    assert imap.check(box.server(), name) == before + 1
    found = list(imap.fetch(box.server(), folder=name))
    assert found[-1].raw == mail(5) and "\\Seen" in found[-1].flags


@pytest.mark.parametrize("folder", ["Nowhere", 'x"\r\nA1 DELETE INBOX', 'a\\"b'])
def test_folders_that_are_none(box, folder):
    with pytest.raises(Refused):
        list(imap.fetch(box.server(), folder=folder))


def test_nothing_before_a_day(box):
    box.drop(mail(1))
    assert list(imap.fetch(box.server(), since=dt.date.today() + dt.timedelta(days=2))) == []
    assert subjects(imap.fetch(box.server(), since=dt.date.today() - dt.timedelta(days=2))) == [1]


# ---------------------------------------------------------------- POP3
def test_pop3_gives_each_mail_once(box):
    for number in range(3):
        box.drop(mail(number))
    server, here = box.server("pop3"), set()

    def known(uids):
        return here & set(uids)

    def take():
        found = []
        for offered in pop3.fetch(server, known, limits=Limits(batch=2)):
            here.add(offered.uid)
            found.append(offered)
        return found

    assert subjects(take()) == [0, 1, 2]
    box.drop(mail(3))
    assert subjects(take()) == [3]
    assert take() == [] and len(box.mails()) == 4


def test_pop3_reads_lines_of_any_length(box):
    box.drop(mail(1, 30_000))
    assert [len(one.raw) for one in pop3.fetch(box.server("pop3"), lambda uids: ())] == [len(mail(1, 30_000))]


def test_pop3_deletes_only_what_was_dealt_with_and_only_if_told(box):
    for number in range(3):
        box.drop(mail(number))
    server = dataclasses.replace(box.server("pop3"))
    for offered in pop3.fetch(server, lambda uids: (), afterwards=Afterwards(delete=True), limits=Limits(messages=2)):
        assert offered.state == READ
    assert len(box.mails()) == 1
    for offered in pop3.fetch(server, set, afterwards=Afterwards(delete=True)):  # a deletion that was lost
        assert offered.state == KNOWN
    assert box.mails() == []


def test_pop3_that_breaks_deletes_nothing(box):
    for number in range(4):
        box.drop(mail(number))
    seen = []
    with pytest.raises(Later):  # noqa: PT012
        for offered in pop3.fetch(box.server("pop3"), lambda uids: (), afterwards=Afterwards(delete=True)):
            seen.append(offered)
            if len(seen) == 2:
                box.stop()
    box.start()
    assert len(box.mails()) == 4
    assert len(list(pop3.fetch(box.server("pop3"), lambda uids: {one.uid for one in seen} & set(uids)))) == 2


def test_short_contents_in_quotes_as_some_servers_send_them():
    data = [b'7 (UID 12 FLAGS () RFC822.SIZE 9 INTERNALDATE "27-Nov-2026 10:00:00 +0000" BODY[HEADER.FIELDS (MESSAGE-ID)] "")',
            b'8 (UID 13 RFC822.SIZE 9 BODY[HEADER.FIELDS (MESSAGE-ID)] NIL)', b"9 (FLAGS (\\Seen))", (b"10 (UID 14 BODY[] {2}",
                b"ab"), b" RFC822.SIZE 2)"]
    assert [raw for _head, raw in imap._items(data)] == [b"", b"", None, b"ab"]
    assert [one and one.uid for one in map(imap._about, imap._items(data))] == [12, 13, None, 14]
    assert list(imap._items([b'1 (UID 5 BODY[]<0> "a \\"b\\" c")']))[0][1] == b'a "b" c'


@contextmanager
def trickling(greeting):
    """A server that says a byte now and then, and never comes to an end."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        def serve():
            with suppress(OSError):
                while True:
                    client, _address = listening.accept()
                    with suppress(OSError):
                        client.sendall(greeting)
                        while True:
                            client.sendall(b"x")
                            time.sleep(0.1)

        threading.Thread(target=serve, daemon=True).start()
        yield Server("127.0.0.1", listening.getsockname()[1], NONE, user="a", password="b", timeout=0.5, connect=connect)


@pytest.mark.parametrize("greeting", [b"", b"* OK hello\r\n* CAPABILITY ", b"+OK hello\r\n"])
def test_a_server_that_never_comes_to_an_end(greeting):
    begun = time.monotonic()
    with trickling(greeting) as server:
        for call in (lambda: list(imap.fetch(server, limits=Limits(seconds=0.5))), lambda: list(pop3.fetch(server, set,
            limits=Limits(seconds=0.5)))):
            with pytest.raises(Later):
                call()
    assert time.monotonic() - begun < 8
    time.sleep(0.1)
    assert not [one for one in threading.enumerate() if isinstance(one, threading.Timer) and one.is_alive()]
