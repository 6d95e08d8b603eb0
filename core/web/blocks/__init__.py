"""Blocks: charts, figures, embedded lists, links and texts that stand on record pages and home pages.

A block is plain data, `{"id", "widget", "label", "icon", "options"}`: the node `Block` of a layout, or an entry of a home
page. Its `widget` names a :class:`core.ui.BlockKind`, which says what its options are and draws it for its reader. `kinds`
finds and checks, `shown` gives expressions and placeholders the record on whose page a block stands, `draw` makes panels.
"""
