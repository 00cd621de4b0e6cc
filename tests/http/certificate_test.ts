import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { encodeBase64 } from "@std/encoding";
import type { TestDeps } from "@/tests/fixtures/deps.ts";
import { trustingPortal } from "@/tests/fixtures/pki.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { people } from "@/tools/sample/people.ts";
import { seed } from "@/tools/dev/seed.ts";
import {
  type CompanyOptions,
  createPki,
  issueCompanyCertificate,
  type IssuedCertificate,
  type Pki,
} from "@/tools/pki/mod.ts";
import { testApp } from "../support/app.ts";

const ORIGIN = "http://localhost:8000";
const DAY = 24 * 60 * 60_000;

/** The portal trusts `pki`; `stranger` is another authority. */
interface World {
  deps: TestDeps;
  pki: Pki;
  stranger: Pki;
  handle: (request: Request) => Promise<Response>;
}

async function openWorld(): Promise<World> {
  const [pki, stranger] = await Promise.all([createPki(), createPki()]);
  const deps = await trustingPortal(pki);
  await seed(deps);
  return { deps, pki, stranger, handle: await testApp(deps) };
}

function issue(world: World, options: Partial<CompanyOptions> = {}, pki = world.pki) {
  const now = world.deps.now();
  return issueCompanyCertificate(pki, {
    cnpj: operadoras.alvorada.cnpj,
    companyName: operadoras.alvorada.razaoSocial,
    responsible: { name: people.helena.nome, cpf: people.helena.cpf, birthDate: "1980-05-17" },
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + DAY),
    ...options,
  });
}

/** What the page gives the browser: cookie and challenge. */
async function openDoor({ handle }: World) {
  const response = await handle(new Request(`${ORIGIN}/certificado`));
  const html = await response.text();
  const found = /challengeId:"([^"]+)",challengeText:"((?:[^"\\]|\\.)*)"/.exec(html)!;
  return {
    cookie: response.headers.get("set-cookie")!.split(";")[0]!,
    challenge: found[1]!,
    text: JSON.parse(`"${found[2]}"`) as string,
  };
}

type Door = Awaited<ReturnType<typeof openDoor>>;

async function sign(text: string, key: CryptoKey): Promise<string> {
  const data = new TextEncoder().encode(text);
  return encodeBase64(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, data));
}

async function knock(
  { handle }: World,
  door: Door,
  issued: IssuedCertificate,
  { key = issued.privateKey, text = door.text }: { key?: CryptoKey; text?: string } = {},
): Promise<{ status: number; body: string; location: string | null }> {
  const response = await handle(
    new Request(`${ORIGIN}/certificado`, {
      method: "POST",
      headers: { cookie: door.cookie, origin: ORIGIN },
      body: new URLSearchParams({
        challenge: door.challenge,
        certificates: [issued.certificate, ...issued.chain].map((der) => encodeBase64(der)).join(),
        signature: await sign(text, key),
        algorithm: "RS256",
      }),
    }),
  );
  const { status, headers } = response;
  return { status, body: await response.text(), location: headers.get("location") };
}

Deno.test("the certificate door, over HTTP", async (t) => {
  const world = await openWorld();
  using _portal = world.deps;
  const good = await issue(world);

  const refusals: [name: string, text: string, attempt: () => ReturnType<typeof knock>][] = [
    [
      "a wrong challenge",
      "não foi feita com a chave deste certificado",
      async () => knock(world, await openDoor(world), good, { text: "outro texto" }),
    ],
    [
      "a challenge of another session",
      "feito em outra sessão",
      async () => {
        const mine = await openDoor(world);
        const theirs = await openDoor(world);
        return knock(world, { ...theirs, cookie: mine.cookie }, good);
      },
    ],
    [
      "an invented challenge",
      "não existe ou é antigo demais",
      async () => {
        const door = await openDoor(world);
        return knock(world, { ...door, challenge: "A".repeat(22) }, good);
      },
    ],
    [
      "an expired challenge",
      "venceu: ele vale por 5 minutos",
      async () => {
        const door = await openDoor(world);
        world.deps.advance(5 * 60_000);
        return knock(world, door, good);
      },
    ],
    [
      "somebody else's key",
      "não foi feita com a chave deste certificado",
      async () => {
        const { privateKey: key } = await issue(world);
        return knock(world, await openDoor(world), good, { key });
      },
    ],
    [
      "an expired certificate",
      "O certificado venceu em",
      async () => {
        const notAfter = new Date(world.deps.now() - 1_000);
        return knock(world, await openDoor(world), await issue(world, { notAfter }));
      },
    ],
    [
      "an unknown authority",
      "não é uma autoridade da ICP-Brasil reconhecida",
      async () => knock(world, await openDoor(world), await issue(world, {}, world.stranger)),
    ],
  ];
  for (const [name, text, attempt] of refusals) {
    await t.step(`${name} is refused`, async () => {
      const { status, body } = await attempt();
      assertEquals(status, 422);
      assertStringIncludes(body, text);
    });
  }

  await t.step("a good one opens the first access, and its challenge once only", async () => {
    const door = await openDoor(world);
    const first = await knock(world, door, good);
    assertEquals([first.status, first.location], [303, "/primeiro-acesso"]);
    // The session has a new id since, so the old cookie and what it had asked for are worth nothing.
    const again = await knock(world, door, good);
    assert(again.status !== 303 || again.location !== "/primeiro-acesso", again.location ?? "");
  });

  await t.step("a replayed challenge says so", async () => {
    const door = await openDoor(world);
    await knock(world, door, good, { text: "errado" });
    const { status, body } = await knock(world, door, good);
    assertEquals(status, 422);
    assertStringIncludes(body, "já foi usado");
  });
});
