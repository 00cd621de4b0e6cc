import { assertEquals, assertStringIncludes } from "@std/assert";
import { openStore } from "../core/store/open.ts";
import { keys } from "../core/store/keys.ts";
import { transact } from "../core/store/transact.ts";
import { runTask } from "./task_testing.ts";

Deno.test("deno task health: causes and numbers for the operator, no secret; 1 when a part fails", async () => {
  const folder = await Deno.makeTempDir();
  const env = {
    HABILITA_DATA: folder,
    HABILITA_ORIGIN: "https://portal.example.br",
    HABILITA_SECRET: crypto.randomUUID(),
    SMTP_URL: "smtp://portal:segredo-do-smtp@mail.example.br",
    MAIL_FROM: "nao-responda@example.br",
  };
  try {
    const kv = await openStore(folder);
    const since = Date.UTC(2026, 10, 3, 12);
    const fault = { kind: "login", code: 535 } as const;
    await transact(kv, (tx) => tx.set(keys.failureRow("mail"), { since, fault, refused: [] }));
    kv.close();
    const { code, stdout, stderr } = await runTask(env, "health");
    assertEquals([code, stderr], [1, ""]);
    const lines = stdout.split("\n");
    const at = lines.findIndex((line) => line.includes("  E-mail"));
    assertEquals(lines.slice(at, at + 2), [
      "FALHA      E-mail (desde 03/11/2026, 09:00): O portal não consegue enviar e-mails; eles " +
      "esperam. Motivo: o servidor recusou o usuário ou a senha (535). Confira o " +
      "usuário e a senha de SMTP_URL.",
      "           O que fazer: Confira o servidor de e-mail e SMTP_URL; deno task health diz o " +
      "motivo.",
    ]);
    const asJson = await runTask(env, "health", "--json");
    const parts = JSON.parse(asJson.stdout);
    assertEquals(parts[0].id, "store");
    assertEquals(`${stdout}${asJson.stdout}`.includes("segredo-do-smtp"), false);
    const wrong = await runTask(env, "health", "agora");
    assertEquals(wrong.code, 2);
    assertStringIncludes(wrong.stderr, "Uso: deno task health");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
