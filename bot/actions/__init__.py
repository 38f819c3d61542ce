"""Use cases: one transaction each, returning values. Chat, web and timers all call these."""
