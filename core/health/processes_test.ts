import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { startMailbox } from "@/tools/dev/mailbox.ts";

const SCRIPT = fromFileUrl(new URL("./watch_testing.ts", import.meta.url));

Deno.test("two processes on one store find an empty portal: one alert, and each line of the log once", async () => {
  const folder = await Deno.makeTempDir();
  const mailbox = await startMailbox();
  try {
    const at = String(Date.now() + 4_000);
    const outputs = await Promise.all([1, 2].map(() =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", SCRIPT, folder, mailbox.url, at],
      }).output()
    ));
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    const logged = outputs.map(({ stderr }) => text(stderr)).join("");
    assertEquals(outputs.map(({ code }) => code), [0, 0], logged);
    assertEquals(mailbox.messages().map(({ subject }) => subject), [
      "Alerta: Autoridades da ICP-Brasil, Cadastro da ANS (CADOP), " +
      "Cadastro de estabelecimentos (CNES)",
    ]);
    assertEquals(logged.match(/line=health: \w+: failing/g)?.length, 3, logged);
  } finally {
    await mailbox.close();
    await Deno.remove(folder, { recursive: true });
  }
});
