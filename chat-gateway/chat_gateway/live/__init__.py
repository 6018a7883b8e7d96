"""The live hub: what one device changes, all others show at once. docs/live.md has the contract.

One watch a kind feeds a view in memory (`view`); `hub` hands each change to those whose filter (`filters`) it
fits, encoded once for all of them (`messages`); `client` is one connection with its bounded queue; `rights`
asks the API server again and again whether they still may. May import http, access and base of the gateway,
and core.
"""
