"""Running Hypothesis state machines for tests."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def run_machine(machine: type[RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """So many random walks of so many steps, without looking for a smaller one that fails as well."""
    run_state_machine_as_test(  # type: ignore[no-untyped-call] # Hypothesis leaves it untyped
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
