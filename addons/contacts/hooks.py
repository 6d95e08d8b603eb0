"""What the contacts addon answers when the core asks."""

from core.api import Env, hookimpl
