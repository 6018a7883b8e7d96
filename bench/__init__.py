"""Measurements as ratios to the raw control plane, in one run on one machine. See README.md."""
