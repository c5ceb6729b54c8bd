import traceback
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.settings import Settings, load_settings, shipped

WORD = "hunter2"


def from_environment(**environ: str) -> Settings:
    return load_settings(environ=environ)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own.toml"


def test_the_shipped_file_has_a_default_for_every_setting() -> None:
    settings = load_settings(environ={})
    assert settings.worker.batch == 64
    assert settings.articles.max_chars == 500_000
    assert settings.kafka.bootstrap_servers == ""


def test_flags_come_before_environment_before_file_before_defaults(file: Path) -> None:
    file.write_text("[worker]\nbatch = 2\nlinger_ms = 3\ngroup = 'file'\n")
    settings = load_settings(
        file, {"worker": {"batch": 5}}, environ={"CLAIMWIRE_WORKER_BATCH": "4", "CLAIMWIRE_WORKER_LINGER_MS": "4"}
    )
    assert (settings.worker.batch, settings.worker.linger_ms, settings.worker.group) == (5, 4, "file")


def test_a_flag_that_was_not_given_changes_nothing() -> None:
    assert (
        load_settings(None, {"kafka": {"prefix": None}}, environ={"CLAIMWIRE_KAFKA_PREFIX": "a."}).kafka.prefix == "a."
    )


def test_kafkas_usual_variable_names_the_servers_unless_ours_does() -> None:
    assert from_environment(KAFKA_BOOTSTRAP_SERVERS="a:1").kafka.bootstrap_servers == "a:1"
    both = from_environment(KAFKA_BOOTSTRAP_SERVERS="a:1", CLAIMWIRE_KAFKA_BOOTSTRAP_SERVERS="b:2")
    assert both.kafka.bootstrap_servers == "b:2"


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    settings = from_environment(CLAIMWIRE_WORKER_BATCH="", KAFKA_BOOTSTRAP_SERVERS="")
    assert settings == load_settings(environ={})


def test_what_the_broker_reads_itself_is_no_setting() -> None:
    names = ("CLAIMWIRE_JAVA", "CLAIMWIRE_KAFKA_JARS", "CLAIMWIRE_MAVEN_REPOSITORY")
    assert load_settings(environ=dict.fromkeys(names, "x")) == load_settings(environ={})


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"CLAIMWIRE_WORKER_BATCH": "many"}, "worker.batch = 'many' (environment CLAIMWIRE_WORKER_BATCH)"),
        ({"CLAIMWIRE_WORKER_BATCH": "0"}, "worker.batch = '0'"),
        (
            {"CLAIMWIRE_WORKER_BATCHES": "4"},
            "there is no setting worker.batches (environment CLAIMWIRE_WORKER_BATCHES)",
        ),
        ({"CLAIMWIRE_WORKERS_BATCH": "4"}, "CLAIMWIRE_WORKERS_BATCH names no setting"),
        ({"CLAIMWIRE_KAFKA_PREFIX": "a b"}, "kafka.prefix"),
        ({"CLAIMWIRE_KAFKA_SECURITY_PROTOCOL": "TLS"}, "'PLAINTEXT', 'SSL'"),
    ],
)
def test_a_wrong_variable_is_named_in_one_line(environ: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError) as error:
        load_settings(environ=environ)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[worker]\nbatch = 'x'", "own.toml"),
        ("[nothing]\na = 1", "has a section [nothing]"),
        ("batch = 1", "'batch' in"),
        ("[worker", "not valid TOML"),
        ("[worker]\nnothing = 1", "there is no setting worker.nothing"),
        ("[kafka]\ncompression = 'lz5'", "kafka.compression = 'lz5'"),
    ],
)
def test_a_wrong_file_is_named(file: Path, text: str, says: str) -> None:
    file.write_text(text)
    with pytest.raises(UsageError, match=r"own\.toml") as error:
        load_settings(file, environ={})
    assert says in str(error.value)


def test_a_file_may_begin_with_the_mark_of_windows_editors(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf[worker]\r\nbatch = 2\r\n")
    assert load_settings(file, environ={}).worker.batch == 2


@pytest.mark.parametrize(
    ("flags", "option"),
    [({"worker": {"id": "a b"}}, "--worker-id"), ({"kafka": {"prefix": "a b"}}, "--prefix")],
)
def test_a_wrong_option_is_named_as_it_is_written(flags: dict[str, dict[str, str]], option: str) -> None:
    with pytest.raises(UsageError, match=rf"\(option {option}\)"):
        load_settings(None, flags, environ={})


def test_a_file_that_is_not_there_is_named(file: Path) -> None:
    with pytest.raises(UsageError, match=r"own\.toml cannot be read: No such file"):
        load_settings(file, environ={})


def test_a_password_is_in_no_print_out_and_no_error(file: Path) -> None:
    settings = from_environment(CLAIMWIRE_KAFKA_SASL_PASSWORD=WORD)
    assert WORD not in f"{settings} {settings!r} {settings.model_dump()}"
    assert settings.kafka.password() == WORD
    file.write_text(f"[kafka]\nsasl_password = ['{WORD}']")
    with pytest.raises(UsageError) as error:
        load_settings(file, environ={})
    assert WORD not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "sasl_password = 48151623",
        'sasl_password = ["48151623"]',
        'sasl_pasword = "48151623"',
        'sasl_mechanism = "48151623"',
        'security_protocol = "SASL://user:48151623@host"',
        'prefix = "u:48151623@host"',
        "ssl_keyfile_password = 48151623",
        "ssl_keyfile_password = {is = 48151623}",
        "sasl_username = 48151623",
        'sasl_password = "48151623',
    ],
)
def test_a_secret_that_is_typed_wrongly_is_in_no_stack_trace(file: Path, text: str) -> None:
    file.write_text(f"[kafka]\n{text}\n")
    with pytest.raises(UsageError) as caught:
        load_settings(file, environ={})
    assert "48151623" not in "".join(traceback.format_exception(caught.value))
    assert "\n" not in str(caught.value)


def test_a_password_that_is_given_as_a_files_name_is_in_no_stack_trace() -> None:
    settings = load_settings(environ={"CLAIMWIRE_KAFKA_SASL_PASSWORD_FILE": "48151623"})
    with pytest.raises(UsageError, match="cannot be read: No such file") as caught:
        settings.kafka.password()
    assert "48151623" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("text", ["[worker]\nbatch = true", "[broker]\nport = true", "[claims]\nthreshold = false"])
def test_a_boolean_is_no_number(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(UsageError, match="this setting does not take true or false"):
        load_settings(file, environ={})


def test_a_password_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{WORD}\nsecond line\n")
    assert from_environment(CLAIMWIRE_KAFKA_SASL_PASSWORD_FILE=str(secret)).kafka.password() == WORD
    missing = from_environment(CLAIMWIRE_KAFKA_SASL_PASSWORD_FILE=str(tmp_path / "none"))
    with pytest.raises(UsageError, match="sasl_password_file names a file that cannot be read"):
        missing.kafka.password()


def test_the_embedded_kafka_has_its_folder_with_the_users_data_unless_told_otherwise() -> None:
    assert from_environment(CLAIMWIRE_BROKER_DATA_DIR="/x").broker.folder == Path("/x")
    assert from_environment().broker.folder.parts[-2:] == ("claimwire", "kafka")


def test_config_and_seeds_are_found() -> None:
    assert (shipped("config") / "claimwire.toml").is_file()


def test_a_keys_password_is_as_secret_as_a_users_and_may_stand_in_a_file(tmp_path: Path) -> None:
    given = from_environment(CLAIMWIRE_KAFKA_SSL_KEYFILE_PASSWORD=WORD)
    assert given.kafka.key_password() == WORD
    assert WORD not in repr(given)
    secret = tmp_path / "secret"
    secret.write_text(f"{WORD}\n")
    assert from_environment(CLAIMWIRE_KAFKA_SSL_KEYFILE_PASSWORD_FILE=str(secret)).kafka.key_password() == WORD


def test_every_listener_is_on_the_loopback_unless_told_otherwise() -> None:
    sections = load_settings(environ={}).model_dump()
    hosts = {section: values["host"] for section, values in sections.items() if "host" in values}
    assert "metrics" in hosts
    assert set(hosts.values()) == {"127.0.0.1"}
