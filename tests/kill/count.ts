import { getMembership } from "@/core/access/membership.ts";
import type { Deps } from "@/core/deps.ts";
import { listDeadLetters } from "@/core/outbox/dead_letters.ts";
import { keys } from "@/core/store/keys.ts";
import { list, read, readMany } from "@/core/store/read.ts";
import type { AccessRequest } from "@/core/store/records/access.ts";
import { ALFA } from "@/tests/fixtures/mod.ts";
import { findFaults } from "../model/invariants.ts";
import { waiting } from "./finish.ts";
import type { Ledger } from "./load.ts";
import type { World } from "./world.ts";

/** What is in the store, held against what people were told; each line is one fault. */
export interface Counted {
  lost: string[];
  halfWritten: string[];
  decidedTwice: string[];
}

export async function count(deps: Deps, world: World, ledger: Ledger): Promise<Counted> {
  const lost: string[] = [];
  const halfWritten = await findFaults(deps);
  const events = await eventsOf(deps);
  const requests = new Map<string, AccessRequest>();
  for await (const { value } of list(deps.kv, keys.request.under())) requests.set(value.id, value);
  const asked = [...requests.values()].filter(({ step }) => step === "perfil");

  for (const { account, cnes } of ledger.asked) {
    const found = asked.some((one) => one.account === account && one.cnes === cnes);
    if (!found) lost.push(`a request at ${cnes}`);
  }
  for (const { id, outcome } of ledger.decided) {
    const request = requests.get(id);
    if (request?.state !== outcome || request.via !== "portal") lost.push(`decision of ${id}`);
  }
  for (const id of ledger.tapped) {
    if (requests.get(id)?.state === "pendente") lost.push(`a tap on ${id}`);
  }
  const decidedTwice: string[] = [];
  // What is asked for first is decided, and recorded, with the profile.
  for (const { id, state, account, cnes } of asked) {
    const decisions = ["aprovada", "reprovada"].map((one) =>
      events.get(`request.${one} ${id}`) ?? 0
    );
    const times = decisions.reduce((sum, each) => sum + each, 0);
    if (times > 1) decidedTwice.push(id);
    if (times !== (state === "pendente" ? 0 : 1)) {
      halfWritten.push(`${id} is ${state}: ${decisions}`);
    }
    if (events.get(`request.created ${id}`) !== 1) {
      halfWritten.push(`${id} was made without a record`);
    }
    if (state === "aprovada" && !await getMembership(deps, cnes, account)) {
      halfWritten.push(`${id} is approved, without a membership`);
    }
  }

  for (const { person: { cpf, email }, acknowledged } of ledger.registered.values()) {
    const holder = await read(deps.kv, keys.cpfAtOperadora(ALFA, cpf));
    const id = holder && "invitation" in holder ? holder.invitation : "";
    const [invitation, byCpf, byEmail] = await readMany(deps.kv, [
      keys.invitation(ALFA, id),
      keys.invitationByCpf(cpf, ALFA, id),
      keys.invitationByEmail(email, ALFA, id),
    ]);
    const parts = [
      invitation !== null,
      byCpf !== null,
      byEmail !== null,
      events.get(`invitation.sent ${id}`) === 1,
      mailsOf(world, email, "Seu acesso ao portal").size === 1,
    ];
    if (acknowledged && parts.includes(false)) lost.push(`invitation of ${email}: ${parts}`);
    else if (new Set(parts).size > 1) halfWritten.push(`invitation of ${email}: ${parts}`);
  }
  for (const { person } of world.places.flatMap(({ requesters }) => requesters)) {
    const outcomes = asked.filter(({ account, state }) =>
      account === person.id && state !== "pendente"
    );
    const told = mailsOf(world, person.email!, "Seu pedido de acesso foi").size;
    if (told !== outcomes.length) lost.push(`${outcomes.length - told} mails to ${person.email}`);
  }
  for (const { id, lastError } of await listDeadLetters(deps)) {
    lost.push(`mail ${id}: ${lastError}`);
  }
  const left = await waiting(deps) + world.telegram.pendingUpdates().length;
  if (left > 0) lost.push(`${left} messages and updates that nothing takes up`);
  return { lost, halfWritten, decidedTwice };
}

/** The different mails that a person got with such a subject, by their Message-ID. */
function mailsOf({ mailbox }: World, to: string, subject: string): Set<string> {
  const own = mailbox.messages().filter((mail) =>
    mail.to.includes(to) && mail.subject.startsWith(subject)
  );
  return new Set(own.map(({ messageId }) => messageId));
}

/** How often something happened, by the log: by event and subject. */
async function eventsOf(deps: Deps): Promise<Map<string, number>> {
  const events = new Map<string, number>();
  for await (const { value: { event, subject } } of list(deps.kv, keys.audit.under())) {
    const name = `${event} ${subject}`;
    events.set(name, (events.get(name) ?? 0) + 1);
  }
  return events;
}
