"""What people mean, as edits of resources: commands, the plan of one, doing it, taking it back.

    words ── language ──▶ Reading ─┐
    MCP and model tool calls ──────┼─▶ Command ── plan(command, world) ──▶ Plan ── apply ──▶ Answer
    POST /v1/edits ────────────────┘                 (pure)                 (as the user)

Everything that writes for a person goes this way, so that the gateway, `kubectl todo` and MCP do the same
edits with the same names, ask the same questions and say the same `kubectl` commands.
"""
