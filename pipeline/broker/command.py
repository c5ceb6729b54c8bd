"""The command lines of Java: from a Java, jars and files to arguments. Starts nothing."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.broker.java import Java

_LOG_SETTINGS = Path(__file__).with_name("log4j2.properties")
_FLAGS = (
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",  # with these two a start takes half the time and a third less memory
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",  # a dead broker is seen and started again; one that lost a thread is not
    "-Djava.awt.headless=true",
)


def class_path_file(directory: Path, jars: Iterable[Path]) -> Path:
    """Write the class path as an argument file: as an argument it would fill four screens of ``ps``."""
    class_path = ":".join(str(jar) for jar in jars).replace("\\", "\\\\").replace('"', '\\"')
    file = directory / "classpath.args"
    file.write_text(f'-cp "{class_path}"\n', encoding="utf-8")
    return file


def broker_command(java: Java, class_path: Path, *, properties: Path, log: Path, temporary: Path) -> list[str]:
    """Kafka itself, in the foreground."""
    return [
        str(java.path),
        *_FLAGS,
        f"-Djava.io.tmpdir={temporary}",  # the codecs unpack native libraries there, and a kill leaves them behind
        f"-Dlog4j2.configurationFile={_LOG_SETTINGS.as_uri()}",
        f"-Dclaimwire.log={log}",
        f"@{class_path}",
        "kafka.Kafka",
        str(properties),
    ]


def format_command(java: Java, class_path: Path, *, properties: Path, cluster_id: str) -> list[str]:
    """Kafka's storage tool: gives an empty data directory its identity; leaves a formatted one alone."""
    tool = ["kafka.tools.StorageTool", "format", "--standalone", "--ignore-formatted"]
    return [str(java.path), *_FLAGS, f"@{class_path}", *tool, "-t", cluster_id, "-c", str(properties)]
