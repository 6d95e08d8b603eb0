"""The command line: `run.py COMMAND` in a clone, `sarnakh COMMAND` once installed."""
