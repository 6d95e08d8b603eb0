"""`sarnakh-client`: records of a CRM from the command line.

    sarnakh-client login https://crm.example.com
    sarnakh-client list leads.lead --filter 'rating == "hot"' --fields name,owner.name,status
    sarnakh-client create leads.lead last_name=Karimi mobile=+989121234567
    sarnakh-client export leads.lead -o leads.csv
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from . import commands, moving
from .errors import Conflict, Invalid, SarnakhError
from .output import FORMATS

Command = Callable[[argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """All commands."""
    top = argparse.ArgumentParser(prog="sarnakh-client", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--name", default=os.environ.get("SARNAKH_NAME", "default"), help="which of several logins (default: default)")
    top.add_argument("--language", default="", help="of labels and messages: fa, en, tr")
    commands_of = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, run: Command, text: str, *arguments: str) -> argparse.ArgumentParser:
        made = commands_of.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        for argument in arguments:
            made.add_argument(argument)
        return made

    login = add("login", commands.login, "Keep the token of an installation; it is asked for, or read from standard input.", "address")
    login.add_argument("--allow-http", action="store_true", help="send the token over plain HTTP, in a network you trust")
    add("logout", commands.logout, "Forget a token here. It stays valid until it is revoked in the CRM.")
    add("whoami", commands.whoami, "Who the token acts as.")
    add("types", commands.types, "Record types.")
    add("fields", commands.fields, "The fields of a type.", "type")
    _records(add)
    return top


def _records(add: Callable[..., argparse.ArgumentParser]) -> None:
    many = add("list", commands.list_records, "Records of a type.", "type")
    _choice(many)
    many.add_argument("--limit", type=int, default=100, help="at most so many (100)")
    many.add_argument("--format", choices=FORMATS, default="table")
    count = add("count", commands.count, "How many records there are.", "type")
    count.add_argument("--filter", default="")
    one = add("get", commands.get, "One record.", "type")
    one.add_argument("id", type=int)
    one.add_argument("--fields", default="")
    one.add_argument("--format", choices=("table", "json"), default="table")
    create = add("create", commands.create, "Make a record.", "type")
    create.add_argument("values", nargs="+", metavar="field=value")
    update = add("update", commands.update, "Change a record.", "type")
    update.add_argument("id", type=int)
    update.add_argument("values", nargs="+", metavar="field=value")
    update.add_argument("--version", type=int, help="refuse when the record has another version")
    for name, run, text in (("delete", commands.delete, "Put records into the recycle bin."),
                            ("restore", commands.restore, "Bring records back from the recycle bin.")):
        add(name, run, text, "type").add_argument("ids", nargs="+", type=int, metavar="id")
    out = add("export", moving.export_file, "Write records to a file: CSV, or JSON when its name ends so.", "type")
    _choice(out)
    out.add_argument("-o", "--output", default="-", help="the file (standard output)")
    out.add_argument("--format", choices=("csv", "json"), default="")
    into = add("import", moving.import_file, "Create records from a file, or change those with the same key.", "type")
    into.add_argument("file", help="CSV, or JSON when its name ends so; - for CSV from standard input")
    into.add_argument("--key", default="", help="a unique field or external:<program>; records that have it are changed")
    into.add_argument("--rejected", default="", help="write the rows that were refused to this file, with the reasons")


def _choice(made: argparse.ArgumentParser) -> None:
    made.add_argument("--filter", default="", help="""such as 'status == "new" and created_at >= today() - 30'""")
    made.add_argument("--fields", default="", help="names separated by commas; dotted through links: owner.name")
    made.add_argument("--sort", default="", help="names separated by commas, - for downwards: -created_at")
    made.add_argument("--search", default="", help="words to look for")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 for done, 1 for refused, 2 for a command that cannot be read."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except SarnakhError as error:
        for line in told(error):
            print(line, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads has enough, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def told(error: SarnakhError) -> list[str]:
    """An error for people, with its reasons."""
    lines = [str(error)]
    if isinstance(error, Invalid):
        lines += [f"  {field}: {reason}" for field, reasons in error.fields.items() if field for reason in reasons]
    elif isinstance(error, Conflict):
        lines += [f"  {field}: {sides.get('before')!r} → {sides.get('current')!r}" for field, sides in error.difference.items()]
    return lines


if __name__ == "__main__":
    sys.exit(main())
