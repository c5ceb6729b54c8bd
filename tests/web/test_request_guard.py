"""What the page refuses, asked as a browser would, without Kafka."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from pipeline.web.request_guard import FormToken, number_in_query

_ORIGINS = [
    "http://[",
    "http://x:99999999",
    "http://x:y",
    "null",
    "",
    "//",
    "http://\u2028",
    ":",
    "http://[::1",
    "%",
    "@",
]


async def _number(request: web.Request) -> web.Response:
    return web.json_response(number_in_query(request, "n"))


async def _form(request: web.Request) -> web.Response:
    await FormToken().check(request)
    return web.Response()


def _application() -> web.Application:
    app = web.Application()
    app.add_routes([web.get("/", _number), web.post("/", _form)])
    return app


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 200), ("n=", 200), ("n=12", 200), ("n=" + "9" * 18, 200)]
    + [(f"n={text}", 400) for text in ("9" * 5000, "9" * 19, "-1", "1.5", "x", "%D9%A1", "1+")],
)
async def test_a_number_of_a_query_is_taken_or_a_bad_request(query: str, status: int) -> None:
    async with TestClient(TestServer(_application())) as client, client.get(f"/?{query}") as response:
        assert response.status == status


@pytest.mark.parametrize("origin", _ORIGINS)
async def test_an_origin_that_is_none_is_forbidden(origin: str) -> None:
    async with (
        TestClient(TestServer(_application())) as client,
        client.post("/", headers={"Origin": origin}) as response,
    ):
        assert response.status == 403


@pytest.mark.parametrize("host", ["[", "x:y", "x:99999999", "a b"])
async def test_a_host_that_is_none_is_forbidden_to_send_forms(host: str) -> None:
    async with (
        TestClient(TestServer(_application())) as client,
        client.post("/", headers={"Origin": f"http://{host}", "Host": host}) as response,
    ):
        assert response.status in {400, 403}
