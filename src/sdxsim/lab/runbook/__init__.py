"""Runbooks: `dialect` reads and compares, `shelf` finds, `venue` and `stage` give them a lab, `runner` runs,
`report` tells, `rewrite` updates, `inside` answers what they ask of sdxsim itself.
"""
