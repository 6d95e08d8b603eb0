"""Deals on the page of a ticket."""

from core.api import on

LAYOUTS = [on("tickets.ticket", "form").insert("deals", into="related")]
