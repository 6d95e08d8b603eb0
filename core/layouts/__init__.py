"""Page layouts: what stands where on forms, lists, cards, boards and print pages, and how it survives upgrades.

A pure room: no database, no web. `build` is how addons write layouts, `changes` how later layers alter them, `merge`
lays the layers over each other, `default` makes layouts for record types without any, `prune` fits one to its reader,
`conditions` decides shown, read-only and required, `store` keeps changes as JSON, `lint` looks for mistakes.
"""

from core.layouts.changes import Anchor, Layer, LayoutChange, Operation, Problem, on
from core.layouts.default import FieldDescription, default_layout
from core.layouts.merge import Merged, merge
from core.layouts.nodes import Layout, Node, layout_digest, text_in
from core.layouts.prune import prune

__all__ = ["Anchor", "FieldDescription", "Layer", "Layout", "LayoutChange", "Merged", "Node", "Operation", "Problem",
           "default_layout", "layout_digest", "merge", "on", "prune", "text_in"]
