"""What the core needs of the addon that keeps accounts: passwords, second factors, the first administrator.

Further ways to show who one is (codes by SMS) come from addons that answer the hook `second_factors`.

The core knows who has which session; who people are and how they prove it is the business of the addon that answers
the hook `account_keeper` (the addon `base`, unless another one answers first).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from core.errors import SarnakhError
from core.i18n.messages import _
from core.records.fields import USER
from core.security import sessions
from core.security.sessions import Session

if TYPE_CHECKING:
    from core.env import Env


@dataclass(frozen=True)
class Account:
    """One person who can sign in, as far as the pages for signing in need to know."""

    id: int
    name: str
    email: str = ""
    lang: str = "en"


class AccountKeeper(Protocol):
    """Every `env` given here is elevated: the caller has decided that this may happen."""

    def create_administrator(self, env: Env, values: dict[str, Any]) -> int:
        """Make the first super-administrator; `values` has name, login, email, password, language, time_zone,
        calendar, digits, company, country and currency (codes). Raises SarnakhError for a weak password."""

    def find(self, env: Env, text: str) -> Account | None:
        """The active account with this login name or e-mail address, if there is exactly one."""

    def check_password(self, env: Env, user_id: int, password: str) -> bool:
        """Whether that is the account's password."""

    def set_password(self, env: Env, user_id: int, password: str) -> None:
        """Give a new password; raises SarnakhError when it is too weak."""

    def password_stamp(self, env: Env, user_id: int) -> str:
        """A text that changes with every new password, and tells nothing of it."""

    def has_second_factor(self, env: Env, user_id: int) -> bool:
        """Whether signing in asks for a code, too."""

    def check_second_factor(self, env: Env, user_id: int, code: str) -> bool:
        """Whether a code of the authenticator or a recovery code is right; each is good once."""

    def enable_second_factor(self, env: Env, user_id: int, secret: str, code: str) -> list[str]:
        """Begin to ask for codes of this secret (base32), when `code` is one; returns recovery codes to show once."""

    def disable_second_factor(self, env: Env, user_id: int) -> None:
        """Stop asking for codes."""

    def renew_recovery_codes(self, env: Env, user_id: int) -> list[str]:
        """New recovery codes in place of those that were there, to show once; for who has a further way alone."""

    def signed_in(self, env: Env, user_id: int) -> None:
        """Note a completed sign-in."""


class SecondFactor(Protocol):
    """A further way to show at a sign-in who one is: a code that is sent somewhere. Beside the authenticator, or alone.

    Every `env` given here is elevated. `name`: in addresses; `label`, `help`: for people; `address_label`: what a person is asked
    for when they set it up. Nothing here tells a stranger whether somebody has set it up.
    """

    name: str
    label: str
    help: str
    address_label: str

    def offered(self, env: Env) -> bool:
        """Whether codes can be sent at all."""

    def active(self, env: Env, user_id: int) -> bool:
        """Whether somebody has set it up."""

    def address(self, env: Env, user_id: int) -> str:
        """Where their codes go, for themselves to see; "" when it is not set up."""

    def begin(self, env: Env, user_id: int, address: str, ip: str) -> None:
        """Send a code to an address that somebody wants to use; SarnakhError says why not."""

    def confirm(self, env: Env, user_id: int, code: str) -> bool:
        """Whether it is the code that was sent by `begin`; the address is theirs from now on."""

    def send(self, env: Env, user_id: int, ip: str) -> None:
        """Send a code for a sign-in, and nothing to who has not set it up. SarnakhError when too many were asked for, by
        whomever."""

    def check(self, env: Env, user_id: int, code: str) -> bool:
        """Whether it is the code that was sent by `send`; each is good once."""

    def disable(self, env: Env, user_id: int) -> None:
        """Forget the address and all codes."""


def keeper(env: Env) -> AccountKeeper:
    """The keeper of this installation's accounts."""
    found: AccountKeeper | None = env.registry.plugins.hook.account_keeper(env=env)
    if found is None:
        raise SarnakhError(_("No addon keeps accounts."))
    return found


# ---------------------------------------------------------------- second factors
def second_factors(env: Env) -> dict[str, SecondFactor]:
    """Further ways of the enabled addons, by name."""
    return {way.name: way for way in env.registry.collected("second_factors", env=env)}


def asks_second_factor(env: Env, user_id: int) -> bool:
    """Whether signing in asks for a code, of whatever kind. `env` is elevated here and below."""
    return keeper(env).has_second_factor(env, user_id) or any(w.active(env, user_id) for w in second_factors(env).values())


def check_second_factor(env: Env, user_id: int, code: str) -> bool:
    """Whether a code of the authenticator, a recovery code or one that was sent is right; each is good once."""
    return keeper(env).check_second_factor(env, user_id, code) or any(
        w.check(env, user_id, code) for w in second_factors(env).values())


def disable_second_factors(env: Env, user_id: int) -> None:
    """Stop asking for codes, of whatever kind."""
    keeper(env).disable_second_factor(env, user_id)
    for way in second_factors(env).values():
        way.disable(env, user_id)


def set_password(env: Env, user_id: int, password: str, keep: str = "") -> None:
    """Give a password and end all sessions of the account but `keep` (the digest of one); noted in history."""
    with env.elevated("password change") as trusted:
        keeper(env).set_password(trusted, user_id, password)
    ended = sessions.end_all(env.connection, user_id, keep)
    env.log("password_changed", changes={"sessions_ended": [None, ended]}, record=USER, record_id=user_id)


def sessions_of(env: Env, user_id: int) -> list[Session]:
    """The live sessions of a user, the last used first."""
    return sessions.of_user(env.connection, user_id, env.now)


def end_session(env: Env, user_id: int, token_hash: str) -> bool:
    """End one session if it is one of that user's."""
    if not any(s.token_hash == token_hash for s in sessions_of(env, user_id)):
        return False
    sessions.end(env.connection, token_hash)
    env.log("session_ended", record=USER, record_id=user_id)
    return True


def end_sessions(env: Env, user_id: int, keep: str = "") -> int:
    """End all sessions of a user but `keep` (the digest of one); returns how many."""
    ended = sessions.end_all(env.connection, user_id, keep)
    if ended:
        env.log("sessions_ended", changes={"sessions_ended": [None, ended]}, record=USER, record_id=user_id)
    return ended
