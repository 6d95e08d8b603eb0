"""The board face of record lists: columns of cards, and moving them."""
