"""Headers that every answer carries: nothing runs that did not come from this server as a file of its own."""

from __future__ import annotations

from flask import Response

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
          "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; "
          "object-src 'none'; frame-ancestors {ancestors}")


def secure(response: Response, *, https: bool, framed_by: str = "", private: bool = True) -> Response:
    """Add the security headers. `framed_by` are the sites that may embed the page ("*" for any)."""
    headers = response.headers
    ancestors = framed_by or "'none'"
    headers.setdefault("Content-Security-Policy", POLICY.format(ancestors=ancestors))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "strict-origin-when-cross-origin" if framed_by else "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if not framed_by:
        headers["X-Frame-Options"] = "DENY"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if private:
        headers.setdefault("Cache-Control", "no-store")
    return response
