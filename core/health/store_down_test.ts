import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { seedRegistries } from "@/tests/fixtures/mod.ts";
import { delay } from "../store/delay.ts";
import type { MailMessage } from "../store/records/outbox.ts";
import { openStore } from "../store/open.ts";
import { probe } from "../store/probe.ts";
import { watchHealth } from "./watch.ts";

const OPERATORS = { channel: "mail", to: "operacao@portal.example" } as const;
const MAIL = { url: "smtp://127.0.0.1:1", from: "a@portal.example" };

Deno.test("a full disk: not ready, failing, and told once past the outbox", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const script = fromFileUrl(new URL("./full_disk_testing.ts", import.meta.url));
    // The signal of a file that grows too long is ignored, so that the write fails as on a full disk.
    const { stdout, stderr } = await new Deno.Command("bash", {
      args: [
        "-c",
        `trap '' XFSZ; ulimit -f 3000; exec "$0" run -A --no-check "$1" "$2"`,
        Deno.execPath(),
        script,
        folder,
      ],
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout);
    assert(text.startsWith("{"), new TextDecoder().decode(stderr));
    const { failed, before, after, store, sent, lines } = JSON.parse(text);
    assertEquals([failed, before, after, store.state], [4, "ready", "store", "failing"]);
    assertEquals(sent.map(({ to, subject }: MailMessage) => [to, subject]), [
      [OPERATORS.to, "Alerta: Banco de dados"],
    ]);
    assertStringIncludes(sent[0].text, "O portal não consegue gravar. O ");
    assertEquals(lines.length, 1, lines.join("\n"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a store that another program keeps locked: told once, and its end", async () => {
  const folder = await Deno.makeTempDir();
  const kv = await openStore(folder);
  const database = new DatabaseSync(join(folder, "habilita.sqlite3"));
  using memory = await seedRegistries({ alertTo: [OPERATORS], mail: MAIL });
  const sent: string[] = [];
  const lines: string[] = [];
  const watch = watchHealth({ ...memory, kv }, {
    send: (message) => {
      sent.push((message as MailMessage).subject);
      return Promise.resolve({ outcome: "sent" });
    },
    notify: () => {},
    log: (line) => lines.push(line),
  });
  try {
    // Kept for as long as one look: no news, nor is its end.
    database.exec("BEGIN IMMEDIATE");
    await watch.run();
    database.exec("ROLLBACK");
    do await delay(1_100); while (!(await probe({ kv })).ok);
    await watch.run();
    assertEquals(sent, []);
    database.exec("BEGIN IMMEDIATE");
    for (let i = 0; i < 3; i++) {
      // An answer about the store is shared for a second.
      await delay(1_100);
      await watch.run();
    }
    assertEquals(sent, ["Alerta: Banco de dados"]);
    database.exec("ROLLBACK");
    for (let i = 0; i < 20 && sent.length < 2; i++) {
      await delay(500);
      await watch.run();
    }
    assertEquals(sent, ["Alerta: Banco de dados", "De volta ao normal: Banco de dados"]);
    assertEquals(lines.filter((line) => line.startsWith("health: store")).length, 2);
  } finally {
    database.close();
    kv.close();
    await Deno.remove(folder, { recursive: true });
  }
});
