"""One module a command; `todo_cli.main` loads them when they are called."""
