"""Drift: what others changed in the tenant, and who did, from a plan read backwards and the directory's
audit log.
"""
