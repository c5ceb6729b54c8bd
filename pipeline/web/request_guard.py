"""Requests in, refused where they are not meant for this page; answers out with headers that bind the browser.

The page has no users and no passwords: it answers whoever reaches its port. What it must not do is answer through
somebody's browser to a page of somebody else.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Middleware
from yarl import URL

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    # Files of this server only, no inline script or style, no HTML from strings (Trusted Types).
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # To nobody else; with "no-referrer" a browser sends its own forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_TOKEN_FIELD = "token"  # noqa: S105  (the name of a field)


def secure(headers: MutableMapping[str, str]) -> None:
    """Add what every answer carries."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def host_check(names: Collection[str]) -> Middleware:
    """A middleware that refuses a ``Host`` which somebody's DNS could point here (DNS rebinding).

    An address, ``localhost`` and ``names`` are taken, with any port: it may be forwarded.
    """
    allowed = {"localhost", *(name.lower() for name in names)}

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = _host_name(request.headers.get("Host", ""))
        if name in allowed or _is_address(name):
            return await handler(request)
        raise web.HTTPMisdirectedRequest(
            text="This page answers to an address, to localhost and to the names in the setting web.names (--name)."
        )

    return check


def _host_name(host: str) -> str:
    try:
        return (URL(f"http://{host}").host or "").lower()
    except ValueError:
        return ""


def _authority(url: str) -> str | None:
    """Return host and port of a URL; None where it is none."""
    try:
        return URL(url).authority or None
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def number_in_query(request: web.Request, name: str) -> int | None:
    """Return a number of the query; None where it is not given.

    Raises:
        web.HTTPBadRequest: it is no number, or longer than any offset or time.
    """
    text = request.query.get(name)
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise web.HTTPBadRequest(text=f"The parameter {name!r} must be a number of at most 18 digits.")
    return int(text)


class FormToken:
    """Proof that a form was filled in on this page: a secret of this process, in the form and checked with its origin.

    Another site can make a browser send a form here, but neither read the secret nor claim this page's origin.
    """

    field = _TOKEN_FIELD

    def __init__(self) -> None:
        self.value = secrets.token_urlsafe(32)

    async def check(self, request: web.Request) -> None:
        """Look at a POST.

        Raises:
            web.HTTPForbidden: it comes from elsewhere.
        """
        origin = _authority(request.headers.get("Origin", ""))
        if not origin or origin != _authority(f"http://{request.headers.get('Host', '')}"):
            raise web.HTTPForbidden(text="This form was sent from another site.")
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise web.HTTPForbidden(text="This form was sent from another site.")
        given = (await request.post()).get(_TOKEN_FIELD, "")
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), self.value.encode()):
            raise web.HTTPForbidden(text="This form is from an earlier run of the page: reload it and try again.")
