"""Record types of which always exactly one is the default: a mix-in that brings the flag's rules; the type declares the flag itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Change, Env, F, Invalid, ValidationFailed, _, validates

FLAG = "is_default"


class OneDefault:
    """Put before `Record` among a class's bases; the class has a flag `is_default`.

    The first record is the default by itself, whichever is chosen takes the place of the one before, and the default is neither
    given up nor deleted.
    """

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """The default is not deleted."""
        super().before_save(env, change)  # type: ignore[misc]
        if change.action == "delete" and (kept := [r for r in change.records if r.is_default]):
            label = change.rtype.fields[FLAG].label
            raise ValidationFailed([Invalid(r, None, _("“{name}” is “{flag}”: choose another one as that first.", name=r.display_title(),
                                                       flag=label)) for r in kept])

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """A new default takes the place of the old one."""
        super().after_save(env, change)  # type: ignore[misc]
        if change.action not in ("create", "update"):
            return
        with env.elevated("which one is the default") as sudo:
            found = sudo.query(change.record).archived(None).where(F[FLAG] == True).order("id").ids()  # noqa: E712
            chosen = [r.id for r in change.records if r.is_default]
            if not found:
                sudo.update(change.record, change.records[0].id, {FLAG: True})
            elif chosen and len(found) > 1:
                sudo.update(change.record, [key for key in found if key != chosen[0]], {FLAG: False}, source="default")

    @validates(FLAG)
    def one_default(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """There is always a default, and only one is chosen at a time."""
        record = records[0].record_name
        flag = env.registry.record(record).fields[FLAG].label
        with env.elevated("which one is the default") as sudo:
            present = set(sudo.query(record).archived(None).where(F[FLAG] == True).ids())  # noqa: E712
        chosen = [r for r in records if r.is_default]
        for one in chosen[1:]:
            yield Invalid(one, FLAG, _("Only one is “{flag}”: choose one.", flag=flag))
        given_up = {r.get("id") for r in records if not r.is_default} & present
        for one in records if not chosen and given_up and given_up == present else ():
            if one.get("id") in given_up:
                yield Invalid(one, FLAG, _("One is always “{flag}”: choose another one as that instead.", flag=flag))
