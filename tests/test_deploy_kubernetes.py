"""What is given to Kubernetes agrees with the image, the program and itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot import __version__
from tests.deployed import (
    documents,
    image_environment,
    is_command,
    manifests,
    open_secrets,
    stages,
    unknown,
)

ALL = [document for _, document in manifests()]
RUNNING = [one for one in ALL if one["kind"] in {"Deployment", "Job"}]
SECRETS = "/run/secrets/dragoman"


def name_of(document: dict[str, Any]) -> str:
    return str(document["metadata"]["name"])


def named(kind: str) -> dict[str, dict[str, Any]]:
    return {name_of(one): one for one in ALL if one["kind"] == kind}


def pod(document: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = document["spec"]["template"]["spec"]
    return spec


def container(document: dict[str, Any]) -> dict[str, Any]:
    (found,) = pod(document)["containers"]
    return dict(found)


def environment(document: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for source in container(document)["envFrom"]:
        found |= named("ConfigMap")[source["configMapRef"]["name"]]["data"]
    return found


def keys_of_secret(document: dict[str, Any]) -> set[str]:
    """The keys of the Secret that a pod finds as files."""
    (volume,) = [one for one in pod(document)["volumes"] if "secret" in one]
    secret = volume["secret"]
    keys = set(named("Secret")[secret["secretName"]]["stringData"])
    return {item["path"] for item in secret["items"]} if "items" in secret else keys


def labels_that_select() -> Iterator[dict[str, str]]:
    for one in ALL:
        if one["kind"] in {"Deployment", "PodDisruptionBudget"}:
            yield one["spec"]["selector"]["matchLabels"]
        if one["kind"] == "Service":
            yield one["spec"]["selector"]


def test_everything_is_applied_but_the_example_of_a_secret() -> None:
    (kustomization,) = documents("kubernetes/kustomization.yaml")
    files = {file for file, one in manifests() if one["kind"] != "Kustomization"}
    assert set(kustomization["resources"]) == files - {"secret.example.yaml"}
    assert kustomization["images"] == [{"name": "dragoman", "newTag": __version__}]
    assert kustomization["namespace"] == next(iter(named("Namespace")))


def test_the_example_of_a_secret_has_none() -> None:
    assert set(named("Secret")["dragoman"]["stringData"].values()) == {""}


def test_config_maps_hold_settings_that_there_are_as_text() -> None:
    for one in named("ConfigMap").values():
        assert not unknown(set(one["data"]))
        assert not open_secrets(one["data"])
        assert all(isinstance(value, str) for value in one["data"].values())


@pytest.mark.parametrize("document", RUNNING, ids=name_of)
def test_a_pod_runs_a_command_that_there_is(document: dict[str, Any]) -> None:
    assert is_command(container(document)["args"])
    assert container(document)["image"] == "dragoman"


@pytest.mark.parametrize("document", RUNNING, ids=name_of)
def test_a_pod_finds_the_secrets_that_its_settings_name(document: dict[str, Any]) -> None:
    named_files = {v for k, v in environment(document).items() if k.endswith("_FILE")}
    assert named_files == {f"{SECRETS}/{key}" for key in keys_of_secret(document)}
    (volume,) = [one for one in pod(document)["volumes"] if "secret" in one]
    assert volume["secret"]["defaultMode"] == 0o440


@pytest.mark.parametrize("document", RUNNING, ids=name_of)
def test_a_pod_is_restricted_and_its_root_is_read_only(document: dict[str, Any]) -> None:
    spec, inside = pod(document)["securityContext"], container(document)["securityContext"]
    (user,) = [step.rest for step in stages()[-1] if step.name == "USER"]
    assert f"{spec['runAsUser']}:{spec['runAsGroup']}" == user
    assert spec["fsGroup"] == spec["runAsGroup"]
    assert spec["runAsNonRoot"] is True
    assert spec["seccompProfile"] == {"type": "RuntimeDefault"}
    assert inside == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod(document)["automountServiceAccountToken"] is False


@pytest.mark.parametrize("document", RUNNING, ids=name_of)
def test_a_pod_mounts_what_it_has_where_the_image_writes(document: dict[str, Any]) -> None:
    mounts = {one["name"]: one["mountPath"] for one in container(document)["volumeMounts"]}
    assert set(mounts) == {one["name"] for one in pod(document)["volumes"]}
    image = image_environment()
    assert mounts["data"] == image["DRAGOMAN_DATA"]
    assert mounts["tmp"] == image["HOME"]
    assert mounts["secrets"] == SECRETS


@pytest.mark.parametrize("document", named("Deployment").values(), ids=name_of)
def test_probes_and_ports_are_those_of_the_program(document: dict[str, Any]) -> None:
    ports = {one["name"]: one["containerPort"] for one in container(document)["ports"]}
    set_to = environment(document)
    assert ports["metrics"] == int(set_to["METRICS_PORT"])
    assert set_to["METRICS_HOST"] == set_to["HOST"]  # probes come from outside the pod
    assert ports.get("slack", int(set_to["PORT"])) == int(set_to["PORT"])
    probes = {
        name: (probe["httpGet"]["path"], probe["httpGet"]["port"])
        for name, probe in container(document).items()
        if name.endswith("Probe")
    }
    assert probes == {
        "startupProbe": ("/healthz", "metrics"),
        "livenessProbe": ("/healthz", "metrics"),
        "readinessProbe": ("/readyz", "metrics"),
    }
    annotations = document["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == set_to["METRICS_PORT"]


def test_only_what_serves_has_what_is_slacks() -> None:
    for one in RUNNING:
        serves = container(one)["args"] == ["serve"]
        assert any(key.startswith("slack_") for key in keys_of_secret(one)) == serves
        assert any(key.startswith("SLACK_") for key in environment(one)) == serves


def test_what_selects_finds_pods() -> None:
    pods = [one["spec"]["template"]["metadata"]["labels"] for one in RUNNING]
    for wanted in labels_that_select():
        assert any(wanted.items() <= labels.items() for labels in pods), wanted


def test_the_service_the_ingress_and_the_network_agree() -> None:
    service = named("Service")["dragoman-serve"]
    (port,) = service["spec"]["ports"]
    container_ports = container(named("Deployment")["dragoman-serve"])["ports"]
    assert port["targetPort"] in {one["name"] for one in container_ports}
    (rule,) = named("Ingress")["dragoman"]["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert path["backend"]["service"] == {
        "name": name_of(service),
        "port": {"name": port["name"]},
    }
    opened = {
        entry["port"]
        for one in named("NetworkPolicy").values()
        for way in one["spec"]["ingress"]
        for entry in way["ports"]
    }
    assert opened == {one["containerPort"] for one in container_ports}
    assert path["path"] == "/slack/"  # probes and metrics are not for the world


def test_each_deployment_is_scaled_and_may_be_disturbed() -> None:
    scaled = {
        one["spec"]["scaleTargetRef"]["name"] for one in named("HorizontalPodAutoscaler").values()
    }
    assert scaled == set(named("Deployment")) == set(named("PodDisruptionBudget"))
    assert all("replicas" not in one["spec"] for one in named("Deployment").values())
