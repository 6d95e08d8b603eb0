"""People who write templates and people who send by them."""

from typing import Any

import pytest

TEMPLATE, VERSION = "messaging.template", "messaging.template_version"


def give(env: Any, login: str, *sets: str) -> int:
    """Let a person have these sets."""
    key = env.query("base.user").where(f'login == "{login}"').ids(1)[0]
    env.update("base.user", key, {"extra_sets": list(sets)})
    return int(key)


@pytest.fixture
def people(env_as: Any) -> None:
    """Mina writes templates, Sara and Reza send."""
    with env_as("admin") as env:
        give(env, "mina", "messaging.template_editor")
        give(env, "sara", "messaging.user")
        give(env, "reza", "messaging.user")


def template(env: Any, channel: str = "sms", record: str = "leads.lead", name: str = "T", **texts: str | tuple[str, str]) -> int:
    """A template with its texts by language: a body, or (subject, body)."""
    key = env.create(TEMPLATE, {"name": name, "record_type": record, "channel": channel})
    for lang, text in texts.items():
        subject, body = text if isinstance(text, tuple) else ("", text)
        env.create(VERSION, {"template": key, "language": lang, "subject": subject, "body": body})
    return int(key)
