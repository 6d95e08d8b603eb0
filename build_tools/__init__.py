"""Tools of the clone, never used by the running product: browser libraries when it is built, pictures for the docs."""
