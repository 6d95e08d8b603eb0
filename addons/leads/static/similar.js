// Leads join the records that are looked up while they are typed in (contacts/static/duplicates.js does the asking).

(globalThis.similarRecords ??= {})["leads.lead"] = "/x/leads/similar";
