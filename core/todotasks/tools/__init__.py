"""The same commands as tools, for programs that call with JSON: MCP clients and language models.

`table` says which tools there are, `schema` what they accept, `arguments` makes commands of a call, `call`
carries it out as the user and words the result, `mcp` offers them by the Model Context Protocol.
"""
