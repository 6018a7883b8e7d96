"""The commands of `todotasks`: one module each, its options and what it prints.

`todo_cli.main` imports a module when its command is called, so that `--help` costs nothing. May import
`local`; a command imports no other command.
"""
