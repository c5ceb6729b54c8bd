"""The kustomize base against Kubernetes' own schemas, KEDA's, and what the program and its other files say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from pipeline.settings import load_settings
from pipeline.streaming.kafka.topics import load_topics
from pipeline.topology import STAGES, TOPICS

ROOT = Path(__file__).parent.parent
BASE = ROOT / "config" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((BASE / "kustomization.yaml").read_text())
OBJECTS: list[Any] = [
    found for name in KUSTOMIZATION["resources"] for found in yaml.safe_load_all((BASE / name).read_text())
]
VERSIONS = ("1.29", kubernetes_validate.latest_version())

# The fields that are used here, of KEDA 2.17's CustomResourceDefinitions (kedacore/keda, config/crd/bases/) and of its
# Apache Kafka scaler (https://keda.sh/docs/2.17/scalers/apache-kafka/): anything else is a slip.
KEDA: dict[str, Any] = {
    "ScaledObject": {
        "type": "object",
        "required": ["scaleTargetRef", "triggers"],
        "additionalProperties": False,
        "properties": {
            "scaleTargetRef": {
                "type": "object",
                "required": ["name"],
                "additionalProperties": False,
                "properties": {name: {"type": "string"} for name in ("name", "kind", "apiVersion")},
            },
            "minReplicaCount": {"type": "integer"},
            "maxReplicaCount": {"type": "integer"},
            "pollingInterval": {"type": "integer"},
            "cooldownPeriod": {"type": "integer"},
            "advanced": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"horizontalPodAutoscalerConfig": {"type": "object"}},
            },
            "triggers": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["type", "metadata"],
                    "additionalProperties": False,
                    "properties": {
                        "type": {"const": "kafka"},
                        "metadata": {
                            "type": "object",
                            "required": ["bootstrapServers", "consumerGroup", "topic"],
                            "additionalProperties": False,
                            "properties": {
                                "bootstrapServers": {"type": "string"},
                                "consumerGroup": {"type": "string"},
                                "topic": {"type": "string"},
                                "lagThreshold": {"type": "string", "pattern": "^[0-9]+$"},
                                "offsetResetPolicy": {"enum": ["earliest", "latest"]},
                                "sasl": {"enum": ["none", "plaintext", "scram_sha256", "scram_sha512"]},
                                "tls": {"enum": ["enable", "disable"]},
                            },
                        },
                        "authenticationRef": {
                            "type": "object",
                            "required": ["name"],
                            "additionalProperties": False,
                            "properties": {"name": {"type": "string"}},
                        },
                    },
                },
            },
        },
    },
    "TriggerAuthentication": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "secretTargetRef": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["parameter", "name", "key"],
                    "additionalProperties": False,
                    "properties": {name: {"type": "string"} for name in ("parameter", "name", "key")},
                },
            }
        },
    },
}


def only(kind: str) -> Any:
    (found,) = (found for found in OBJECTS if found["kind"] == kind)
    return found


def name(found: Any) -> str:
    return f"{found['kind']}-{found['metadata']['name']}"


@pytest.mark.parametrize("found", OBJECTS, ids=name)
@pytest.mark.parametrize("version", VERSIONS)
def test_an_object_is_what_kubernetes_takes(found: Any, version: str) -> None:
    if found["kind"] in KEDA:
        assert found["apiVersion"] == "keda.sh/v1alpha1"
        jsonschema.validate(found["spec"], KEDA[found["kind"]])
    else:
        kubernetes_validate.validate(found, version, strict=True)


def test_a_slip_is_found() -> None:
    deployment = yaml.safe_load(yaml.safe_dump(only("Deployment")))
    deployment["spec"]["template"]["spec"]["containers"][0]["livenessProbes"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, VERSIONS[-1], strict=True)


def test_the_base_names_every_file() -> None:
    files = {path.name for path in BASE.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(KUSTOMIZATION["resources"]) == files
    assert KUSTOMIZATION["kind"] == "Kustomization"


def test_its_environment_is_settings_that_there_are() -> None:
    settings = load_settings(environ=only("ConfigMap")["data"])
    assert settings.kafka.security_protocol == "SASL_SSL"
    assert settings.metrics.host == "0.0.0.0"  # noqa: S104  (of the pod)


def test_probes_ask_at_the_workers_own_port() -> None:
    (worker,) = only("Deployment")["spec"]["template"]["spec"]["containers"]
    (port,) = worker["ports"]
    assert port["containerPort"] == load_settings(environ={}).metrics.port
    probes = [worker[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")]
    assert {probe["port"] for probe in probes} == {port["name"]}
    assert [probe["path"] for probe in probes] == ["/healthz", "/healthz", "/readyz"]


def test_a_worker_has_time_to_stop() -> None:
    pod = only("Deployment")["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] * 1000 > 2 * load_settings(environ={}).worker.stop_timeout_ms


def test_keda_looks_at_every_stage_and_goes_no_further_than_partitions() -> None:
    spec = only("ScaledObject")["spec"]
    topics = load_topics(ROOT / "config" / "topics.toml")
    assert [trigger["metadata"]["topic"] for trigger in spec["triggers"]] == [TOPICS[stage.reads] for stage in STAGES]
    assert {trigger["metadata"]["consumerGroup"] for trigger in spec["triggers"]} == {
        load_settings(environ={}).worker.group
    }
    assert {trigger["metadata"]["bootstrapServers"] for trigger in spec["triggers"]} == {
        only("ConfigMap")["data"]["KAFKA_BOOTSTRAP_SERVERS"]
    }
    assert spec["maxReplicaCount"] == max(topic.partitions for topic in topics)
    assert spec["scaleTargetRef"]["name"] == only("Deployment")["metadata"]["name"]


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_pods_have_no_rights(kind: str) -> None:
    pod = only(kind)["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert not pod["automountServiceAccountToken"]
    for container in pod["containers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]
