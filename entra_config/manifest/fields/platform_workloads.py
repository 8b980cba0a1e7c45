"""What runs on a platform and signs in by its tokens: roles of AWS, service accounts of Kubernetes, managed
identities.
"""

from __future__ import annotations

from entra_config.manifest.fields import workload_hints
from entra_config.manifest.fields.workload import GUID, FormWord, TokenText, WorkloadForm

AWS = WorkloadForm(
    "aws",
    "A role of AWS: a task, function or build that holds it (outbound identity federation).",
    (
        FormWord(
            "issuer",
            "The account's own issuer.",
            "https://0a1b2c3d-1111-2222-3333-444455556666.tokens.sts.global.api.aws",
            rf"https://{GUID}\.tokens\.sts\.global\.api\.aws",
            "the issuer of an account, `https://UUID.tokens.sts.global.api.aws`",
            hint=workload_hints.aws_issuer,
        ),
        FormWord(
            "role",
            "The role's ARN, never that of a session.",
            "arn:aws:iam::123456789012:role/bff",
            workload_hints.AWS_ROLE,
            "the ARN of a role, `arn:aws:iam::ACCOUNT:role/NAME`",
            hint=workload_hints.aws_role,
        ),
    ),
    (TokenText("{issuer}"),),
    (TokenText("{role}"),),
)

KUBERNETES = WorkloadForm(
    "kubernetes",
    "A service account of a cluster.",
    (
        FormWord(
            "issuer",
            "The issuer of the cluster's tokens.",
            "https://westeurope.oic.prod-aks.azure.com/TENANT/ID/",
            r"https://[^\s/?#]+[^\s?#]*",
            "an https URL, as `iss` of its tokens has it",
        ),
        FormWord(
            "namespace",
            "The namespace.",
            "default",
            r"[0-9a-z](?:[0-9a-z-]*[0-9a-z])?",
            "the name of a namespace",
        ),
        FormWord(
            "serviceAccount",
            "The service account.",
            "myapp",
            r"[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?",
            "the name of a service account",
        ),
    ),
    (TokenText("{issuer}"),),
    (TokenText("system:serviceaccount:{namespace}:{serviceAccount}"),),
)

MANAGED_IDENTITY = WorkloadForm(
    "managedIdentity",
    "A managed identity of Azure, in the public cloud.",
    (
        FormWord(
            "objectId",
            "The object id of the identity (not its client id).",
            "00000000-0000-0000-0000-000000000002",
            GUID,
            "an id in lower case",
        ),
        FormWord(
            "tenantId",
            "The tenant that it is in; absent: the environment's.",
            "00000000-0000-0000-0000-000000000003",
            GUID,
            "an id in lower case",
        ),
    ),
    (TokenText("https://login.microsoftonline.com/{tenantId}/v2.0"),),
    (TokenText("{objectId}"),),
)
