// A program over the generated client: makes a lead, reads, changes, lists and counts; prints what it saw as JSON.
import { ApiClient, GeneralApi, LeadsLeadApi } from "./javascript/src/index.js";

const [address, token] = process.argv.slice(2);
const client = new ApiClient(`${address}/api/v1`);
client.authentications.token.accessToken = token;
const leads = new LeadsLeadApi(client);

const made = await leads.createLeadsLead({ last_name: "Karimi", email: "k@example.com" });
const read = await leads.getLeadsLead(made.id, { fields: "last_name,owner" });
const changed = await leads.updateLeadsLead(made.id, { company: "Pars", version: made.version });
const page = await leads.listLeadsLead({ filter: 'company == "Pars"', sort: "-id", limit: 10 });
const counted = await new GeneralApi(client).count("leads.lead", {});
let refused = 0;
try {
  await leads.updateLeadsLead(made.id, { company: "Other", version: made.version });
} catch (error) {
  refused = error.status;
}
console.log(JSON.stringify({
  name: read.last_name, owner: read.owner.label, version: changed.version, listed: page.records.map((one) => one.company), next: page.next,
  count: counted.count, refused,
}));
