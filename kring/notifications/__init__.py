"""The outbox: one Notice per event, one Delivery per recipient and channel, sent by the worker."""
