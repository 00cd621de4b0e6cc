import { isActiveMembership, isAdministrator } from "@/core/access/membership.ts";
import { verifyStream } from "@/core/audit/chain.ts";
import type { Deps } from "@/core/deps.ts";
import type { AccessRequest, Membership } from "@/core/store/records/access.ts";
import { PEOPLE } from "./actions.ts";
import { PERSON } from "./town.ts";

/** What holds of the store whatever has happened; each fault is one line. */
export async function findFaults(deps: Deps): Promise<string[]> {
  const entries = await Array.fromAsync(deps.kv.list({ prefix: [] }));
  const under = (...prefix: string[]) =>
    entries.filter(({ key }) => prefix.every((part, i) => key[i] === part));
  const faults: string[] = [];
  const expect = (holds: boolean, fault: string) => void (holds || faults.push(fault));

  const requests = new Map(
    under("request").map(({ value }) => [(value as AccessRequest).id, value as AccessRequest]),
  );
  const waiting = [...requests.values()].filter(({ state }) => state === "pendente");
  const kinds = waiting.map(({ account, cnes, step }) => `${account} ${cnes} ${step}`);
  expect(new Set(kinds).size === kinds.length, "two open requests of a kind");

  const sameSet = (what: string, found: readonly unknown[], wanted: readonly unknown[]) =>
    expect(
      JSON.stringify([...found].sort()) === JSON.stringify([...wanted].sort()),
      `${what}: ${found} instead of ${wanted}`,
    );
  const listed = waiting.filter(({ step }) => step !== "estabelecimento");
  const idsOf = (decider: AccessRequest["to"][number]) =>
    listed.filter(({ to, operadora }) =>
      to.includes(decider) && (decider === "administradores" || operadora)
    ).map(({ id }) => id);
  const lastOf = (prefix: string) => under(prefix).map(({ key }) => key.at(-1));
  sameSet("request_open", under("request_open").map(({ value }) => value), listed.map(idOf));
  sameSet("request_pending", lastOf("request_pending"), idsOf("administradores"));
  sameSet("request_representative", lastOf("request_representative"), idsOf("representante"));
  const alarms = lastOf("request_alarm").filter((id) => listed.some((one) => one.id === id));
  sameSet("request_alarm", alarms, listed.map(idOf));
  for (const request of waiting) {
    if (request.step !== "estabelecimento") continue;
    const profile = requests.get(request.profileRequest);
    expect(profile?.state === "pendente", "an establishment waits without its profile");
  }

  const members = new Map(
    under("membership").map(({ key, value }) => [key.slice(1).join(" "), value as Membership]),
  );
  const administrators = [...members].filter(([, one]) => isAdministrator(one)).map(([at]) => at);
  sameSet(
    "administrator",
    under("administrator").map(({ key }) => key.slice(1).join(" ")),
    administrators,
  );
  for (const { key } of under("computer")) {
    const member = members.get(key.slice(1, 3).join(" ")) ?? null;
    const may = isActiveMembership(member) && member.profile !== null;
    expect(may, "a computer of who has no profile");
  }

  const log = under("audit");
  for (const stream of new Set(log.map(({ key }) => key[1] as string))) {
    const { brokenAt } = await verifyStream(deps.kv, stream);
    expect(brokenAt === null, `the chain of ${stream} is broken at ${brokenAt}`);
  }
  const text = JSON.stringify(log.map(({ value }) => value));
  expect(!PEOPLE.some((name) => text.includes(PERSON[name].cpf)), "a CPF in the audit log");
  return faults;
}

const idOf = ({ id }: { id: string }) => id;
