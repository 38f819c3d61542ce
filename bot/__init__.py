"""eÄhtäri: remote service by chat and video that a municipality runs by itself."""

__version__ = "0.1.0"
