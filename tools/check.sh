# shellcheck shell=bash
# Formatting, lint and house rules. Sourced by ./dev.
