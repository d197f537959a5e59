"""`make bench`: what the portal costs, each figure beside its goal.

A goal is a ratio to a floor that is measured in the same run, a count, or a growth: seconds swing
with the machine, these do not. B is the CPU of the server for one bare Django view.
"""
