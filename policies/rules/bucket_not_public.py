from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import DECIDING, POLICIES, WEBSITES, bucket_parts, registry_buckets, s3
from ._documents import granting, statements


@stack_rule(
    title="Nobody is let into the registry's bucket without a name",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=s3('The meaning of "public"'),
    types=(*DECIDING, *POLICIES, *WEBSITES),
    why=(
        "A statement that allows everybody opens the images of all projects, or lets anybody put "
        "others in their place. Where public access is blocked S3 refuses such a policy, and "
        "`pulumi up` stops half way. A website serves objects to everybody by design."
    ),
    source="Amazon S3 User Guide, blocking public access, and hosting a static website",
    remedy=(
        "Name the principal by its ARN, or narrow the statement by aws:PrincipalOrgID, "
        "aws:SourceVpce or the like with fixed values; take the website out."
    ),
)
def bucket_not_public(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in registry_buckets(resources):
        for website in bucket_parts(resources, bucket, WEBSITES):
            yield website, "the bucket is served as a website"
        for policy in bucket_parts(resources, bucket, POLICIES):
            for each in granting(statements(policy)):
                if each.is_for_everybody and not each.is_narrowed:
                    yield policy, f"{each} of the policy allows everybody"
