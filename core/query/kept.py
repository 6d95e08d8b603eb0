"""What is worked out once for an actor and then used for every page and day, unless it asked what time it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from core.expressions import Context

if TYPE_CHECKING:
    from core.env import Env

Made = TypeVar("Made")


def kept_for(env: Env, kind: tuple[Any, ...], make: Callable[[], Made]) -> Made:
    """What `make` works out for the actor, their language and this kind of database; kept on the registry."""
    if env.access.trusted:
        return make()
    slot = env.registry.plans.slot((env.actor.id, env.actor.bounds, env.lang, env.dialect, *kind), env.actor)
    if "plan" in slot:
        return slot["plan"]  # type: ignore[no-any-return]
    with _watched(env) as context:
        made = make()
    if not context.asked:
        slot["plan"] = made
    return made


class _Watched(Context):
    """A context that remembers whether somebody asked it for the time."""

    asked = False

    def __getattribute__(self, name: str) -> Any:
        if name in ("now", "today"):
            object.__setattr__(self, "asked", True)
        return super().__getattribute__(name)


@contextmanager
def _watched(env: Env) -> Iterator[_Watched]:
    known = env.context
    watched = _Watched(**{f.name: getattr(known, f.name) for f in fields(known)})
    env.context = watched
    try:
        yield watched
    finally:
        env.context = known
