"""Everything that knows matrix-nio; its types never leave this package."""
