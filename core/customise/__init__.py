"""What an installation changes about itself: fields, record types, rules, picklists, layouts, settings.

A `Piece` is one change: what kind, of what, and its data. `check_pieces` says what is wrong with some, `plan_pieces` what
the database would have to do, `apply_pieces` does it: rows, tables, history and counters together or not at all. Every
process takes it up with its next request; work under way keeps the definitions it began with.
"""

from core.customise.applying import apply_pieces, check_pieces, plan_pieces
from core.customise.history import HistoryRow, history, revert
from core.customise.kinds import KINDS, Kind
from core.customise.pieces import Piece, StoredPiece, pieces_of
from core.customise.plan import PiecesPlan
from core.customise.preview import preview
from core.customise.uses import uses_of

__all__ = ["KINDS", "HistoryRow", "Kind", "Piece", "PiecesPlan", "StoredPiece", "apply_pieces", "check_pieces", "history",
           "pieces_of", "plan_pieces", "preview", "revert", "uses_of"]
