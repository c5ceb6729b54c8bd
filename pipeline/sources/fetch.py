"""Read the document at a URL that the user named. Nothing else in claimwire's sources opens a connection."""

from __future__ import annotations

import io
import socket
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import PurePosixPath
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

from pipeline import __version__
from pipeline.sources.documents import Document
from pipeline.sources.formats.warc import charset_of
from pipeline.sources.found import Unreadable
from pipeline.sources.public_addresses import connect_publicly, is_private_host

_MOST_BYTES = 64 * 1024 * 1024
_TIMEOUT_S = 20.0  # for each answer of the server
_WHOLE_S = 120.0
_CHUNK_BYTES = 64 * 1024
_SCHEMES = {"http": 80, "https": 443}
_ENDINGS = {"text/html": ".html", "application/xhtml+xml": ".html", "text/csv": ".csv", "text/markdown": ".md"}


def is_url(path: str) -> bool:
    """Whether a path is a URL on the web."""
    return path.lower().startswith(tuple(f"{scheme}://" for scheme in _SCHEMES))


def has_credentials(url: str) -> bool:
    """Whether a URL holds a user name or a password."""
    return "@" in url.partition("://")[2].partition("/")[0]


@dataclass(frozen=True)
class Validators:
    """What a server gave with a document, to be asked later whether it is still the same (RFC 9110, 8.8)."""

    etag: str | None = None
    modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the question."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}


def fetch(url: str, *, allow_private: bool = False) -> Document | Unreadable:
    """Read the document; ``Unreadable`` says what went wrong.

    Redirects are followed to other web addresses, to this machine and private networks only with ``allow_private`` or
    where they stay on the host that ``url`` names.
    """
    found, _ = fetch_changed(url, Validators(), allow_private=allow_private)
    return found or Unreadable(url, "the server says that it has not changed, and was not asked")


def fetch_changed(
    url: str, known: Validators, *, allow_private: bool = False
) -> tuple[Document | Unreadable | None, Validators]:
    """Read it as ``fetch`` does, and what to ask with the next time; None if unchanged since ``known``."""
    headers = {"User-Agent": f"claimwire/{__version__}", "Accept": "*/*", **known.headers()}
    deadline = time.monotonic() + _WHOLE_S
    try:
        request = Request(url, headers=headers)  # noqa: S310
        with _opener(url, allow_private=allow_private).open(request, timeout=_TIMEOUT_S) as reply:
            value = b""
            while piece := reply.read(_CHUNK_BYTES):
                value += piece
                if len(value) > _MOST_BYTES:
                    return Unreadable(url, f"larger than {_MOST_BYTES // 2**20} MiB"), known
                if time.monotonic() > deadline:
                    return Unreadable(url, f"not read within {_WHOLE_S:.0f} s"), known
            final, kind = reply.geturl(), reply.headers.get("Content-Type") or ""
            given = Validators(reply.headers.get("ETag"), reply.headers.get("Last-Modified"))
    except HTTPError as exc:
        if exc.code == HTTPStatus.NOT_MODIFIED:
            return None, known
        return Unreadable(url, f"the server says {exc.code} {exc.reason}"), known
    except (URLError, OSError, ValueError, EOFError, HTTPException) as exc:
        return Unreadable(url, f"cannot be read: {getattr(exc, 'reason', None) or exc}"), known
    media, _, parameters = kind.partition(";")
    ending = _ENDINGS.get(media.strip().lower()) or PurePosixPath(urlsplit(final).path.lower()).suffix
    found = Document(url, io.BytesIO(value), ending=ending, named=True, url=final, charset=charset_of(parameters))
    return found, given


class _GuardedRequest(Request):
    """A request to where a redirect leads, which may not be this machine or a private network."""


class _Redirects(HTTPRedirectHandler):
    """Follows redirects on the web."""

    def __init__(self, url: str, *, allow_private: bool) -> None:
        self._named, self._allow_private = _host(url), allow_private

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if not is_url(newurl) or has_credentials(newurl):
            raise URLError("it redirects to something that is not a plain web address")
        request = super().redirect_request(req, fp, code, msg, headers, newurl)
        host = _host(newurl)
        if request is None or self._allow_private or host == self._named:
            return request
        # A proxy resolves the name by itself; everybody else connects to the address that was looked at.
        if is_private_host(host[0]):
            raise _refused(host[0])
        request.__class__ = _GuardedRequest
        return request


def _refused(host: str) -> URLError:
    return URLError(f"it redirects to {host}, which is this machine or in a private network: see --allow-private")


def _host(url: str) -> tuple[str, int]:
    """Return the name and port; http and https on their usual ports count as one."""
    parts = urlsplit(url)
    port = parts.port or 0
    return (parts.hostname or "").rstrip("."), 0 if port in _SCHEMES.values() else port


class _Http(HTTPHandler):
    def http_open(self, req: Any) -> Any:  # noqa: ANN401  (urllib's own signature)
        guarded = isinstance(req, _GuardedRequest) and not req.has_proxy()
        return self.do_open(_GuardedHttp if guarded else HTTPConnection, req)


class _Https(HTTPSHandler):
    def https_open(self, req: Any) -> Any:  # noqa: ANN401
        guarded = isinstance(req, _GuardedRequest) and not req.has_proxy()
        return self.do_open(_GuardedHttps if guarded else HTTPSConnection, req)


class _GuardedHttp(HTTPConnection):
    def connect(self) -> None:
        self.sock = _connect(self)


class _GuardedHttps(HTTPSConnection):
    def connect(self) -> None:
        context = self._context  # type: ignore[attr-defined]  # its own connect() would connect anywhere
        self.sock = context.wrap_socket(_connect(self), server_hostname=self.host)


def _connect(connection: HTTPConnection) -> socket.socket:
    return connect_publicly(connection.host, connection.port, timeout_s=connection.timeout or _TIMEOUT_S)


def _opener(url: str, *, allow_private: bool) -> OpenerDirector:
    return build_opener(_Redirects(url, allow_private=allow_private), _Http(), _Https())
