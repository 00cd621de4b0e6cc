import { type Choice, visitGovbr } from "@/core/signin/govbr/world_testing.ts";
import type { Client } from "./client.ts";

/** A browser clicks "Entrar com gov.br", and stops at the address that gov.br sends it back to. */
export async function leaveForGovbr(client: Client, choice: Choice): Promise<string> {
  const { location } = await client.get("/govbr");
  return (await visitGovbr(new URL(location!), choice)).href;
}

/** The whole way through gov.br, to the portal's answer. */
export async function enterByGovbr(client: Client, choice: Choice) {
  return await client.get(await leaveForGovbr(client, choice));
}

/** The first access of somebody whom gov.br has named, with the address that it has verified. */
export async function finishGovbrAccess(client: Client, email: string) {
  await client.post("/primeiro-acesso/termos", { aceito: "sim" });
  return await client.post("/govbr/email", { email });
}
