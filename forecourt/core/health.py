"""Whether the portal can work: for load balancers and supervisors."""

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from psycopg_pool import PoolTimeout

from forecourt.core.pages import operation


@operation("GET", who="anyone")
def health(request: HttpRequest) -> JsonResponse:
    """200 and {"status": "ok"} when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except (Error, PoolTimeout):
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok"})
