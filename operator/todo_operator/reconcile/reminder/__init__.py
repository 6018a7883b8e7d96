"""The decision about a Reminder: `facts` is its input, `checks` what can be found, `decide` the plan.

Pure, like all of `reconcile`.
"""
