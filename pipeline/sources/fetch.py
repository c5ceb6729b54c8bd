"""An address that the user named in, the document there out. Nothing else in claimwire's sources opens a connection."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from pathlib import PurePosixPath
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from pipeline import __version__
from pipeline.sources.documents import Document
from pipeline.sources.found import Unreadable
from pipeline.sources.warc import charset_of

_MOST_BYTES = 64 * 1024 * 1024
_TIMEOUT_S = 20.0  # for each answer of the server
_WHOLE_S = 120.0
_CHUNK_BYTES = 64 * 1024
_SCHEMES = ("http://", "https://")
_ENDINGS = {"text/html": ".html", "application/xhtml+xml": ".html", "text/csv": ".csv", "text/markdown": ".md"}


def is_url(path: str) -> bool:
    """Whether a path is an address on the web."""
    return path.lower().startswith(_SCHEMES)


@dataclass(frozen=True)
class Validators:
    """What a server gave with a document, to be asked later whether it is still the same (RFC 9110, 8.8)."""

    etag: str | None = None
    modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The question."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}


def fetch(url: str) -> Document | Unreadable:
    """Read it, following redirects to other web addresses; ``Unreadable`` says what went wrong."""
    found, _ = fetch_changed(url, Validators())
    return found or Unreadable(url, "the server says that it has not changed, and was not asked")


def fetch_changed(url: str, known: Validators) -> tuple[Document | Unreadable | None, Validators]:
    """The same, and what to ask with the next time; None where it is still what ``known`` was given with."""
    headers = {"User-Agent": f"claimwire/{__version__}", "Accept": "*/*", **known.headers()}
    request = Request(url, headers=headers)  # noqa: S310
    deadline = time.monotonic() + _WHOLE_S
    try:
        with _opener().open(request, timeout=_TIMEOUT_S) as reply:
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


class _WebOnly(HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if not is_url(newurl):
            raise URLError(f"it leads to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    return build_opener(_WebOnly())
