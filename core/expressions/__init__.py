"""One small, safe, typed language for filters, rules, formulas, defaults, validation and visibility.

    text / F… / JSON  →  ast  →  check  →  to_sql (stored, listed, allowed)  or  to_python (not stored yet)

There are no attributes, no calls outside of the function table and no loops; size and depth are limited.
"""
