"""What the registry says of itself."""

from clearinghouse_runtime.manifest import Manifest, Process

MANIFEST = Manifest(
    name="registry",
    title="Registry of the clearing-houses",
    summary="The system of record: records, drafts, requests, designations, transmissions owed, the ledger",
    processes=(
        Process("api", "serve HTTP", port=8100, management_port=8200),
        Process("relay", "give committed events their position and ship them to Kafka", management_port=8201),
        Process(
            "worker",
            "apply outcomes, state transmissions without an outcome again, end requests that cannot be decided",
            management_port=8202,
        ),
    ),
    consumes=("transmission-outcomes",),
    produces=("records", "requests", "transmissions"),
)
