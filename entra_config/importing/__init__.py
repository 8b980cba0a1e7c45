"""Import: registrations that exist, made into a manifest whose first plan sets marks and changes nothing
else.
"""
