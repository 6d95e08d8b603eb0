"""What the core needs of the addon that keeps accounts: passwords, second factors, the first administrator.

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

    def signed_in(self, env: Env, user_id: int) -> None:
        """Note a completed sign-in."""


def keeper(env: Env) -> AccountKeeper:
    """The keeper of this installation's accounts."""
    found: AccountKeeper | None = env.registry.plugins.hook.account_keeper(env=env)
    if found is None:
        raise SarnakhError(_("No addon keeps accounts."))
    return found


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
