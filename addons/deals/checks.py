"""Where a deal may stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Env, Invalid, _

from .choices import OPEN_TO_ME
from .stages import PIPELINE, STAGE


def places(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Pipelines and stages that are kept for other teams; code that works elevated may use all."""
    if env.access.trusted:
        return
    pipelines = _kept(env, PIPELINE, {r.pipeline.id for r in records if r.pipeline})
    stages = _kept(env, STAGE, {r.stage.id for r in records if r.stage})
    for record in records:
        if record.pipeline and record.pipeline.id in pipelines:
            yield Invalid(record, "pipeline", _("This pipeline is for other teams."))
        if record.stage and record.stage.id in stages:
            yield Invalid(record, "stage", _("This stage is for other teams."))


def _kept(env: Env, record: str, ids: set[int]) -> set[int]:
    """Those of them that the person's teams may not use."""
    if not ids:
        return set()
    with env.elevated("teams of pipelines and stages") as sudo:
        return set(sudo.query(record).archived(None).with_ids(ids).where(~OPEN_TO_ME).ids())
