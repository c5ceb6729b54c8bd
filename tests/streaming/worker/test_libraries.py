from __future__ import annotations

import pytest
from faust.transport.drivers import aiokafka as driver

from pipeline.errors import UsageError
from pipeline.streaming.worker.libraries import _METHODS, _TEXTS, _Method, _Text, check_libraries


class Owner:
    def same(self, transport: object) -> None: ...


def test_the_installed_libraries_have_all_that_is_relied_on() -> None:
    check_libraries()


@pytest.mark.parametrize(
    ("method", "says"),
    [
        (_Method(Owner, "gone", "self"), r"test_libraries\.Owner\.gone\(self\): it is now \(missing\)"),
        (_Method(Owner, "same", "self"), r"Owner\.same\(self\): it is now \(self, transport\) in faust-streaming 0\."),
    ],
)
def test_a_method_that_is_gone_or_takes_something_else_is_named(method: _Method, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        check_libraries(methods=(_Method(Owner, "same", "self, transport"), method))


def test_a_text_that_is_gone_is_named_with_the_remedy() -> None:
    with pytest.raises(UsageError) as caught:
        check_libraries(texts=(_Text(driver.Consumer, "self.no_such_thing"),))
    assert "'self.no_such_thing' in faust.transport.drivers.aiokafka.Consumer: it is gone" in str(caught.value)
    assert "install the versions that claimwire's requirements.lock pins" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", _TEXTS, ids=[text.text for text in _TEXTS])
def test_each_text_is_looked_for_in_its_owners_source(text: _Text) -> None:
    others = "\n".join(other.text for other in _TEXTS if other.text != text.text)
    with pytest.raises(UsageError, match="it is gone"):
        check_libraries(source_of=lambda owner: others if owner is text.owner else others + text.text)


@pytest.mark.parametrize("method", _METHODS, ids=[f"{method.owner.__name__}.{method.name}" for method in _METHODS])
def test_a_parameter_more_in_any_method_is_refused(method: _Method) -> None:
    with pytest.raises(UsageError, match=method.name):
        check_libraries(methods=(method._replace(parameters=f"{method.parameters}, more"),))


def test_libraries_without_their_source_are_refused_with_the_remedy() -> None:
    def none_there(_owner: type) -> str:
        raise OSError("could not get source code")

    with pytest.raises(UsageError, match=r"is not installed: install it with its \.py files"):
        check_libraries(source_of=none_there)
