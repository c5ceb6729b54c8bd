"""An address that the user named in, the document there out. Nothing else in claimwire's sources opens a connection."""

from __future__ import annotations

import io
import time
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


def fetch(url: str) -> Document | Unreadable:
    """Read it, following redirects to other web addresses; ``Unreadable`` says what went wrong."""
    request = Request(url, headers={"User-Agent": f"claimwire/{__version__}", "Accept": "*/*"})  # noqa: S310
    deadline = time.monotonic() + _WHOLE_S
    try:
        with _opener().open(request, timeout=_TIMEOUT_S) as reply:
            value = b""
            while piece := reply.read(_CHUNK_BYTES):
                value += piece
                if len(value) > _MOST_BYTES:
                    return Unreadable(url, f"larger than {_MOST_BYTES // 2**20} MiB")
                if time.monotonic() > deadline:
                    return Unreadable(url, f"not read within {_WHOLE_S:.0f} s")
            final, kind = reply.geturl(), reply.headers.get("Content-Type") or ""
    except HTTPError as exc:
        return Unreadable(url, f"the server says {exc.code} {exc.reason}")
    except (URLError, OSError, ValueError, EOFError) as exc:
        return Unreadable(url, f"cannot be read: {getattr(exc, 'reason', None) or exc}")
    media, _, parameters = kind.partition(";")
    ending = _ENDINGS.get(media.strip().lower()) or PurePosixPath(urlsplit(final).path.lower()).suffix
    return Document(url, io.BytesIO(value), ending=ending, named=True, url=final, charset=charset_of(parameters))


class _WebOnly(HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if not is_url(newurl):
            raise URLError(f"it leads to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    return build_opener(_WebOnly())
