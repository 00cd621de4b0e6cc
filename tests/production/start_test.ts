import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { keys } from "@/core/store/keys.ts";
import { openStore } from "@/core/store/open.ts";
import { freePort, root, untilAnswers } from "../support/portal.ts";

interface Production extends AsyncDisposable {
  origin: string;
  data: string;
}

/** `deno task build`, then `deno task start` on an empty folder, with the permissions it has there. */
async function startProduction(): Promise<Production> {
  await task("build", {}).output().then(({ code, stderr }) => {
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  });
  const data = await Deno.makeTempDir({ prefix: "habilita-production-" });
  const port = freePort();
  const origin = `http://localhost:${port}`;
  const child = task("start", {
    PORT: String(port),
    HABILITA_DATA: data,
    HABILITA_ORIGIN: origin,
    HABILITA_SECRET: crypto.randomUUID(),
  }).spawn();
  await untilAnswers(`${origin}/`);
  return {
    origin,
    data,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await Deno.remove(data, { recursive: true });
    },
  };
}

function task(name: string, env: Record<string, string>): Deno.Command {
  const args = ["task", "--quiet", name];
  return new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env,
    stdout: "null",
    stderr: "piped",
  });
}

async function gzipSize(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).length;
}

/** The scripts a page loads before anything is done on it: its modules and what they import. */
async function scriptsOf(
  origin: string,
  html: string,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  const queue = [...html.matchAll(/["'](\/_fresh\/js\/[^"']+\.js)/g)].map(([, path]) => path!);
  for (let path = queue.pop(); path; path = queue.pop()) {
    if (found.has(path)) continue;
    const bytes = await (await fetch(origin + path)).bytes();
    found.set(path, bytes);
    const source = new TextDecoder().decode(bytes);
    // Static imports only: what `import(…)` names comes when a file is chosen.
    for (const [, target] of source.matchAll(/(?:from|import)\s*["'](\.[^"']+)["']/g)) {
      queue.push(new URL(target!, origin + path).pathname);
    }
  }
  return found;
}

Deno.test("production mode", async (t) => {
  await using deps = await startProduction();
  const { origin } = deps;

  await t.step("serves the pages, without the development world", async () => {
    const expected: Record<string, number> = {
      "/": 200,
      "/entrar": 200,
      "/certificado": 200,
      "/termos-de-uso": 200,
      "/saude": 503, // nothing has been imported yet, and it says so
      "/dev": 404,
      "/dev/correio": 404,
      "/dev/correio.json": 404,
      "/dev/telegram": 404,
      "/dev/certificados/alvorada.pfx": 404,
      "/_fresh/server.js": 404,
      "/deno.json": 404,
    };
    for (const [path, status] of Object.entries(expected)) {
      const response = await fetch(origin + path);
      const body = await response.text();
      assertEquals(response.status, status, path);
      assert(!body.includes("__frsh_dev") && !body.includes("live_reload"), path);
    }
  });

  await t.step("is open to this machine alone", async () => {
    const port = Number(new URL(origin).port);
    // Each address of 127.0.0.0/8 is one of this machine's: a server that listens at all has it too.
    await assertRejects(
      () => Deno.connect({ hostname: "127.0.0.2", port }),
      Deno.errors.ConnectionRefused,
    );
  });

  await t.step("a port in use, no folder and half a restore are refused by one line", async () => {
    const file = await Deno.makeTempFile();
    const half = await Deno.makeTempDir();
    {
      using kv = await openStore(half, { toBeFilled: true });
      await kv.set(keys.restoring(), { file: "a.backup" });
    }
    const port = new URL(origin).port;
    const refused: [wrong: Record<string, string>, said: string][] = [
      [{ PORT: port }, "PORT"],
      [{ HABILITA_LISTEN: "0.0.0.0" }, "HABILITA_TRUSTED_PROXIES"],
      [{ HABILITA_LISTEN: "::", HABILITA_ORIGIN: "https://portal.example.br" }, "start:mtls"],
      [{ HABILITA_LISTEN: "192.0.2.1", HABILITA_TRUSTED_PROXIES: "192.0.2.2" }, "HABILITA_LISTEN"],
      [{ HABILITA_DATA: file }, "HABILITA_DATA"],
      [{ HABILITA_DATA: half }, "`deno task restore a.backup`"],
    ];
    for (const [wrong, said] of refused) {
      const { code, stderr } = await task("start", {
        PORT: String(freePort()),
        HABILITA_DATA: deps.data,
        HABILITA_ORIGIN: origin,
        HABILITA_SECRET: crypto.randomUUID(),
        ...wrong,
      }).output();
      const text = new TextDecoder().decode(stderr);
      assertEquals([code, text.trimEnd().split("\n").length], [1, 1], text);
      assertStringIncludes(text, said);
    }
    await Promise.all([file, half].map((path) => Deno.remove(path, { recursive: true })));
  });

  await t.step("without a trust store the certificate door is closed", async () => {
    const page = await fetch(`${origin}/certificado`);
    const html = await page.text();
    const cookie = page.headers.get("set-cookie")!.split(";")[0]!;
    const challenge = /challengeId:"([\w.-]+)"/.exec(html)![1]!;
    const response = await fetch(`${origin}/certificado`, {
      method: "POST",
      headers: { cookie },
      body: new URLSearchParams({
        challenge,
        certificates: "AAAA",
        signature: "AAAA",
        algorithm: "RS256",
      }),
    });
    assertEquals(response.status, 422);
    assertStringIncludes(await response.text(), "ainda não tem as autoridades da ICP-Brasil");
  });

  await t.step("a password is verified with the permissions it has", async () => {
    const response = await fetch(`${origin}/entrar`, {
      method: "POST",
      body: new URLSearchParams({ login: "529.982.247-25", senha: "Xk#29vbq" }),
    });
    assertEquals(response.status, 422);
    assertStringIncludes(await response.text(), "CPF, e-mail ou senha não conferem");
  });

  await t.step(
    "the login page ships at most 12 KB of JavaScript before a file is chosen",
    async () => {
      const html = await (await fetch(`${origin}/certificado`)).text();
      const scripts = await scriptsOf(origin, html);
      assert(scripts.size > 0);
      let total = 0;
      for (const bytes of scripts.values()) total += await gzipSize(bytes);
      console.log(`    ${scripts.size} scripts, ${total} bytes gzip`);
      assert(total <= 12 * 1024, `${total} bytes`);
    },
  );

  await t.step("a page without an island ships none", async () => {
    for (const path of ["/", "/entrar", "/termos-de-uso"]) {
      assert(!(await (await fetch(origin + path)).text()).includes("<script"), path);
    }
  });

  await t.step(
    "files of the build are kept by the browser, and their names change with them",
    async () => {
      const html = await (await fetch(`${origin}/`)).text();
      const css = /href="(\/app\.css[^"]*)"/.exec(html)![1]!;
      const response = await fetch(origin + css);
      await response.body?.cancel();
      assertStringIncludes(response.headers.get("cache-control") ?? "", "immutable");
    },
  );
});
