from __future__ import annotations

import subprocess
import sys

_LOOK = """
import sys
from pipeline.nlp.model import load_model
assert not [name for name in sys.modules if name.startswith("spacy.cli")], "its command line was loaded"
import spacy.cli
print(spacy.cli.download.__name__)
"""


def test_the_model_is_loaded_without_spacys_command_line_which_stays_to_be_had() -> None:
    found = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True, check=True)
    assert found.stdout == "download\n"
