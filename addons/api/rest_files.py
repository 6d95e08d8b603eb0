"""Files: attached to a record or put into one of its fields, and their content."""

from __future__ import annotations

from core.api import Env, Invalid, ValidationFailed, _, fields
from core.web_api import BadRequest, Request, Response, readable_file, send_file, store_file

from .rest_once import once
from .rest_pages import VERSION, answer, api, known_parameters, record_answer, type_of
from .rest_problems import BadParameter
from .rest_records import read
from .rest_shape import Shape, told_fields

FILE = "base.file"


@api.route(f"{VERSION}/records/<record>/<int:key>/files", methods=("POST",))
@once
def add_file(env: Env, request: Request, record: str, key: int) -> Response:
    """Keep a file on a record: a form with `file`, or the content itself with its name as the parameter `name`. With `field` it is
    also put into that field of the record."""
    known_parameters(request, "name", "field")
    type_of(env, record)
    env.require("create", FILE)
    env.get(record, key, "id")
    field = request.arg("field")
    if field and not isinstance(env.registry.record(record).fields.get(field), fields.File):
        raise BadParameter("field", _("“{field}” takes no file.", field=field))
    made = _kept(env, request, (record, key), isinstance(env.registry.record(record).fields.get(field), fields.Image))
    if field:
        env.update(record, key, {field: made}, source="api")
    shown = read(env, Shape(env, FILE, told_fields(env, FILE)), made)
    return record_answer(request, shown, 201, Location=f"/api{VERSION}/records/{FILE}/{made}")


def _kept(env: Env, request: Request, about: tuple[str, int], image: bool) -> int:
    uploads = request.uploads("file")
    if request.raw.mimetype != "multipart/form-data":
        if not request.arg("name") or not request.raw.get_data():
            raise BadParameter("name", _("Send the content, and its name as the parameter “name”."))
        uploads = [request.body_as_upload(request.arg("name"))]
    if len(uploads) != 1:
        raise BadRequest(_("Send one file, as “file”."))
    try:
        return int(store_file(env, uploads[0], about=about, image=image))
    except ValueError as error:
        raise ValidationFailed([Invalid(None, request.arg("field") or None, error.args[0])]) from None


@api.route(f"{VERSION}/files/<int:key>/content")
def file_content(env: Env, request: Request, key: int) -> Response:
    """A file's content, for whoever sees the file or a record that holds it."""
    known_parameters(request)
    env.require("read", FILE)
    return send_file(env, readable_file(env, key), False)


@api.route(f"{VERSION}/files/<int:key>")
def file_record(env: Env, request: Request, key: int) -> Response:
    """A file's name, size and type."""
    known_parameters(request)
    env.require("read", FILE)
    found = readable_file(env, key)
    return answer({"id": key, "name": found.name, "size": found.size, "media_type": found.media_type,
                   "content": f"/api{VERSION}/files/{key}/content"})
