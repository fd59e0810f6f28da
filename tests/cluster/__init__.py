"""Tests of the API server's room: pure parts, faults on the wire (scripted.py), and the real API server."""
