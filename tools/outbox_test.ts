import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { confirmationCode } from "../core/mails/account_mails.ts";
import { mailTo } from "../core/notify/notify.ts";
import { runOutbox } from "../core/outbox/testing.ts";
import { enqueue } from "../core/outbox/enqueue.ts";
import { openStore } from "../core/store/open.ts";
import { transact } from "../core/store/transact.ts";
import { testConfig } from "@/tests/fixtures/deps.ts";
import { withTaskFolder } from "./task_testing.ts";

Deno.test("deno task outbox: dead letters listed without secrets, given back, or not found", () =>
  withTaskFolder(async ({ path, run }) => {
    const empty = await run("outbox", "list");
    assertStringIncludes(empty.stdout, "Nenhuma mensagem parada.");
    {
      using kv = await openStore(`${path}/data`);
      const deps = { kv, config: testConfig, now: Date.now };
      const put = (now: () => number, minutes: number) => {
        const mail = mailTo("fulana@b.example", confirmationCode("ABCD2345", minutes));
        return transact(kv, (tx) => enqueue({ ...deps, now }, tx, mail));
      };
      await put(Date.now, 10);
      const error = "550 no fulana@b.example, Código de confirmação: ABCD2345";
      await runOutbox(deps, () => Promise.resolve({ outcome: "never", error }));
      // A mail server that was away until the code had ended.
      await put(() => Date.now() - 11 * 60_000, 10);
      await runOutbox(deps, () => Promise.reject(new Error("sent")));
    }
    const listed = await run("outbox", "list");
    assertEquals(listed.code, 0, listed.stderr);
    assertStringIncludes(listed.stdout, "e-mail para f***@b.example: confirmationCode  (");
    assertStringIncludes(listed.stdout, "550 no f***@b.example, Código de confirmação: ***)");
    assertStringIncludes(listed.stdout, "confirmationCode, não vale mais  (");
    assertEquals(/ABCD2345|fulana/.test(listed.stdout + listed.stderr), false);
    const ids = [...listed.stdout.matchAll(/^[0-9A-Z]{26}/gm)].map(([id]) => id);
    const idOf = (text: RegExp) =>
      ids.find((id) => text.test(listed.stdout.split(id)[1]!.split("\n")[0]!))!;
    const id = idOf(/550/);
    const ended = await run("outbox", "retry", idOf(/não vale mais/));
    assertMatch(ended.stdout, /De volta à fila: 0/);
    assertStringIncludes(ended.stderr, "A pessoa pede outro código na página em que informou o");
    assertMatch((await run("outbox", "retry", id)).stdout, /De volta à fila: 1/);
    const again = await run("outbox", "retry", id);
    assertEquals(again.code, 1);
    assertStringIncludes(again.stderr, `Não existe a mensagem ${id}.`);
    assertEquals((await run("outbox", "nada")).code, 2);
    assertEquals((await run("outbox", "retry")).code, 2);
  }));
