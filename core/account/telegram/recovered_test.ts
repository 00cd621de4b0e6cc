import { assertEquals } from "@std/assert";
import {
  anonymous,
  codeFor,
  codeOf,
  lia,
  must,
  OTHER_PASSWORD,
  personOf,
  seedRegistries,
  seedRepresentative,
  seedTelegramLink,
  seedUser,
} from "@/tests/fixtures/mod.ts";
import { finishRecovery, requestRecovery } from "../recovery.ts";
import { getTelegramLink, getTelegramOwner } from "./link.ts";

const CHAT = 4_711;

Deno.test("a recovery by e-mail ends the chat that was linked, and nothing before the code is right", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  const { id } = await personOf(deps, lia);
  await seedTelegramLink(deps, await personOf(deps, lia), CHAT);
  deps.advance(1);
  const browser = await anonymous(deps);
  must(await requestRecovery(deps, browser, { handle: lia.cpf, address: null }));
  const chosen = { password: OTHER_PASSWORD, repeated: OTHER_PASSWORD };
  const guessed = await finishRecovery(deps, browser, { code: "AAAAAAAA", ...chosen });
  assertEquals(codeOf(guessed), "code_wrong");
  assertEquals((await getTelegramLink(deps, id))?.userId, CHAT);
  must(await finishRecovery(deps, browser, { code: await codeFor(deps, lia.email), ...chosen }));
  assertEquals([await getTelegramLink(deps, id), await getTelegramOwner(deps, CHAT)], [null, null]);
});
