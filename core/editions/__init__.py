"""Editions: named sets of addons and limits that an installation can be started with and moved between.

An edition is a file in `config/editions/` (or `editions/` of the data folder, which wins). `plans` reads them, `limits` keeps
to them wherever something is created, `moving` goes from one to another: what is not in the new one is disabled, its data stay.
"""
