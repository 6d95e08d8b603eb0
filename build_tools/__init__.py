"""Tools that run while the package is built, never inside the running product."""
