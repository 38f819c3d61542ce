"""Makes `bot/advice/corpus/tuning.npz`: how the embedder brings questions near to what answers them.

A maker's tool that needs PyTorch and half an hour; the service needs its result only. `python -m tuning` runs it.
"""
