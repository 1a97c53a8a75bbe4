"""Requests for help that come by mail: what a mail says, and the server that takes it in."""
