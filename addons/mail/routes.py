"""The pages of mail."""

from __future__ import annotations

from core.web_api import Pages

pages = Pages("mail")
