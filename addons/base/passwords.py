"""Passwords: hashed with Argon2id, checked in constant work whether or not the name exists."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.api import Env, F, SarnakhError, _

MINIMUM = 10
_COMMON = frozenset({"password", "1234567890", "qwertyuiop", "0123456789", "passw0rd00", "iloveyou11", "admin12345"})


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher().hash("nobody has this password")


def check_strength(password: str, *known: str) -> None:
    """Refuse a password that is short, common or the person's own name."""
    lowered = password.lower()
    if len(password) < MINIMUM:
        raise SarnakhError(_("A password has at least {count} characters.", count=MINIMUM))
    if len(password) > 500:
        raise SarnakhError(_("A password has at most {count} characters.", count=500))
    if lowered in _COMMON or len(set(password)) < 4 or any(k and lowered == k.lower() for k in known):
        raise SarnakhError(_("This password is too easy to guess."))


def set_password(env: Env, user_id: int, password: str) -> None:
    """Give a user a new password (elevated: the caller decided that the actor may)."""
    user = env.get("base.user", user_id, "login", "name", "email")
    check_strength(password, user.login, user.name, user.email or "")
    with env.elevated("password change") as sudo:
        sudo.update("base.user", user_id, {"password_hash": _hasher().hash(password), "password_changed_at": env.now})


def check_login(env: Env, login: str, password: str) -> int | None:
    """The number of the active user with this login name (or e-mail) and password, or None."""
    name = login.strip().lower()[:255]
    found = env.query("base.user").where(F.active & ((F.login == name) | (F.email == name))).archived(None).records(
        "password_hash", limit=2)
    for user in found:
        if verify(user.password_hash or _decoy(), password) and user.password_hash:
            return int(user.id)
    if not found:
        verify(_decoy(), password)
    return None


def verify(stored: str | None, password: str) -> bool:
    """Whether a password fits its hash."""
    if not stored or len(password) > 500:
        return False
    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
