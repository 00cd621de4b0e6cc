import { accessMessages } from "./access/messages.ts";
import { accountMessages } from "./account/messages.ts";
import { certificateMessages } from "./certificate/messages.ts";
import { handoffMessages } from "./handoff/messages.ts";
import { registryMessages } from "./registry/messages.ts";
import type { Refusal } from "./result.ts";

const messages: Record<string, string> = {
  ...registryMessages,
  ...certificateMessages,
  ...accountMessages,
  ...accessMessages,
  ...handoffMessages,
};

/** What a refusal says to the person, in Portuguese, with its values filled in. */
export function explain(refusal: Pick<Refusal, "code" | "detail">): string {
  const text = messages[refusal.code] ?? "Não foi possível concluir. Tente de novo.";
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(refusal.detail?.[name] ?? ""));
}
