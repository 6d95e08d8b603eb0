"""How mailboxes and the ledger are shown. Boxes are set up on a page of their own, the ledger is written by the program."""

from core.api import Card, F, Form, List, Place, Search, Section, _

from .choices import FAILED, IMPORTED, SKIPPED

LAYOUTS = [
    Form("mail.mailbox",
         Section("main", "name", "account", "active", "protocol", "host", "port", "encryption", "user", "since", "afterwards",
                 "sent_folder", columns=2),
         Section("condition", "state", "success_at", "run_at", "taken", Place("problem", span=2, visible=F.problem.not_null()),
                 Place("problem_since", visible=F.problem.not_null()), label=_("How it goes"), columns=2)),
    List("mail.mailbox", Place("name", pinned=True), "account", "protocol", "host", "state", "success_at", "taken", "active"),
    Card("mail.mailbox", "account", "host", "state", "success_at", title="name"),
    Form("mail.offered",
         Section("main", Place("subject", span=2), "sender", "date", "outcome", Place("reason", span=2, visible=F.reason.not_null()),
                 "message", columns=2),
         Section("where", "mailbox", "folder", "uid", "size", "at", Place("identifier", span=2), label=_("At the server"), columns=2)),
    List("mail.offered", Place("subject", pinned=True, pixels=320), "sender", "date", "outcome", "reason", "message", "mailbox", "folder",
         "size", "at", order=["-at"]),
    Card("mail.offered", "sender", "outcome", "reason", "at", title="subject"),
    Search("mail.offered", text=["subject"], quick=["mailbox", "outcome", "sender", "folder", "date", "at"],
           filters={"imported": (_("Imported", context="mail"), F.outcome == IMPORTED), "skipped": (_("Skipped"), F.outcome == SKIPPED),
                    "failed": (_("Failed"), F.outcome == FAILED)}),
    Form("mail.picture_rule", Section("main", "address", "user", columns=2)),
    List("mail.picture_rule", Place("address", pinned=True), "user"),
]
