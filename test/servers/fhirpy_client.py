"""What fhirpy, unchanged, gets from a FHIR server; prints it as JSON. Usage: fhirpy_client.py <url> <token>"""

import json
import sys

from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import ForbiddenError, OperationOutcome, ResourceNotFound

url, token = sys.argv[1:]
client = SyncFHIRClient(url, authorization=f"Bearer {token}")
seen = {}


def observation():
    coding = [{"system": "urn:clients", "code": "fhirpy"}]
    return client.resource("Observation", status="final", code={"coding": coding})


def refusal(ask):
    try:
        ask()
    except ResourceNotFound:
        return "ResourceNotFound"
    except ForbiddenError:
        return "ForbiddenError"
    except OperationOutcome as error:
        return error.resource["issue"][0]["code"]


patient = client.resource("Patient", name=[{"family": "Py"}])
patient.save()
patient["gender"] = "other"
patient.save()
patient.patch(birthDate="2000-01-01")
read = client.reference("Patient", patient["id"]).to_resource()
seen["read"] = [read["gender"], read["birthDate"], read["meta"]["versionId"]]

history = client.execute(f"Patient/{patient['id']}/_history", method="get")
seen["history"] = [entry["resource"]["meta"]["versionId"] for entry in history["entry"]]

written = []
for _ in range(5):
    resource = observation()
    resource.save()
    written.append(resource["id"])
search = client.resources("Observation").search(code="urn:clients|fhirpy")
seen["pages"] = [found["id"] for found in search.limit(2).fetch_all()] == sorted(written)
seen["count"] = search.limit(0).fetch_raw()["total"]
# A parameter that R4 does not have.
seen["totalMethod"] = refusal(search.count)

bundle = {
    "resourceType": "Bundle",
    "type": "transaction",
    "entry": [
        {
            "fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
            "resource": {"resourceType": "Patient", "name": [{"family": "Transaction"}]},
            "request": {"method": "POST", "url": "Patient"},
        },
        {
            "resource": {
                **observation().serialize(),
                "subject": {"reference": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"},
            },
            "request": {"method": "POST", "url": "Observation"},
        },
    ],
}
client.execute("", method="post", data=bundle)
mother = client.resources("Patient").search(family="Transaction").get()
seen["transaction"] = len(client.resources("Observation").search(patient=mother["id"]).fetch())

unless_there = SyncFHIRClient(
    url,
    authorization=f"Bearer {token}",
    extra_headers={"If-None-Exist": "identifier=urn:py|one"},
)
identifier = [{"system": "urn:py", "value": "one"}]
first = unless_there.resource("Patient", identifier=identifier)
first.save()
again = unless_there.resource("Patient", identifier=identifier)
again.save()
seen["once"] = first["id"] == again["id"]
by_identifier = client.resources("Patient").search(identifier="urn:py|one")
# A create with criteria in the URL, which R4 does not have.
seen["getOrCreate"] = refusal(lambda: by_identifier.get_or_create(first))
updated, _ = by_identifier.update(client.resource("Patient", **{**first, "gender": "other"}))
seen["updated"] = [updated["id"] == first["id"], updated["gender"]]

patient.delete()
seen["deleted"] = refusal(lambda: client.reference("Patient", patient["id"]).to_resource())
seen["missing"] = refusal(lambda: client.reference("Patient", "nobody").to_resource())
seen["denied"] = refusal(lambda: client.reference("Basic", "b").to_resource())
seen["invalid"] = refusal(lambda: client.resource("Patient", nonsense=True).save())

print(json.dumps(seen))
