"""Import: registrations that exist, made into a manifest whose first plan adds ownership tags and
changes nothing else.
"""
