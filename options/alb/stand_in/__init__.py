"""A stand-in for an Application Load Balancer: what a deployment made in, an ASGI application out.

It does what AWS documents, and where a document is silent what is worse for the application behind it.
No real load balancer was met.
"""
