import { type System } from "@/core/config/mod.ts";
import {
  askForHandoff,
  auditRecords,
  CNES,
  enableLia,
  must,
  seedRegistries,
  systemsAt,
  type TestDeps,
} from "@/tests/fixtures/mod.ts";
import { signProof } from "@/core/handoff/proof.ts";
import type { Deps } from "@/core/deps.ts";
import { type CadsusServer, startCadsus } from "@/tools/dev/cadsus.ts";
import { testApp } from "./app.ts";

const SECRET = "segredo-de-um-terceiro-sistema-0123456789";
export const THIRD = { id: "terceiro", secret: SECRET };

/**
 * The portal and two target systems, each a server of its own, with the clock of the portal, and a third
 * one at the origin of the first, which has a secret. `leave` makes a new hand-off, and the form that
 * Lia's browser posts with it to the first of them.
 */
export async function startVisit() {
  let handle: Deno.ServeHandler = () => new Response(null, { status: 503 });
  const portal = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, info) => handle(request, info),
  );
  const origin = `http://127.0.0.1:${portal.addr.port}`;
  const now = () => deps.now();
  const cadsus = await startCadsus(origin, { now });
  const other = await startCadsus(origin, { id: "outro", now });
  const usual = systemsAt(cadsus.system.address, cadsus.system);
  const listed = usual.find(({ access }) => access === "steps")!;
  const secret = { kind: "secret", secret: SECRET } as const;
  const systems: System[] = [
    ...usual,
    { ...listed, ...other.system },
    { ...listed, id: THIRD.id, address: `${cadsus.origin}/terceiro`, credential: secret },
  ];
  const deps: TestDeps = await seedRegistries({ origin, systems });
  handle = await testApp(deps);
  const enabled = await enableLia(deps);
  return {
    ...{ deps, cadsus, other, enabled },
    async leave(system = cadsus.system.id) {
      const handoff = must(await askForHandoff(deps, enabled, { system, cnes: CNES }));
      const proof = await signProof(enabled.computer, handoff);
      return { handoff, form: { token: handoff.token, proof } };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([cadsus.close(), other.close(), portal.shutdown()]);
      deps[Symbol.dispose]();
    },
  };
}

export type Visit = Awaited<ReturnType<typeof startVisit>>;

/** What a target system does with a form: `in`, or the code of its refusal. */
export async function arrive(
  { system: { address } }: CadsusServer,
  form: Record<string, string>,
  origin?: string,
): Promise<string> {
  const response = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(form),
    headers: origin ? { origin } : {},
    redirect: "manual",
  });
  const text = await response.text();
  if (response.status === 303) return "in";
  return /<code>(\w+)<\/code>/.exec(text)?.[1] ?? `status ${response.status}`;
}

/** What the audit log says of hand-offs. */
export async function handoffEvents(deps: Deps): Promise<string[]> {
  const events = (await auditRecords(deps)).map(({ event }) => event);
  return events.filter((event) => event.startsWith("handoff."));
}
