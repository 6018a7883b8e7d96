"""Following the objects of a kind: a watch's lines, its events, and the reflector that keeps its place.

`lines` cuts bytes, `observed` decodes one event, `reflector` lists, watches, resumes and relists. May
import the client and the errors of `kube`.
"""
