"""The embedded Synapse: its configuration rendered from `synapse-config/`, its admin API behind one narrow port."""
