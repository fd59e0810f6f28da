"""Measurements side by side with kubectl and with other tools, as ratios within one run; never in a test."""
