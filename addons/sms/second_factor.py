"""Two-step sign-in by SMS; see :class:`core.security.accounts.SecondFactor`."""

from __future__ import annotations

from core.api import Env, _

from . import codes, numbers, setup


class BySms:
    """Codes by SMS."""

    name = "sms"
    label: str = _("Code by SMS")
    help: str = _("Codes for signing in are sent to your mobile. An authenticator app is safer: an SMS can be intercepted.")
    address_label: str = _("Mobile number")

    def offered(self, env: Env) -> bool:
        """Where there is an account that belongs to everybody."""
        return bool(setup.shared(env))

    def active(self, env: Env, user_id: int) -> bool:
        """With a confirmed number."""
        return bool(codes.number_of(env, user_id))

    def address(self, env: Env, user_id: int) -> str:
        """The confirmed number."""
        return codes.number_of(env, user_id)

    def begin(self, env: Env, user_id: int, address: str, ip: str) -> None:
        """A code to a number that is theirs, if they can read it there."""
        try:
            number = numbers.normal(address, env.region)
        except ValueError as error:
            raise codes.refusal(error) from error
        codes.ask(env, user_id, codes.CONFIRM, ip)
        codes.note(env, user_id, number)

    def confirm(self, env: Env, user_id: int, code: str) -> bool:
        """They read it there."""
        if not codes.right(env, user_id, codes.CONFIRM, code):
            return False
        codes.confirm(env, user_id)
        return True

    def send(self, env: Env, user_id: int, ip: str) -> None:
        """A code for a sign-in, if they have a number."""
        codes.ask(env, user_id, codes.SIGN_IN, ip)

    def check(self, env: Env, user_id: int, code: str) -> bool:
        """The code that was sent last."""
        return codes.right(env, user_id, codes.SIGN_IN, code)

    def disable(self, env: Env, user_id: int) -> None:
        """Forget the number."""
        codes.forget_number(env, user_id)
