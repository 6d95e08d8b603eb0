"""Asking a provider from a page. The transaction is committed before, so nobody waits for somebody else's server; every error
becomes a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.api import Env, Message, NotFound, NotOutside, _

from . import accounts, showing
from .choices import ACCOUNT
from .contract import BALANCE, LINES, STATUS, Account, Later, Provider, Refused, Unclear


def row_of(env: Env, key: int) -> dict[str, Any]:
    """An account with everything a call needs, for somebody who may change it; NotFound else. Its secrets are still sealed."""
    if env.allowed_ids("update", ACCOUNT, [key]) != {key}:
        raise NotFound
    with env.elevated("an account is looked after") as sudo:
        found = accounts.rows(sudo, [key])
    if not found:
        raise NotFound
    return found[0]


def asked(env: Env, key: int, why: str, work: Callable[[Provider, Account], Any]) -> tuple[Any, Message | None]:
    """What a provider answers, or why not."""
    row = row_of(env, key)
    with env.elevated(why) as sudo:
        provider = accounts.provider_of(sudo, row)
        if provider is None:
            return None, _("There is no provider “{name}”. Its addon is not enabled.", name=row["provider"])
        account = accounts.opened(sudo, row)
        sudo.commit()
        try:
            return work(provider, account), None
        except Later as error:
            return None, _("The provider could not be reached, or is busy: {reason}", reason=_said(env, error))
        except Refused as error:
            accounts.failing(sudo, row, error.message)
            return None, _("The provider refused: {reason}", reason=_said(env, error))
        except NotOutside:
            return None, _("This address is in your own network, which the server does not call. Allow it in the settings "
                           "(outward.allowed) if that is meant.")
        except Unclear as error:
            return None, _("The provider's answer could not be understood: {reason}", reason=_said(env, error))
        finally:
            account.http.close()


def _said(env: Env, error: Any) -> str:
    return str(env.t(error.message) if isinstance(error.message, Message) else error)[:300]


def check(env: Env, key: int) -> tuple[str, str]:
    """Whether an account works, as (level, sentence): its balance, its lines or a harmless question, whatever the provider has."""
    row = row_of(env, key)

    def work(provider: Provider, account: Account) -> Any:
        if BALANCE in provider.can:
            return provider.balance(account)
        if LINES in provider.can:
            return provider.lines(account)
        if STATUS in provider.can:
            return provider.status(account, [])
        return None

    answer, wrong = asked(env, key, "is the account working", work)
    if wrong is not None:
        return "error", env.t(wrong)
    provider = accounts.provider_of(env, row)
    if provider is None or not {BALANCE, LINES, STATUS} & provider.can:
        return "info", env.t(_("This provider has nothing that could be asked. Send a test message."))
    with env.elevated("the account works") as sudo:
        accounts.works(sudo, row)
        if BALANCE in provider.can:
            accounts.learn_balance(sudo, key, answer)
    if BALANCE in provider.can:
        return "success", env.t(_("It works. Balance: {amount}", amount=showing.cost(env, answer.amount, answer.currency)))
    return "success", env.t(_("It works."))


def lines(env: Env, key: int) -> tuple[list[str], str]:
    """The lines that messages may leave from, and what was wrong."""
    def work(provider: Provider, account: Account) -> list[str]:
        return provider.lines(account) if LINES in provider.can else []

    answer, wrong = asked(env, key, "lines of an account", work)
    return ([str(line)[:320] for line in answer or []][:200], "") if wrong is None else ([], env.t(wrong))
