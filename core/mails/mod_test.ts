import { assert, assertEquals } from "@std/assert";
import * as access from "./access_mails.ts";
import * as account from "./account_mails.ts";
import * as alert from "./alert_mails.ts";
import { MAILS, secretIn } from "./mod.ts";
import * as onboarding from "./onboarding_mails.ts";
import * as user from "./user_mails.ts";

Deno.test("each mail is found by the name that it is exported under, which no other one has", () => {
  const exported = [access, account, alert, onboarding, user].flatMap((module) =>
    Object.entries(module).filter(([, value]) => "mail" in value)
  );
  assertEquals(exported.length, MAILS.size);
  for (const [name, value] of exported) assertEquals(MAILS.get(name), value as never, name);
});

Deno.test("the mails that hold a secret say what it is, how long it is good, and what to do then", () => {
  const kinds = [...MAILS.values()].filter(({ secret }) => secret !== null);
  assertEquals(kinds.map(({ mail }) => mail).sort(), [
    "confirmationCode",
    "emailLeft",
    "invited",
    "recoveryCode",
    "registrationCode",
    "signInCode",
  ]);
  for (const { secret } of kinds) assert(secret!.instead.endsWith("."));
  assertEquals(secretIn(account.recoveryCode("ABCD2345", 10)), { text: "ABCD2345", life: 600_000 });
  assertEquals(secretIn(account.emailChanged()), null);
});
