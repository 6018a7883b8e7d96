"""`python -m todo_cli`: the same as `todotasks`, where the script's folder is not on the PATH."""

from todo_cli.main import main

main(prog_name="todotasks")
