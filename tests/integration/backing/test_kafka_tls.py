"""Our clients on a broker that asks for certificates or passwords, under the rights of Strimzi's sample."""

import time
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from tests.support.secured import Authority, Config, SecuredKafka, principal
from todo_consumers.audit.intake import GROUP as AUDIT
from todo_consumers.audit.intake import TOPICS as AUDITED
from todo_consumers.audit.process import HEADS
from todo_consumers.notifier.intake import GROUP as NOTIFIER
from todotasks.broker import (
    REMINDERS,
    TASK_ADMISSIONS,
    TASK_EVENTS,
    TASK_UPDATES,
    TOPICS,
    BrokerError,
    Consumer,
    Producer,
    dlq,
    ensure_topics,
)
from todotasks.settings import Settings

STRIMZI = Path(__file__).parents[3] / "manifests" / "backing" / "strimzi"
OPERATIONS = {
    "Describe": AclOperation.DESCRIBE,
    "DescribeConfigs": AclOperation.DESCRIBE_CONFIGS,
    "Read": AclOperation.READ,
    "Write": AclOperation.WRITE,
}
USERS: dict[str, dict[str, Any]] = {
    user["metadata"]["name"].removeprefix("todotasks-"): user
    for user in yaml.safe_load_all((STRIMZI / "users.yaml").read_text())
}
REACHES = {
    # what each part writes and reads, as its code does
    "operator": ({TASK_EVENTS, REMINDERS, TASK_UPDATES}, set(), None),
    "webhook": ({TASK_ADMISSIONS}, set(), None),
    "notifier": ({REMINDERS, dlq(REMINDERS)}, {REMINDERS}, NOTIFIER),
    "audit": ({*HEADS, *(dlq(topic) for topic in AUDITED)}, set(AUDITED), AUDIT),
}
EVERY_TOPIC = {*TOPICS, *(dlq(topic) for topic in TOPICS), *HEADS}


def grant(broker: SecuredKafka, who: str, user: dict[str, Any]) -> None:
    """What Strimzi's User Operator does with a KafkaUser."""
    kinds = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP}
    bindings = [
        AclBinding(
            kinds[acl["resource"]["type"]],
            acl["resource"]["name"],
            ResourcePatternType.LITERAL,
            f"User:{who}",
            "*",
            OPERATIONS[operation],
            AclPermissionType.ALLOW,
        )
        for acl in user["spec"]["authorization"]["acls"]
        for operation in acl["operations"]
    ]
    admin = AdminClient(broker.as_broker())  # its futures end with it
    for future in admin.create_acls(bindings).values():
        future.result(timeout=30)
    everything = AclBindingFilter(
        ResourceType.ANY,
        None,
        ResourcePatternType.ANY,
        f"User:{who}",
        None,
        AclOperation.ANY,
        AclPermissionType.ANY,
    )
    until = time.monotonic() + 30
    # They are stored by the controller, and hold when the broker has read them too.
    while len(admin.describe_acls(everything).result(timeout=30)) < len(bindings):
        assert time.monotonic() < until, f"the broker does not know the rights of {who}"
        time.sleep(0.05)


@pytest.fixture(scope="package")
async def topics(broker: SecuredKafka) -> None:
    await ensure_topics(broker.as_broker())
    await ensure_topics(broker.as_broker(), topics=HEADS)


@pytest.fixture(scope="package")
def clients(broker: SecuredKafka, authority: Authority, topics: None) -> dict[str, Config]:
    """Each part's settings, with the certificate and the rights of its KafkaUser."""
    found = {}
    for part, user in USERS.items():
        name = user["metadata"]["name"]
        chain, key = authority.issue(name, common_name=name)
        grant(broker, principal(name), user)
        found[part] = broker.with_certificate(chain, key)
    return found


async def read_one(config: Config, topic: str, group: str, wanted: bytes) -> None:
    async with Consumer(config, group, [topic]) as consumer:
        async for batch in consumer.batches(100):
            await consumer.commit(batch)
            if any(message.value == wanted for message in batch.messages):
                return


@pytest.mark.parametrize("part", USERS)
async def test_each_part_finds_its_topics_writes_and_reads_with_its_certificate(
    clients: dict[str, Config], broker: SecuredKafka, part: str
) -> None:
    writes, reads, group = REACHES[part]
    report = await ensure_topics(
        clients[part], topics=TOPICS if part != "webhook" else {TASK_ADMISSIONS: TOPICS[TASK_ADMISSIONS]}
    )
    assert report == ((), ())
    value = uuid.uuid4().bytes
    async with Producer(clients[part]) as producer:
        for topic in sorted(writes):
            await (await producer.send(topic, "key", value))
    async with Producer(broker.as_broker()) as producer:
        for topic in sorted(reads):
            await (await producer.send(topic, "key", value))
    for topic in sorted(reads):
        assert group is not None
        await read_one(clients[part], topic, group, value)


@pytest.mark.parametrize("part", USERS)
async def test_no_part_may_write_what_it_does_not(clients: dict[str, Config], part: str) -> None:
    writes, _, _ = REACHES[part]
    for topic in sorted(EVERY_TOPIC - writes):
        with pytest.raises(BrokerError, match=r"(?i)authori[sz]ation failed"):
            async with Producer(clients[part]) as producer:
                await (await producer.send(topic, "key", b"no"))


def test_the_topics_of_the_sample_are_those_that_the_parts_would_make() -> None:
    wanted = {
        name: {
            "partitions": spec.partitions,
            "config": {"cleanup.policy": spec.cleanup_policy, **spec.config},
        }
        for name, spec in {
            **TOPICS,
            **{dlq(name): type(spec)(spec.partitions) for name, spec in TOPICS.items()},
            **HEADS,
        }.items()
    }
    declared = {
        one["metadata"]["name"]: {
            "partitions": one["spec"]["partitions"],
            "config": {name: str(value) for name, value in one["spec"]["config"].items()},
        }
        for one in yaml.safe_load_all((STRIMZI / "topics.yaml").read_text())
    }
    assert declared == wanted


async def test_a_password_over_tls_is_enough_where_the_broker_takes_scram(
    broker: SecuredKafka, authority: Authority, topics: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    credential = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    made = UserScramCredentialUpsertion("scram-operator", credential, b"correct horse")
    admin = AdminClient(broker.as_broker())
    for future in admin.alter_user_scram_credentials([made]).values():
        future.result(timeout=30)
    grant(broker, "scram-operator", USERS["operator"])
    for name, value in broker.with_password("scram-operator", "correct horse").items():
        monkeypatch.setenv(f"TODO_KAFKA_{name.upper().replace('.', '_')}", str(value))
    monkeypatch.setenv("TODO_DATABASE_URL", "postgresql://localhost/unused")
    config = dict(Settings.load().kafka)  # as a part reads it from its environment, PEM and all
    async with Producer(config) as producer:
        await (await producer.send(TASK_EVENTS, "key", b"by password"))

    with pytest.raises(BrokerError) as refused:
        await ensure_topics({**config, "sasl.password": "wrong horse"}, timeout_seconds=2)
    assert "horse" not in str(refused.value)


@pytest.mark.parametrize("what", ["no certificate", "a stranger's", "another authority"])
async def test_who_shows_no_good_certificate_is_not_let_in(
    broker: SecuredKafka, clients: dict[str, Config], tmp_path: Path, what: str
) -> None:
    config = dict(clients["operator"])
    stranger = Authority(tmp_path)
    if what == "no certificate":
        del config["ssl.certificate.pem"], config["ssl.key.pem"]
    elif what == "a stranger's":
        config["ssl.certificate.pem"], config["ssl.key.pem"] = stranger.issue(
            "todotasks-operator", common_name="todotasks-operator"
        )
    else:
        config["ssl.ca.pem"] = stranger.pem
    with pytest.raises(BrokerError):
        await ensure_topics(config, timeout_seconds=2)


async def test_a_broker_of_another_name_is_not_believed(
    broker: SecuredKafka, clients: dict[str, Config]
) -> None:
    config = {**clients["operator"], "bootstrap.servers": f"127.0.0.2:{broker.port}"}
    with pytest.raises(BrokerError):
        await ensure_topics(config, timeout_seconds=2)
