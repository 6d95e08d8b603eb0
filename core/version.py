"""The program's version: the only place it is written (setup.cfg reads it from here)."""

VERSION = "0.1.0"
