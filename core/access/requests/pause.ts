import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type { Person } from "../../store/records/account.ts";
import { transact } from "../../store/transact.ts";
import { isAdministrator, listAdministrators, listMembershipsOf } from "../membership.ts";
import type { AccessCode } from "../messages.ts";

/** Who gets the new requests of an establishment while somebody pauses. */
export interface StandIns {
  cnes: string;
  names: string[];
}

/** CNES numbers where a person is ADMINISTRADOR, in their order. */
export async function listAdministered(deps: Deps, cpf: string): Promise<string[]> {
  const memberships = await listMembershipsOf(deps, cpf);
  return memberships.filter(isAdministrator).map(({ cnes }) => cnes);
}

export async function isPaused(deps: Deps, cpf: string): Promise<boolean> {
  return await read(deps.kv, keys.administratorPaused(cpf)) !== null;
}

/**
 * The administrators who are to be told of an establishment's requests: those who do not pause, or
 * all when nobody else is left (a colleague was removed meanwhile, or two paused at the same moment).
 */
export async function listRecipients(deps: Deps, cnes: string): Promise<Person[]> {
  const administrators = await listAdministrators(deps, cnes);
  const paused = await Promise.all(administrators.map(({ cpf }) => isPaused(deps, cpf)));
  const present = administrators.filter((_, i) => !paused[i]);
  return present.length > 0 ? present : administrators;
}

/**
 * New requests go to the others from now on. Refused while some establishment would be left with
 * nobody. Who pauses may go on deciding.
 *
 * @returns who stands in, by establishment
 */
export async function pauseAdministrator(
  deps: Deps,
  person: Person,
): Promise<Result<StandIns[], AccessCode>> {
  const numbers = await listAdministered(deps, person.cpf);
  if (numbers.length === 0) return refuse("not_administrator");
  const stands = await Promise.all(numbers.map(async (cnes): Promise<StandIns> => {
    const others = (await listAdministrators(deps, cnes)).filter(({ cpf }) => cpf !== person.cpf);
    const paused = await Promise.all(others.map(({ cpf }) => isPaused(deps, cpf)));
    return { cnes, names: others.filter((_, i) => !paused[i]).map(({ name }) => name) };
  }));
  const alone = stands.filter(({ names }) => names.length === 0).map(({ cnes }) => `CNES ${cnes}`);
  if (alone.length > 0) return refuse("pause_nobody_left", { lugares: alone.join(", ") });
  await setPaused(deps, person, true);
  return accept(stands);
}

/** New requests come to this person again. */
export async function resumeAdministrator(deps: Deps, person: Person): Promise<void> {
  await setPaused(deps, person, false);
}

async function setPaused(deps: Deps, person: Person, paused: boolean): Promise<void> {
  const key = keys.administratorPaused(person.cpf);
  await transact(deps.kv, async (tx) => {
    const since = await tx.get(key);
    if ((since !== null) === paused) return;
    if (paused) tx.set(key, deps.now());
    else tx.delete(key);
    await appendAudit(deps, tx, {
      stream: "portal",
      event: paused ? "administrator.paused" : "administrator.resumed",
      actor: person.id,
      subject: person.id,
    });
  });
}
