"""Makes `bot/advice/corpus/tuning.npz`: how the embedder brings questions near to what answers them.

A maker's tool that needs PyTorch and, where the processor knows bfloat16, six minutes; the service needs its
result only. `python -m tuning` runs it.
"""
