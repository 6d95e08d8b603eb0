"""The channel: what all SMS providers have in common."""

from __future__ import annotations

from addons.messaging.contract import Channel
from core.api import _

from . import numbers, parts, words

SMS = Channel("sms", _("SMS"), "phone", numbers.normal, ("mobile", "phone"), "sms_opt_out", measure=parts.measure,
              closing=words.closing, wants=words.wants)
