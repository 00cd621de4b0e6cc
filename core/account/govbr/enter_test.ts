import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { loadCaller } from "../../access/caller.ts";
import type { GovbrConfig } from "../../config.ts";
import {
  addUser,
  auditRecords,
  codeOf,
  deactivate,
  enterRepresentative,
  enterUser,
  lia,
  mailsTo,
  MINUTE,
  must,
  personOf,
  visit,
  world,
  type WorldPerson,
  zeca,
} from "../../testing_world.ts";
import { type GovbrServer, startGovbr } from "@/tools/dev/govbr/provider.ts";
import { type Choice, visitGovbr } from "@/tools/dev/govbr/testing.ts";
import type { LoggedIn, Session } from "../session.ts";
import { readSession, sessionToken } from "../session.ts";
import { beginGovbr } from "./attempt.ts";
import { enterWithGovbr } from "./enter.ts";

const ORIGIN = "http://localhost:8000";
const CLIENT = { clientId: "portal", clientSecret: "a secret: 100% + more" };

type TestPortal = Awaited<ReturnType<typeof world>>;

const asGovbrPerson = ({ cpf, name, email }: WorldPerson) => ({ cpf, nome: name, email });

/** A provider with Lia and Zeca, and a portal that is its client. */
async function together(level: GovbrConfig["level"] = "silver") {
  const redirectUri = `${ORIGIN}/govbr/retorno`;
  const people = [lia, zeca].map(asGovbrPerson);
  const govbr = await startGovbr({ ...CLIENT, redirectUri }, people);
  const portal = await world({ govbr: { issuer: govbr.issuer, ...CLIENT, level } });
  return {
    govbr,
    portal,
    async [Symbol.asyncDispose]() {
      portal[Symbol.dispose]();
      await govbr.close();
    },
  };
}

const VISITOR = { address: "192.0.2.1", agent: "test" };

async function begin(portal: TestPortal, session: Session | null = null) {
  return must(await beginGovbr(portal, { ...VISITOR, session }));
}

/** The whole way; `between` changes the address that gov.br sends the browser back to. */
async function enter(portal: TestPortal, choice: Choice, between: (back: URL) => void = () => {}) {
  const { url, session } = await begin(portal);
  const back = await visitGovbr(url, choice);
  between(back);
  return await enterWithGovbr(portal, session, back.searchParams);
}

const asLia: Choice = { cpf: lia.cpf };

/** Refusals are told to whoever runs the portal; here they are expected. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const consoleError = console.error;
  console.error = () => {};
  try {
    return await work();
  } finally {
    console.error = consoleError;
  }
}

Deno.test("a known person is logged in by their CPF, with a new session", async () => {
  await using world = await together();
  const { portal } = world;
  await enterRepresentative(portal);
  await enterUser(portal, lia);
  const { url, session } = await begin(portal);
  const back = await visitGovbr(url, { ...asLia, level: "gold" });
  const entry = must(await enterWithGovbr(portal, session, back.searchParams));
  assertEquals(entry.next, "logged_in");
  assertNotEquals(entry.session.id, session.id);
  assertEquals(await readSession(portal, await sessionToken(portal, session)), null);
  const state = entry.session.state as LoggedIn;
  assertEquals([state.cpf, state.govbr, state.certificate], [lia.cpf, { level: "gold" }, null]);
  const caller = await loadCaller(portal, entry.session as Session<LoggedIn>);
  assertEquals(caller?.person.govbr, { level: "gold", at: portal.now() });
  const audit = (await auditRecords(portal)).at(-1)!;
  assertEquals([audit.event, audit.detail], ["login.govbr", { level: "gold" }]);
});
