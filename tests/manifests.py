"""Parts of manifests that tests of several folders write."""

WEB = """\
applications:
  web:
    type: web
    only: [prod]
    displayName: MyApp Web${suffix}
    redirectUris: [https://web.example.com/callback]
    credentials: { secrets: { web: { sink: web } } }
"""
