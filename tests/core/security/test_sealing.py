"""Secrets at rest: sealed in the database, opened by elevated code alone, in no list, expression, history or file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from core.addons import lifecycle
from core.cli.main import main
from core.errors import AccessDenied, ExpressionError
from core.installation import Installation
from core.sealing import SealBroken, Sealed, reseal_all, unreadable
from core.secrets import change_encryption_key, drop_old_keys, load_secrets
from core.security.accounts import keeper
from core.security.actor import SYSTEM
from core.testing.plugin import open_installation, user_id
from tests.core.web.conftest import Visit, host, visit

__all__ = ["host", "visit"]
pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
PIN = "Hunter2ي۱ کلید"  # a secret is kept letter by letter: nothing is folded or trimmed


@pytest.fixture
def order(installation: Installation) -> int:
    with installation.env(SYSTEM) as env:
        return int(env.create("shop.order", {"name": "one", "pin": PIN, "owner": user_id(installation, "sara")}))


def stored(installation: Installation, table: str, column: str, key: int) -> str:
    with installation.engine.connect() as connection:
        return str(connection.execute(text(f"SELECT {column} FROM {table} WHERE id = :k"), {"k": key}).scalar_one())  # noqa: S608


def secrets_file(installation: Installation) -> Path:
    return Path(installation.settings.security.secrets_file)


def test_only_elevated_code_opens_it(installation: Installation, env_as, order: int) -> None:
    assert "unter" not in stored(installation, "shop_order", "pin", order)
    with env_as("sara") as env:
        row = env.get("shop.order", order, "pin", "name")
        assert isinstance(row.pin, Sealed) and str(row.pin) == "•••" and "unter" not in repr(row.pin)
        with pytest.raises(AccessDenied):
            env.unseal(row.pin)
    with env_as("admin") as env, pytest.raises(AccessDenied):  # super-administrators are people, too
        env.unseal(env.get("shop.order", order, "pin").pin)
    with env_as("sara") as env, env.elevated("send") as trusted:
        assert trusted.unseal(trusted.get("shop.order", order, "pin").pin) == PIN


def test_no_expression_order_group_or_sum_knows_it(env_as, order: int) -> None:
    with env_as("admin") as env:
        for attempt in (lambda q: q.where("pin is null").count(), lambda q: q.where('pin contains "H"').count(),
                        lambda q: q.order("pin").ids(), lambda q: q.order("-pin").page(), lambda q: q.aggregate(["pin"]),
                        lambda q: q.aggregate(sums=["pin"])):
            with pytest.raises(ExpressionError):
                attempt(env.query("shop.order"))
        assert env.query("shop.order").search("Hunter2").count() == 0


def test_pages_take_it_and_never_show_it(installation: Installation, visit: Visit, order: int) -> None:
    sara = visit("sara")
    form = sara.get(f"/r/shop.order/{order}/edit").text
    assert re.search(r'<input[^>]*type="password"[^>]*name="pin"', form)
    token = stored(installation, "shop_order", "pin", order).removeprefix("sealed:")
    paths = ("", "/edit", "/print", "/history", "/timeline", "/clone", "/field/pin")
    pages = [sara.get(f"/r/shop.order/{order}{p}") for p in paths]
    pages += [sara.get(p) for p in ("/r/shop.order?columns=name,pin", "/r/shop.order?s=1&order=pin", "/r/shop.order/export",
                                    "/r/shop.order?group=pin", f"/card/shop.order/{order}", "/search?q=Hunter2")]
    sent = sara.post("/r/shop.order/export", {"s": "1", "columns": ["name", "pin"], "fields": ["name", "pin"], "format": "csv"})
    for page in (*pages, sent):
        assert page.status_code < 500
        assert "unter2ي" not in page.get_data(as_text=True) and token[:40] not in page.get_data(as_text=True)


def test_a_form_left_alone_keeps_it_typing_replaces_it_and_a_tick_removes_it(
        installation: Installation, visit: Visit, order: int) -> None:
    sara = visit("sara")

    def now() -> str | None:
        with installation.env(SYSTEM) as env:
            return env.unseal(env.get("shop.order", order, "pin").pin)

    def post(values: dict[str, str]) -> TestResponse:
        with installation.env(SYSTEM) as env:
            version = env.get("shop.order", order, "version").version
        return sara.post(f"/r/shop.order/{order}/edit", {"version": str(version), **values})

    assert post({"name": "two", "pin": ""}).status_code == 303
    assert now() == PIN
    refused = post({"name": "", "pin": "new secret"})
    assert refused.status_code == 422 and "new secret" not in refused.text
    assert post({"name": "two", "pin": " new secret "}).status_code == 303
    assert now() == " new secret "
    with installation.env(SYSTEM) as env:
        table = env.registry.system.audit
        changes = [c for c in env.execute(select(table.c.changes).where(table.c.record_id == order)).scalars() if c]
        assert {"pin": ["•••", "•••"]} in changes and "secret" not in json.dumps(changes)
    assert post({"name": "two", "pin": "", "pin__remove": "1"}).status_code == 303
    assert now() is None


def test_a_new_key_reads_old_values_and_the_old_key_can_go(installation: Installation, order: int) -> None:
    before = stored(installation, "shop_order", "pin", order)
    old = load_secrets(secrets_file(installation)).encryption_key
    made = change_encryption_key(secrets_file(installation))
    assert made.old_encryption_keys == (old,) and secrets_file(installation).stat().st_mode & 0o077 == 0
    with installation.env(SYSTEM) as env:
        assert env.unseal(env.get("shop.order", order, "pin").pin) == PIN
    seen: list[tuple[int, int]] = []
    assert reseal_all(installation.engine, installation.registry, installation.vault, lambda d, t: seen.append((d, t))) == 0
    assert seen == [(1, 1)] and stored(installation, "shop_order", "pin", order) != before
    drop_old_keys(secrets_file(installation))
    with installation.env(SYSTEM) as env:
        found = env.get("shop.order", order, "pin", "version")
        assert env.unseal(found.pin) == PIN and found.version == 1
        with pytest.raises(SealBroken):
            env.unseal(Sealed(before))


def test_another_file_of_keys_is_noticed_and_explained(installation: Installation, visit: Visit, order: int) -> None:
    with installation.reading() as connection:
        assert unreadable(connection, installation.registry, installation.vault) == 0
    secrets_file(installation).unlink()
    with installation.env(SYSTEM) as env:  # the keys in memory go on; no new ones are made behind one's back
        assert env.unseal(env.get("shop.order", order, "pin").pin) == PIN
    assert not secrets_file(installation).exists()
    load_secrets(secrets_file(installation))
    assert "1 stored secret cannot be read" in visit("admin").get("/admin/health").text
    assert visit("sara").get(f"/r/shop.order/{order}/edit").status_code == 200


def test_authenticator_secrets_from_before_are_sealed_by_the_upgrade(installation: Installation) -> None:
    key, secret = user_id(installation, "sara"), pyotp.random_base32()
    with installation.engine.begin() as connection:
        connection.execute(text("UPDATE base_user SET totp_secret = :s WHERE id = :k"), {"s": secret, "k": key})
        connection.execute(text("DELETE FROM sys_migration WHERE step LIKE 's0001_seal%'"))
    lifecycle.upgrade(installation, installation.registry)
    kept = stored(installation, "base_user", "totp_secret", key)
    assert kept.startswith("sealed:") and secret not in kept
    with installation.env(SYSTEM) as env:
        assert keeper(env).check_second_factor(env, key, pyotp.TOTP(secret).at(int(env.now.timestamp())))
    lifecycle.upgrade(installation, installation.registry)
    assert stored(installation, "base_user", "totp_secret", key) == kept


def test_lost_keys_leave_the_recovery_codes(installation: Installation) -> None:
    key, secret = user_id(installation, "sara"), pyotp.random_base32()
    with installation.env(SYSTEM) as env:
        now = int(env.now.timestamp())
        codes = keeper(env).enable_second_factor(env, key, secret, pyotp.TOTP(secret).at(now - 30))
    secrets_file(installation).unlink()
    load_secrets(secrets_file(installation))
    with installation.env(SYSTEM) as env:
        assert keeper(env).has_second_factor(env, key)
        assert not keeper(env).check_second_factor(env, key, pyotp.TOTP(secret).at(now))
        assert keeper(env).check_second_factor(env, key, codes[0])
        assert not keeper(env).check_second_factor(env, key, codes[0])


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    inst = open_installation("", data)
    with inst.env(SYSTEM) as env:
        key = env.create("base.user", {"name": "T", "login": "t"})
        env.update("base.user", key, {"totp_secret": "JBSWY3DPEHPK3PXP"})
    old = load_secrets(secrets_file(inst))
    assert main(["--data", str(data), "keys", "rotate", "--drop-old"]) == 0
    assert "Sealed with a new key" in capsys.readouterr().out
    new = load_secrets(secrets_file(inst))
    assert new.encryption_key != old.encryption_key and not new.old_encryption_keys and new.session_key == old.session_key
    with inst.env(SYSTEM) as env:
        assert env.unseal(env.get("base.user", key, "totp_secret").totp_secret) == "JBSWY3DPEHPK3PXP"
    inst.close()
