"""Runbooks: `dialect` reads them (`quoting` their command lines), `shelf` finds, `venue` and `stage` give them a
lab, `runner` runs, `expectation` compares, `report` tells, `rewrite` updates (`merging` keeps elisions), `inside`
answers what they ask of sdxsim itself.
"""
