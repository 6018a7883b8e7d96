"""The notifier: reads `reminder.due` from Kafka and tells people, once per event and channel.

    Kafka ──▶ intake ──▶ deliveries (PostgreSQL) ──▶ dispatcher ──▶ channel: email, webhook, apprise
                               ▲                          │ result
                               └──────────────────────────┤
                  reminder.delivered / .failed, status ◀── reporter

A message is first written down and only then taken from Kafka, so a slow or dead server holds up neither the
topic nor another channel, and nothing is lost by a crash.
"""
