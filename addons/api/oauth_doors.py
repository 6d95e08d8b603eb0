"""The addresses of OAuth 2: where people agree, and where applications get, end and look at tokens."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from core.api import Env, Later, SarnakhError, _
from core.web_api import Action, AuthPage, BadRequest, FormPage, Pages, Request, Response, Section

from . import oauth_tokens, tokens_scopes
from .rest_auth import verifiers
from .site import pages

library: Any = Later("addons.api.oauth_server")  # with authlib, which is in the extra `api`
well_known = Pages("well_known", prefix="/.well-known")
PLACE = "/x/api/oauth"
MOST = 64 << 10


def _server(env: Env, endpoint: str) -> Any:
    try:
        return library.server(env, endpoint)
    except ImportError:
        raise SarnakhError(_("OAuth 2 needs the library authlib on this server: install sarnakh[api].")) from None


# ---------------------------------------------------------------- people
@pages.route("/oauth/authorize", methods=("GET", "POST"))
def authorize(env: Env, request: Request) -> Response:
    """What an application would be let do, and the person's word on it."""
    with env.elevated("an application asks to be let in") as sudo:
        server = _server(sudo, "authorize")
        try:
            grant = server.get_consent_grant(request, env.actor.id)
        except library.OAuth2Error as error:
            return _told(env, request, error)
        redirect = grant.request.payload.redirect_uri
        if not request.posted:
            return _ask(env, request, grant)
        agreed = request.value("decision") == "yes"
        response = server.create_authorization_response(grant.request, env.actor.id if agreed else None, grant)
        if agreed:
            env.log("oauth_connected", grant.request.client.name, record="api.client", record_id=grant.request.client.id,
                    changes={"scopes": [None, grant.request.scope.split()]})
    return _away(env, request, response.headers["Location"], redirect)


def _told(env: Env, request: Request, error: Any) -> Response:
    """What is wrong: to the application where its address is known to be its own, else to the person."""
    if not error.redirect_uri:
        raise BadRequest(_("The application asked in a way that is not allowed: {reason}", reason=error.description or error.error))
    _status, _body, headers = error()
    return _away(env, request, dict(headers)["Location"], error.redirect_uri)


def _away(env: Env, request: Request, location: str, redirect: str) -> Response:
    """Back to the application. `iss` says whose answer it is (RFC 9207)."""
    joint = "&" if urlsplit(location).query else "?"
    response = request.text("", 303)
    response.headers["Location"] = f"{location}{joint}{urlencode({'iss': issuer(request)})}"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _ask(env: Env, request: Request, grant: Any) -> Response:
    client, scopes = grant.request.client, grant.request.scope.split()
    words = tokens_scopes.in_words(env, scopes)
    url = f"{PLACE}/authorize?{request.raw.query_string.decode('ascii', 'ignore')}"
    buttons = [Action(env.t(_("Allow")), kind="submit", style="primary", name="decision", value="yes"),
               Action(env.t(_("Do not allow")), kind="submit", name="decision", value="no")]
    host = urlsplit(grant.request.payload.redirect_uri).hostname or grant.request.payload.redirect_uri.partition(":")[0]
    page = AuthPage(env.t(_("Let {name} in?", name=client.name)), FormPage("", url, [Section("main")], actions=buttons))
    response = request.render("api/consent.html", page, title=page.title, words=words, host=host, name=client.name,
                              person=env.actor.name, login=env.actor.login)
    # Browsers ask where a form may end up: at this site, and then where the application is.
    place = urlsplit(grant.request.payload.redirect_uri)
    # These know no numbers in brackets, as in http://[::1]:8000.
    target = f"{place.scheme}://{place.netloc}" if place.netloc and "[" not in place.netloc else f"{place.scheme}:"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        f"base-uri 'none'; frame-ancestors 'none'; form-action 'self' {target}")
    return response


# ---------------------------------------------------------------- applications
@pages.route("/oauth/token", methods=("POST",), public=True, csrf=False, max_bytes=MOST)
def token(env: Env, request: Request) -> Response:
    """Tokens for a code, a refresh token, or an application's own credentials."""
    request.keep()  # what was used up, or ended because it was used twice, stays so although the answer is a refusal
    with env.elevated("an application wants a token") as sudo:
        made: Response = _server(sudo, "token").create_token_response(request)
    return made


@pages.route("/oauth/revoke", methods=("POST",), public=True, csrf=False, max_bytes=MOST)
def revoke(env: Env, request: Request) -> Response:
    """An application gives its tokens back (RFC 7009)."""
    with env.elevated("an application gives tokens back") as sudo:
        made: Response = _server(sudo, "revoke").create_endpoint_response("revocation", request)
    return made


@pages.route("/oauth/introspect", methods=("POST",), public=True, csrf=False, max_bytes=MOST)
def introspect(env: Env, request: Request) -> Response:
    """What a token of the asking application is worth (RFC 7662)."""
    with env.elevated("an application asks about its token") as sudo:
        made: Response = _server(sudo, "introspect").create_endpoint_response("introspection", request)
    return made


def issuer(request: Request) -> str:
    """The address by which applications know this server."""
    return request.base_url


@well_known.route("/oauth-authorization-server", public=True)
def metadata(env: Env, request: Request) -> Response:
    """Where everything is and what is supported (RFC 8414)."""
    base = issuer(request)
    methods = ["client_secret_basic", "client_secret_post", "none"]
    return request.json({
        "issuer": base, "authorization_endpoint": f"{base}{PLACE}/authorize", "token_endpoint": f"{base}{PLACE}/token",
        "revocation_endpoint": f"{base}{PLACE}/revoke", "introspection_endpoint": f"{base}{PLACE}/introspect",
        "response_types_supported": ["code"], "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"], "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods, "introspection_endpoint_auth_methods_supported": methods[:2],
        "scopes_supported": [tokens_scopes.READ_ALL, tokens_scopes.WRITE_ALL, tokens_scopes.ADMIN],
        "authorization_response_iss_parameter_supported": True, "service_documentation": f"{base}/api/v1"})


verifiers.append(oauth_tokens.verify)
