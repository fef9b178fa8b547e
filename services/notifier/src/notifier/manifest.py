"""What the notifier says of itself."""

from clearinghouse_runtime.manifest import Manifest, Process

MANIFEST = Manifest(
    name="notifier",
    title="Notifier of the clearing-houses",
    summary="Inboxes and official transmissions",
    processes=(
        Process("api", "serve HTTP", port=8110, management_port=8210),
        Process(
            "worker", "land events, work them off, hand letters over, ship outcomes", management_port=8211
        ),
    ),
    consumes=("requests", "transmissions"),
    produces=("transmission-outcomes",),
)
