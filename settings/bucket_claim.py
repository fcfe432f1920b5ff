"""Storage in a bucket that the cluster itself gives out: `kind: objectBucketClaim`."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import AfterValidator

from settings.authorities import INGRESS, SERVICE_CA, Authority
from settings.choice import ExactlyOne, Mode, chosen
from settings.facts import LiveFacts
from settings.form import Form, Maybe, entry
from settings.later import Later
from settings.names import NAMESPACE
from settings.replaced import Replaced
from settings.s3 import REPLICAS, ChunkSize, chunk_size
from settings.s3_credentials import ADOPT_SECRET
from settings.storage_ca import NAME as BUNDLE
from settings.types import DnsLabel, ObjectName, OneOf, Text

SERVICES_NAMESPACE = "openshift-storage"
"""Where OpenShift Data Foundation runs."""


class Provider(NamedTuple):
    """What OpenShift Data Foundation calls its parts."""

    storage_class: str
    provisioner: str
    """How the provisioner's name ends; it begins with the namespace of the storage."""
    route: str
    service: str


PROVIDERS = {
    "rgw": Provider(
        "ocs-storagecluster-ceph-rgw",
        ".ceph.rook.io/bucket",
        "ocs-storagecluster-cephobjectstore",
        "rook-ceph-rgw-ocs-storagecluster-cephobjectstore",
    ),
    "noobaa": Provider("openshift-storage.noobaa.io", ".noobaa.io/obc", "s3", "s3"),
}


class _Claim(Form):
    namespace: DnsLabel = entry(
        "Its namespace; the guide has openshift-storage.", default=NAMESPACE, guide="3.8.1"
    )


class CreatedBucketClaim(_Claim):
    """A claim made and owned here. It is kept whatever happens to the stack: the bucket would go
    with it."""

    mode: ClassVar[Mode] = "create"

    name: ObjectName = entry(
        "Name of the claim.", default=..., example="image-registry-storage", guide="3.8.1"
    )
    storage_class_name: Maybe[ObjectName] = entry(
        "The class that gives out buckets; `ocs-storagecluster-ceph-rgw` or "
        "`openshift-storage.noobaa.io` unless given.",
        example="ocs-storagecluster-ceph-rgw",
        guide="3.8.1",
    )
    generate_bucket_name: Maybe[DnsLabel] = entry(
        "What the bucket's name begins with; the name of the claim unless given.",
        example="image-registry-storage",
        guide="3.8.1",
    )


class UsedBucketClaim(_Claim):
    """A claim that is referred to and never written. Its secret is read."""

    mode: ClassVar[Mode] = "use"

    name: ObjectName = entry("Name of the claim.", default=..., example="rgwbucket", guide="3.8.1")


class BucketClaimChoice(ExactlyOne):
    """The claim whose bucket the registry keeps its images in."""

    one_of: ClassVar[str] = "of create and use"

    create: Maybe[CreatedBucketClaim] = entry("Make the claim and own it.")
    use: Maybe[UsedBucketClaim] = entry("Refer to a claim and never write it.")


class EndpointRoute(Form):
    """The route, which clients outside the cluster reach too."""

    mode: ClassVar[Literal["route"]] = "route"

    name: Maybe[ObjectName] = entry(
        "Name of the route; `ocs-storagecluster-cephobjectstore` or `s3` unless given. It must "
        "have TLS.",
        guide="3.8.1",
    )
    namespace: DnsLabel = entry("Its namespace.", default=SERVICES_NAMESPACE)


class EndpointService(Form):
    """The Service, past the router. All data then goes through the registry
    (`disableRedirect`)."""

    mode: ClassVar[Literal["service"]] = "service"

    name: Maybe[DnsLabel] = entry(
        "Name of the Service; `rook-ceph-rgw-ocs-storagecluster-cephobjectstore` or `s3` unless "
        "given."
    )
    namespace: DnsLabel = entry("Its namespace.", default=SERVICES_NAMESPACE)
    scheme: Annotated[str, OneOf("https", "http")] = entry(
        "https takes the certificate that the service CA has issued.", default="https"
    )


class EndpointChoice(ExactlyOne):
    """By which of the two the registry reaches the bucket."""

    one_of: ClassVar[str] = "of route and service"

    route: Maybe[EndpointRoute] = entry("By the route: `route: {}`.", guide="3.8.1")
    service: Maybe[EndpointService] = entry("By the Service: `service: {}`.")


class CreatedClusterBundle(Form):
    """A map made and owned here, with the service CA and the certificate that the router shows
    by default."""

    mode: ClassVar[Mode] = "create"

    name: ObjectName = entry("Name of the map.", default=BUNDLE, guide="3.8.1")


class UsedClusterBundle(Form):
    """A map that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: ObjectName = entry("Name of the map.", default=..., example=BUNDLE)


class ClusterBundleChoice(ExactlyOne):
    """The ConfigMap of openshift-config with the key ca-bundle.crt."""

    one_of: ClassVar[str] = "of create and use"

    create: Maybe[CreatedClusterBundle] = entry("Make the map and own it.")
    use: Maybe[UsedClusterBundle] = entry("Refer to a map and never write it.")


BUCKET_LATER = Later("(known once the claim is bound)")
ENDPOINT_LATER = Later("(read from the route)")


class ObjectBucketClaimStorage(Form):
    """The registry's images in a bucket of OpenShift Data Foundation (guide 3.8.1, 3.8.2).

    `claim`, `endpoint` and `trusted_ca` are the chosen forms; the `mode` of each says which.
    Bucket and keys are read from what the claim's provisioner writes.
    """

    not_settable: ClassVar[dict[str, str]] = {
        "managementState": "is always Unmanaged: under Managed the operator deletes the bucket "
        "when the registry is set to Removed",
        "bucket": "is the claim's, and has a name once it is bound",
        "regionEndpoint": "is written by the stack from `endpoint`",
        "virtualHostedStyle": "is always false: the host has one name",
        "encrypt": "is always false: the storage cluster encrypts its disks, if anything",
        "credentials": "is read from the claim's secret",
    }

    kind: Literal["objectBucketClaim"] = entry(
        "`objectBucketClaim`: storage in a bucket of OpenShift Data Foundation.", default=...
    )
    provider: Annotated[str, OneOf(*PROVIDERS)] = entry(
        "Ceph RGW or NooBaa, the Multicloud Object Gateway.", default=..., example="rgw"
    )
    claim: Annotated[BucketClaimChoice, AfterValidator(chosen)] = entry(
        "The claim.", default=..., example={"use": {"name": "rgwbucket"}}, guide="3.8.1"
    )
    endpoint: Annotated[EndpointChoice, AfterValidator(chosen)] = entry(
        "How the registry reaches the bucket; `route: {}` unless given.",
        default=EndpointRoute,
        guide="3.8.1",
    )
    region: Text = entry("Any text does.", default="us-east-1", guide="3.8.1")
    trusted_ca: Annotated[ClusterBundleChoice, AfterValidator(chosen)] = entry(
        "Whom the registry trusts when it talks to its storage; `create: {}` unless given.",
        default=CreatedClusterBundle,
        since="4.11",
        guide="3.8.1",
        alias="trustedCA",
    )
    chunk_size_mib: Maybe[ChunkSize] = chunk_size()
    adopt_secret: Maybe[bool] = entry(ADOPT_SECRET, guide="2.8")
    replaces: Maybe[Replaced] = entry(
        "The storage that the registry has now and that this stack takes it away from, spelled "
        "as `spec.storage` of the custom resource. Images are not moved.",
        example={"pvc": {"claim": "image-registry-storage"}},
    )

    @property
    def secret_mode(self) -> Mode:
        """Of image-registry-private-configuration-user."""
        return "adopt" if self.adopt_secret else "create"

    @property
    def parts(self) -> Provider:
        return PROVIDERS[self.provider]

    @property
    def storage_class_name(self) -> str:
        return getattr(self.claim, "storage_class_name", None) or self.parts.storage_class

    @property
    def generate_bucket_name(self) -> str:
        return getattr(self.claim, "generate_bucket_name", None) or self.claim.name

    @property
    def route(self) -> tuple[str, str] | None:
        """Namespace and name of the route whose host is the endpoint's."""
        if not isinstance(self.endpoint, EndpointRoute):
            return None
        return self.endpoint.namespace, self.endpoint.name or self.parts.route

    @property
    def bundled(self) -> bool:
        """Does the registry need to know any CA at all?"""
        return not isinstance(self.endpoint, EndpointService) or self.endpoint.scheme == "https"

    @property
    def authorities(self) -> tuple[Authority, ...]:
        """Whom the map that is made holds. A route may be passed through to the Service, or
        show what an administrator has put in the place of the router's own certificate."""
        if not self.bundled or self.trusted_ca.mode == "use":
            return ()
        return (SERVICE_CA, INGRESS) if self.route else (SERVICE_CA,)

    @property
    def suggests(self) -> dict[str, Any]:
        return {"replicas": REPLICAS}

    @property
    def demands(self) -> dict[str, Any]:
        """A client outside the cluster can't follow a redirect to a Service."""
        return {} if self.route else {"disableRedirect": True}

    @property
    def backend(self) -> dict[str, Mapping[str, Any]]:
        """`spec.storage` without its managementState. The bucket is `Later`, and so is the
        endpoint unless it is a Service: see `filled` and `known`."""
        return self.filled(BUCKET_LATER, ENDPOINT_LATER)

    def filled(self, bucket: Any, endpoint: Any) -> dict[str, Mapping[str, Any]]:
        """The same with the claim's bucket and the route's URL, of whatever type they are. The
        URL of a Service is known without."""
        block: dict[str, Any] = {
            "bucket": bucket,
            "region": self.region,
            "regionEndpoint": endpoint,
            "virtualHostedStyle": False,
            "encrypt": False,
        }
        if isinstance(self.endpoint, EndpointService):
            name = self.endpoint.name or self.parts.service
            url = f"{self.endpoint.scheme}://{name}.{self.endpoint.namespace}.svc"
            block["regionEndpoint"] = url
        if self.bundled:
            block["trustedCA"] = {"name": self.trusted_ca.name}
        if self.chunk_size_mib is not None:
            block["chunkSizeMiB"] = self.chunk_size_mib
        return {"s3": block}

    def known(self, facts: LiveFacts) -> dict[str, Mapping[str, Any]]:
        """The same as far as the cluster tells."""
        claim = facts.bucket_claims.get(self.claim.name)
        route = facts.endpoint_routes.get(self.route[1]) if self.route else None
        bucket = claim.bucket if claim and claim.bound and claim.bucket else BUCKET_LATER
        return self.filled(
            bucket, f"https://{route.host}" if route and route.host else ENDPOINT_LATER
        )
