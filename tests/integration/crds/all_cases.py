"""All cases of all kinds."""

from tests.integration.crds.cases import of_shapes
from tests.integration.crds.cases_of_kinds import of_channels, of_reminders, of_tasks
from tests.integration.crds.cases_of_rules import of_rules

CASES = [*of_shapes(), *of_tasks(), *of_rules(), *of_reminders(), *of_channels()]
