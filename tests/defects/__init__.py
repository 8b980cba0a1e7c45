"""A fixed list of wrong behaviours: `make defects` makes each in a copy, where one test file must notice it.

The mutants were drawn once, with seed 1141260261 at commit bd265652. A row never leaves the list and its
sentence never changes; a patch that no longer applies is made anew in the commit that moved its code.
"""
