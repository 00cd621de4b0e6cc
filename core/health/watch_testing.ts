/** One process of several on one store, for a test: looks ten times, from the moment given on. */
import { createServices } from "@/bot/services.ts";
import { testConfig } from "@/tests/fixtures/deps.ts";
import { delay } from "../store/delay.ts";
import { openStore } from "../store/open.ts";
import { watchHealth } from "./watch.ts";

const [folder, url, at] = Deno.args;
const kv = await openStore(folder!);
const mail = { url: url!, from: "nao-responda@portal.example" };
const alertTo = [{ channel: "mail", to: "operacao@portal.example" } as const];
const deps = { kv, config: { ...testConfig, mail, alertTo }, now: Date.now };
const services = createServices(deps);
const watch = watchHealth(deps, { send: services.send, notify: services.outbox.notify });
await delay(Number(at) - Date.now());
for (let i = 0; i < 10; i++) await watch.run();
await services.outbox.run();
await services.close();
kv.close();
