"""From the outbox to Kafka: in order for each key, deleted after the acknowledgement.

`lanes` is pure and says which message goes next. Of the operator it imports the fence of `record`.
"""
