/** Somebody who may be handed off, with all that it takes, made by the functions that the pages call. */
import { askForComputer } from "../access/requests/computer.ts";
import { createRequest } from "../access/requests/create.ts";
import { decideRequest } from "../access/requests/decide.ts";
import { DEFAULT_SYSTEMS, type System } from "../config/mod.ts";
import { createComputerChallenge, proveComputer } from "../account/computer/proof.ts";
import { makeComputer, signWith, type TestComputer } from "../account/computer/testing.ts";
import type { Deps } from "../deps.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import {
  caio,
  CNES,
  enterAdministrator,
  enterRepresentative,
  enterUser,
  lia,
  must,
  personOf,
} from "../testing_world.ts";
import { issueHandoff } from "./issue.ts";
import { type Handoff, signProof } from "./proof.ts";

export const DESTINATION = { system: "cadsus-web", cnes: CNES };

/** The usual systems, with CadSUS Web at an address. */
export function systemsAt(address: string | null): System[] {
  return DEFAULT_SYSTEMS.map((one) => one.access === "steps" ? { ...one, address } : one);
}

export interface Enabled {
  session: Session<LoggedIn>;
  computer: TestComputer;
}

/** Lia, OPERADORA at `CNES`, approved by Caio, at her approved computer. */
export async function enableLia(deps: Deps): Promise<Enabled> {
  await enterRepresentative(deps);
  await enterAdministrator(deps, caio);
  const session = await enterUser(deps, lia);
  const person = await personOf(deps, lia);
  const profile = must(await createRequest(deps, person, { cnes: CNES, profile: "OPERADOR" }));
  await approve(deps, profile.id);
  const computer = await makeComputer();
  const proven = await recognise(deps, session, computer);
  const form = { cnes: CNES, label: "PAT-004512", place: "Recepção", replaces: "" };
  const asked = await askForComputer(deps, person, computer.thumbprint, form);
  await approve(deps, must(asked).id);
  return { session: proven, computer };
}

async function approve(deps: Deps, requestId: string): Promise<void> {
  must(
    await decideRequest(deps, { requestId, outcome: "aprovada", by: caio.cpf, via: "portal" }),
  );
}

/** The session comes to know the computer it is at. */
export async function recognise(
  deps: Deps,
  session: Session<LoggedIn>,
  computer: TestComputer,
): Promise<Session<LoggedIn>> {
  const asked = { purpose: "login", sessionId: session.id } as const;
  const proof = await signWith(computer, await createComputerChallenge(deps, asked));
  return must(await proveComputer(deps, session, { ...proof, ...asked }));
}

/** What comes of asking for a hand-off, with a challenge that `by` signs. */
export async function askForHandoff(
  deps: Deps,
  { session, computer }: Enabled,
  { by = computer, to = DESTINATION }: { by?: TestComputer; to?: typeof DESTINATION } = {},
) {
  const asked = { purpose: "handoff", sessionId: session.id } as const;
  const proof = await signWith(by, await createComputerChallenge(deps, asked));
  return await issueHandoff(deps, session, to, proof);
}

/** The proof for a target system, as the computer's browser makes it. */
export function proofBy(
  { jwk, privateKey }: TestComputer,
  handoff: Handoff,
): Promise<string> {
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  return signProof({
    jwk,
    sign: async (data) => new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, data)),
  }, handoff);
}
