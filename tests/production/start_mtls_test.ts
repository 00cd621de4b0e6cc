import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { certificateMessages } from "@/core/certificate/messages.ts";
import { TlsVisitor } from "../doors/visitor.ts";
import { makeDoors } from "../doors/world.ts";
import { freePort, root } from "../support/portal.ts";

const doors = await makeDoors();

function startMtls(env: Record<string, string>): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "start:mtls"],
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  });
}

Deno.test("start:mtls on an empty folder, with the permissions it has there", async (t) => {
  const data = await Deno.makeTempDir({ prefix: "habilita-mtls-" });
  const files = { TLS_CERT: join(data, "server.crt"), TLS_KEY: join(data, "server.key") };
  await Deno.writeTextFile(files.TLS_CERT, doors.server.cert);
  await Deno.writeTextFile(files.TLS_KEY, doors.server.key);
  const port = freePort();
  const origin = `https://localhost:${port}`;
  const settings = {
    ...files,
    PORT: String(port),
    HABILITA_DATA: data,
    HABILITA_ORIGIN: origin,
    HABILITA_SECRET: crypto.randomUUID(),
  };

  const refusals: [what: string, env: Record<string, string>, named: string][] = [
    ["no certificate", { ...settings, TLS_CERT: "" }, "Falta a variável TLS_CERT"],
    ["no key", { ...settings, TLS_KEY: "" }, "Falta a variável TLS_KEY"],
    ["no such file", { ...settings, TLS_KEY: join(data, "x") }, "O arquivo de TLS_KEY não existe"],
    ["not a key", { ...settings, TLS_KEY: files.TLS_CERT }, "TLS_CERT e a chave de TLS_KEY"],
    ["no secret", { ...settings, HABILITA_SECRET: "" }, "Falta a variável HABILITA_SECRET"],
  ];
  await new Deno.Command(Deno.execPath(), { args: ["task", "build"], cwd: root }).output();
  for (const [what, env, named] of refusals) {
    await t.step(`says what is missing: ${what}`, async () => {
      const { code, stderr } = await startMtls(env).output();
      const output = new TextDecoder().decode(stderr);
      assertEquals(code, 1, output);
      assertStringIncludes(output, named);
      assertEquals(output.includes("    at "), false, output);
    });
  }

  await t.step("serves the portal and hands on the certificate", async () => {
    const child = startMtls(settings).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    assertStringIncludes((await lines.read()).value ?? "", origin);
    try {
      using company = new TlsVisitor(doors, origin, { certificate: doors.clients.company });
      assertEquals((await company.enter()).error, certificateMessages.trust_store_empty);
      using nobody = new TlsVisitor(doors, origin);
      assertEquals((await nobody.enter()).error, certificateMessages.client_cert_missing);
      // A connection that stays open, with nothing asked on it, does not hold the stop.
      const began = Date.now();
      child.kill("SIGTERM");
      assertEquals((await child.status).code, 0);
      assert(Date.now() - began < 8_000, `${Date.now() - began} ms`);
    } finally {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await lines.cancel();
      await child.stderr.cancel();
    }
  });
  await Deno.remove(data, { recursive: true });
});
