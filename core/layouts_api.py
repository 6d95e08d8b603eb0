"""Layouts for those who edit them: the studio's editor and packages. Addons that ship layouts use the builders of `core.api`."""

from core.layouts.changes import Layer, LayoutChange, Operation, Problem
from core.layouts.conditions import tree as condition_tree
from core.layouts.diff import diff
from core.layouts.edited import Editable, EditableTree, editable, edited
from core.layouts.links import template_fault
from core.layouts.mend import mend, nearest, ways
from core.layouts.merge import merge
from core.layouts.nodes import LAYOUT_ID, Layout, Node, text_in
from core.layouts.props import CONDITIONS, is_id
from core.layouts.store import dump_changes, load_changes, plain
from core.registry.layout_health import customised_problems, layout_problems

__all__ = ["CONDITIONS", "Editable", "EditableTree", "LAYOUT_ID", "Layer", "Layout", "LayoutChange", "Node", "Operation", "Problem",
           "condition_tree", "customised_problems", "diff", "dump_changes", "editable", "edited", "is_id", "layout_problems",
           "load_changes", "mend", "merge", "nearest", "plain", "template_fault", "text_in", "ways"]
