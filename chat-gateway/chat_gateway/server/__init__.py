"""The process: settings in, sockets and background jobs out, an end in good order.

`catalogue` has one line for each path of HTTP; `app` puts the pipeline around them. It may import every other
package of the gateway, and none imports it.
"""
