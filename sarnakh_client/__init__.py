"""The REST interface of a Sarnakh CRM, for people who write Python. Begin with :class:`Sarnakh`."""

from .auth import Auth, ClientCredentials, RefreshToken, Token
from .bulk import Result, Results
from .client import Sarnakh
from .errors import (
    BadAnswer,
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    SarnakhError,
    ServerFault,
    SignatureInvalid,
    TooMany,
    Unauthorised,
    Unreachable,
)
from .listing import Listing
from .records import Records
from .transport import Retry
from .values import Children, Group, Link, Money, Record
from .webhooks import verify

__all__ = [
    "Auth", "BadAnswer", "BadRequest", "Children", "ClientCredentials", "Conflict", "Forbidden", "Group", "Invalid", "Link", "Listing",
    "Money", "NotFound", "Problem", "Record", "Records", "RefreshToken", "Result", "Results", "Retry", "Sarnakh", "SarnakhError",
    "ServerFault", "SignatureInvalid", "Token", "TooMany", "Unauthorised", "Unreachable", "verify",
]
