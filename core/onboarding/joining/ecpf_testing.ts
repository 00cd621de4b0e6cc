import type { PersonIdentity } from "../../certificate/login.ts";
import type { Deps } from "../../deps.ts";
import { accept } from "../../result.ts";
import type { EcpfType } from "../../store/records/account.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import { keys } from "../../store/keys.ts";
import {
  DAY,
  GOVBR,
  lia,
  must,
  PASSWORD,
  seedRegistries,
  selfRegister,
  type TestPerson,
} from "@/tests/fixtures/mod.ts";
import { presentEcpf, proveWithPassword } from "./ecpf.ts";

export const ADDRESS = "192.0.2.1";

/** An e-CPF as the certificate's checks have found it. */
export function ecpfOf(
  deps: Deps,
  { name, cpf }: Pick<TestPerson, "name" | "cpf">,
  { type = "A1", life = 365 * DAY }: { type?: EcpfType; life?: number } = {},
): PersonIdentity {
  return {
    ...{ holder: { name: name.toUpperCase(), cpf, birthDate: "1980-05-17" }, type },
    ...{ serial: "0a1b", sha256: "e".repeat(64), notAfter: deps.now() + life },
  };
}

/** Presents an e-CPF in the session of an account. */
export function present(deps: Deps, session: Session<LoggedIn>, shown: PersonIdentity) {
  return presentEcpf(deps, session, ADDRESS, () => Promise.resolve(accept(shown)));
}

/** The session as it is now: what the next request comes with. */
export async function current(deps: Deps, { id }: Session) {
  return (await deps.kv.get<Session<LoggedIn>>(keys.session(id))).value!;
}

/** The whole way, with the account's password. */
export async function prove(deps: Deps, session: Session<LoggedIn>, shown: PersonIdentity) {
  must(await present(deps, session, shown));
  const form = { password: PASSWORD, address: ADDRESS };
  return must(await proveWithPassword(deps, await current(deps, session), form));
}

/** What ends the proof. */
export const right = { password: PASSWORD, address: ADDRESS };

/** Lia has declared her CPF, and is in. */
export async function declared() {
  const deps = await seedRegistries({ govbr: GOVBR });
  const session = await selfRegister(deps, lia);
  return { deps, session, [Symbol.dispose]: () => deps[Symbol.dispose]() };
}
