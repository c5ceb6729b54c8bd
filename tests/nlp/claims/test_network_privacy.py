"""The network's library reports nothing to its maker, whoever loads the model."""

import subprocess
import sys


def test_telemetry_is_off_before_the_library_is_loaded() -> None:
    code = (
        "import os, sys; os.environ.pop('ORT_DISABLE_TELEMETRY', None); assert 'onnxruntime' not in sys.modules;"
        "import pipeline.nlp.claims.network; assert 'onnxruntime' in sys.modules;"
        "print(os.environ['ORT_DISABLE_TELEMETRY'])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert result.stdout.strip() == "1", result.stderr
    assert "telemetry" not in result.stderr
