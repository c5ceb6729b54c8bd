"""The shipped model, loaded once for all tests of this folder."""

from __future__ import annotations

import pytest

from pipeline.nlp.model import Model, load_model


@pytest.fixture(scope="session")
def model() -> Model:
    return load_model()
