"""Accounts as the core's sign-in pages need them: the first administrator, passwords, authenticator codes.

Codes are those of RFC 6238 (six digits, half a minute). The step of the last code that was taken is remembered, so
that a code seen over somebody's shoulder is of no use; recovery codes are kept as digests and struck off.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

import pyotp

from core.api import Account, Conflict, Env, F, SarnakhError, SealBroken, _, latin_digits

from . import passwords

USER = "base.user"
STEP = 30
LEEWAY = 1
"""Codes of so many steps before and after the present one are taken: clocks differ."""
CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class BaseAccounts:
    """The keeper of accounts of this addon; see :class:`core.security.accounts.AccountKeeper`."""

    def create_administrator(self, env: Env, values: dict[str, Any]) -> int:
        """The first super-administrator, with the company named and put where it is."""
        if env.query(USER).where(F.is_super & F.active).archived(None).exists():
            raise SarnakhError(_("There is an administrator already."))
        company = _set_company(env, values)
        profile = env.query("base.profile").order("id").ids(limit=1)
        role = env.query("base.role").where("parent is null").order("id").ids(limit=1)
        known = ("name", "login", "email", "language", "time_zone", "calendar", "digits")
        key = int(env.create(USER, {
            **{name: values[name] for name in known if values.get(name)}, "is_super": True, "profile": next(iter(profile), None),
            "role": next(iter(role), None), "companies": [company] if company else []}))
        passwords.set_password(env, key, values["password"])
        env.registry.plugins.hook.language_chosen(env=env, lang=values.get("language") or env.lang)
        return key

    def find(self, env: Env, text: str) -> Account | None:
        """The one active account of a login name or e-mail address."""
        name = text.strip().lower()[:255]
        found = env.query(USER).where(F.active & ((F.login == name) | (F.email == name))).archived(None).records(
            "name", "email", "language", limit=2) if name else []
        if len(found) != 1:
            return None
        return Account(int(found[0].id), found[0].name, found[0].email or "", found[0].language)

    def check_password(self, env: Env, user_id: int, password: str) -> bool:
        """Whether that is the account's password."""
        return passwords.verify(env.get(USER, user_id, "password_hash").password_hash, password)

    def set_password(self, env: Env, user_id: int, password: str) -> None:
        """Give a new password that is strong enough."""
        passwords.set_password(env, user_id, password)

    def password_stamp(self, env: Env, user_id: int) -> str:
        """A digest of the stored hash, which has a random part: every password set gives another one."""
        stored = env.get(USER, user_id, "password_hash").password_hash or ""
        return hashlib.sha256(b"stamp:" + stored.encode()).hexdigest()[:24]

    # ---------------------------------------------------------------- second factor
    def has_second_factor(self, env: Env, user_id: int) -> bool:
        """Whether there is a secret."""
        return bool(env.get(USER, user_id, "totp_secret").totp_secret)

    def check_second_factor(self, env: Env, user_id: int, code: str) -> bool:
        """A code of the authenticator not used before, or a recovery code."""
        user = env.get(USER, user_id, "totp_secret", "totp_step", "recovery_codes", "version")
        text = "".join(latin_digits(code).split()).lower()[:40]
        if not text:
            return False
        step = _step_of(_opened(env, user), text, int(env.now.timestamp())) if user.totp_secret else None
        try:  # of two requests with the same code, at the same moment, one is too late
            if step is not None and step > (user.totp_step or 0):
                env.update(USER, user_id, {"totp_step": step}, versions={user_id: user.version})
                return True
            return _use_recovery_code(env, user, text)
        except Conflict:
            return False

    def enable_second_factor(self, env: Env, user_id: int, secret: str, code: str) -> list[str]:
        """Ask for codes from now on; [] when the code is not one of the secret."""
        step = _step_of(secret, "".join(latin_digits(code).split()), int(env.now.timestamp()))
        if step is None:
            return []
        env.update(USER, user_id, {"totp_secret": secret, "totp_step": step})
        return self.renew_recovery_codes(env, user_id)

    def renew_recovery_codes(self, env: Env, user_id: int) -> list[str]:
        """Others in place of those that were there."""
        made = [_recovery_code() for _i in range(CODES)]
        env.update(USER, user_id, {"recovery_codes": [_digest(c) for c in made]})
        return made

    def disable_second_factor(self, env: Env, user_id: int) -> None:
        """Forget secret and recovery codes."""
        env.update(USER, user_id, {"totp_secret": None, "totp_step": None, "recovery_codes": None})

    def signed_in(self, env: Env, user_id: int) -> None:
        """Note the moment."""
        env.update(USER, user_id, {"last_login_at": env.now})


def _set_company(env: Env, values: dict[str, Any]) -> int | None:
    """Name the company that every installation begins with, and set its country and currency."""
    ids = env.query("base.company").order("id").ids(limit=1)
    changes: dict[str, Any] = {"name": values["company"]} if values.get("company") else {}
    for field, record in (("country", "base.country"), ("currency", "base.currency")):
        if values.get(field):
            changes[field] = next(iter(env.query(record).where(F.code == values[field]).ids(limit=1)), None)
    if ids and changes:
        env.update("base.company", ids, changes)
    return ids[0] if ids else None


def _opened(env: Env, user: Any) -> str:
    """The authenticator's secret; "" when the file of keys is not the one it was sealed with: recovery codes still work."""
    try:
        return env.unseal(user.totp_secret) or ""
    except SealBroken as error:
        env.installation.log.error("second factor unreadable", user=user.id, error=str(error))
        return ""


def _step_of(secret: str, code: str, now: int) -> int | None:
    """The time step whose code this is; every allowed one is compared, so the time taken tells nothing."""
    if not secret:
        return None
    generator, found = pyotp.TOTP(secret, interval=STEP), None
    for step in range(now // STEP - LEEWAY, now // STEP + LEEWAY + 1):
        if hmac.compare_digest(generator.at(step * STEP).encode(), code.encode()):
            found = step
    return found


def _recovery_code() -> str:
    made = "".join(secrets.choice(_LETTERS) for _i in range(10))
    return f"{made[:5]}-{made[5:]}"


def _digest(code: str) -> str:
    return hashlib.sha256(b"recovery:" + code.replace("-", "").encode()).hexdigest()


def _use_recovery_code(env: Env, user: Any, text: str) -> bool:
    wanted, stored = _digest(text), list(user.recovery_codes or ())
    left = [c for c in stored if not hmac.compare_digest(c.encode(), wanted.encode())]
    if len(left) == len(stored):
        return False
    env.update(USER, user.id, {"recovery_codes": left}, versions={user.id: user.version})
    return True
