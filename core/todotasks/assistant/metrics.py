"""What the model costs and how often it helps."""

from prometheus_client import Counter, Histogram

ASKED = Counter("todotasks_model_asked", "Messages the model was asked about, by outcome.", ["outcome"])
SECONDS = Histogram(
    "todotasks_model_seconds",
    "From the question to the model's usable answer or its failure.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60),
)
