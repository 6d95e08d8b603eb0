"""One number over records: how many there are, or a sum; it opens them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.i18n.messages import _
from core.layouts import text_in
from core.ui import BlockKind, OptionSpec
from core.web.blocks.measures import MEASURE, Measure, measure_faults
from core.web.blocks.shown import Shown, bound
from core.web.links import list_link
from core.web.viewmodels import Panel, Tile

if TYPE_CHECKING:
    from core.env import Env


def draw(env: Env, block: Mapping[str, Any], shown: Shown) -> Panel | None:
    """The figure as a tile."""
    options = block["options"]
    rtype = env.registry.records[options["record"]]
    where = bound(shown, options.get("where"))
    measure = Measure.of(env, rtype, options.get("measure"))
    rows = env.query(rtype.name).where(where).aggregate([measure.currency] if measure.currency else [], **measure.asked)
    told = " + ".join(measure.show(row) for row in rows if row.get(measure.key)) or measure.show({})
    label = text_in(block.get("label"), env.lang, env.t) or env.t(rtype.plural)
    return Panel("", tiles=[Tile(label, told, text_in(options.get("note"), env.lang, env.t), list_link(env, rtype.name, where),
                                 block.get("icon") or rtype.icon)])


KIND = BlockKind("figure", _("Figure"), draw, icon="123", help=_("How many records there are, or a sum of theirs."), lazy=True,
                 check=measure_faults, options=(
    OptionSpec("record", _("Record type"), "record", required=True),
    OptionSpec("where", _("Only records for which"), "where"), MEASURE,
    OptionSpec("note", _("Small print"), "words")))
