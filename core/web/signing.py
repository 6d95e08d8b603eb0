"""Signed values for cookies, under the name that pages know; the making is in :mod:`core.signing`."""

from core.signing import sign, unsign

__all__ = ["sign", "unsign"]
