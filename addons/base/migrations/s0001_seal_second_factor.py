"""Authenticator secrets were stored in the clear; now they are sealed."""

from core.api import step


@step(phase="data", record="base.user")
def seal_secrets(ops, ids):
    """Seal those that are not."""
    ops.seal("base.user", "totp_secret", ids)
