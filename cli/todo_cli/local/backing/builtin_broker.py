"""The process behind `builtin_kafka.BuiltinKafka`: a client whose built-in broker others use."""

import signal
import threading
from pathlib import Path

import click
from confluent_kafka import Producer

from todo_cli.local.folder import write_atomically

METADATA_TIMEOUT = 10.0  # seconds


@click.command()
@click.option("--address-file", type=click.Path(path_type=Path), required=True)
def main(address_file: Path) -> None:
    """Serve until SIGTERM; the address is in the file as soon as it is known."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    owner = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": ""})
    brokers = owner.list_topics(timeout=METADATA_TIMEOUT).brokers.values()
    write_atomically(address_file, ",".join(f"{broker.host}:{broker.port}" for broker in brokers).encode())
    while not ended.wait(0.5):
        owner.poll(0)


if __name__ == "__main__":
    main()
