"""`kubectl todo`: words into edits, with the user's kubeconfig and nothing between them and the API server.

    argv ── asking ──▶ a sentence or a command ── talk (Chat, as the user) ──▶ Reply ── printing

What was listed, what waits for a yes and what undo takes back is kept in a file of the user's, one for each
cluster and namespace, so that `kubectl todo done 2` knows the list before.
"""
