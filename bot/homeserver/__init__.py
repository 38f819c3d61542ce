"""The embedded Synapse: its configuration from `synapse-config/`, its admin API behind one narrow port."""
