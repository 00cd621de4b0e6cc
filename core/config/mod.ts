/** Settings: one list (`settings.ts`), from which everything else about them is made. */
export * from "./choices.ts";
export * from "./config.ts";
export * from "./icp_brasil.ts";
export * from "./read.ts";
export * from "./settings.ts";
export { type AlertReceiver, TLS_OPTIONAL } from "./types.ts";
export type { SystemCredential, SystemKey } from "./system_credential.ts";
export { DEFAULT_SYSTEMS, type System, type SystemMinimum } from "./systems.ts";
