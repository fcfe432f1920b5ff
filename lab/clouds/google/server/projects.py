"""Cloud Resource Manager: which projects there are."""

from lab.clouds.google.server.call import Answer, Call, Routes
from lab.clouds.google.server.refused import Refused


def project(call: Call, name: str) -> Answer:
    """API v1, projects.get. It tells nobody who may not see a project whether there is one."""
    if call.who is None or call.state.owners.get(call.who) != name:
        raise Refused(403, "The caller does not have permission")
    number = call.state.projects[name]
    return {
        "projectId": name,
        "projectNumber": number,
        "name": name,
        "lifecycleState": "ACTIVE",
        "labels": {},
    }


ROUTES: Routes = {("GET", r"/v1/projects/([^/:]+)"): project}
