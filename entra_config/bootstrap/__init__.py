"""From a manifest to its pipeline: identities, who may sign in as them, files, settings; one module per
host of pipelines.
"""
