import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Browser } from "playwright-core";
import { cnpjCheckDigits, formatCnpj } from "@/core/registry/numbers.ts";
import type { Operadora } from "@/core/store/records/registry.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { findAccessibilityFaults } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { type RunningPortal, startPortal } from "../support/portal.ts";
import { find, readMail, Visitor } from "./actions.ts";
import { importEdition, makeCertificate } from "./operator.ts";
import { ana, iris } from "./people.ts";

const { alvorada, sorriso } = operadoras;
const CADOP_MAIL = alvorada.email;

/** Companies that CADOP does not have: a branch of Alvorada, and one that nothing ties to it. */
const BRANCH = withCheckDigits(`${alvorada.cnpj.slice(0, 8)}0002`);
const HOLDING = withCheckDigits("990000770001");

/** Alvorada with this representative, and Sorriso without an e-mail address. */
function edition(representante: string): Operadora[] {
  return [{ ...alvorada, representante }, { ...sorriso, email: null }, operadoras.serra];
}

Deno.test("certificates that are not registered yet", async (t) => {
  await using portal = await startPortal();
  await importEdition(portal, edition(iris.name));
  const browser = await launchBrowser();
  try {
    await walk(t, portal, browser);
  } finally {
    await browser.close();
  }
});

async function walk(t: Deno.TestContext, portal: RunningPortal, browser: Browser): Promise<void> {
  const open = () => Visitor.open(browser, portal);
  const codes = new CodeReader(portal);
  const branch = await makeCertificate(portal, iris, { cnpj: BRANCH, razao: alvorada.razaoSocial });
  const holding = await makeCertificate(portal, iris, {
    cnpj: HOLDING,
    razao: "AMOSTRA PARTICIPACOES SA",
  });
  const own = await makeCertificate(portal, iris, { cnpj: alvorada.cnpj });

  await t.step("an expired certificate registers nothing", async () => {
    await using visitor = await open();
    const expired = await makeCertificate(portal, iris, { cnpj: HOLDING, dias: -1 });
    await visitor.signWith(expired);
    await visitor.page.getByRole("alert").filter({ hasText: "venceu" }).waitFor();
    await visitor.goto("/certificado/registro");
    await visitor.heading("Entrar com senha").waitFor();
  });

  await t.step("J3: the name is not mine; nobody is let in", async () => {
    await using visitor = await open();
    await visitor.signWith(own);
    await visitor.heading("Primeiro acesso").waitFor();
    await visitor.page.getByRole("link", { name: "Este nome não é o meu" }).click();
    await visitor.heading("Este nome não é o meu").waitFor();
    const text = await visitor.page.locator("main").textContent();
    for (const told of [iris.name, "DIOPE", "CADOP"]) assertStringIncludes(text!, told);
    assertEquals(await visitor.page.locator("main").getByRole("button").count(), 0);
    assertEquals(await findAccessibilityFaults(visitor.page), []);
    await visitor.screenshot("j3-outro-nome");
    for (const path of ["/painel", "/usuarios", "/solicitar"]) {
      await visitor.goto(path);
      await visitor.heading("Entrar com senha").waitFor();
    }
    for (const path of ["/primeiro-acesso/termos", "/primeiro-acesso/cadastro"]) {
      await visitor.goto(path);
      await visitor.heading("Primeiro acesso").waitFor();
    }
  });

  await using first = await open();
  await t.step("J4: operadora não identificada; a CNPJ that leads nowhere", async () => {
    await first.signWith(branch);
    await first.heading("Operadora não identificada").waitFor();
    assertEquals(await findAccessibilityFaults(first.page), []);
    await first.screenshot("j4-nao-identificada");
    const cases = [
      ["12.345", "CNPJ inválido"],
      [HOLDING, "não está no cadastro de operadoras da ANS"],
      [sorriso.cnpj, "Atualize o e-mail da operadora no cadastro da ANS"],
    ] as const;
    for (const [typed, answer] of cases) {
      await first.field("CNPJ").fill(typed);
      await first.button("Continuar").click();
      await first.page.getByRole("alert").filter({ hasText: answer }).waitFor();
    }
    for (const path of ["/certificado/registro/codigo", "/primeiro-acesso"]) {
      await first.goto(path);
      await first.heading("Operadora não identificada").waitFor();
    }
    await first.goto("/certificado/senha");
    await first.heading("Entrar com certificado digital").waitFor();
  });

  await t.step(
    "J4: the code goes to the e-mail in CADOP, shown masked; five wrong ones",
    async () => {
      await first.goto("/certificado/registro");
      await first.field("CNPJ").fill(formatCnpj(alvorada.cnpj));
      await first.button("Continuar").click();
      await first.heading("Código de Confirmação").waitFor();
      await first.page.getByText("c***@alvorada.example").waitFor();
      assert(!(await first.page.content()).includes(CADOP_MAIL));
      assertEquals(await findAccessibilityFaults(first.page), []);
      await first.screenshot("j4-codigo");
      const spent = await codes.next();
      for (let left = 4; left >= 0; left--) {
        await type(first, wrong(spent));
        const answer = left ? `Restam ${left} tentativas` : "tentativas demais";
        await first.page.getByRole("alert").filter({ hasText: answer }).waitFor();
      }
      await type(first, spent);
      await first.page.getByRole("alert").filter({ hasText: "tentativas demais" }).waitFor();
      await first.button("Enviar outro código").click();
      await first.page.getByText("O anterior não vale mais").waitFor();
      await type(first, spent);
      await first.page.getByRole("alert").filter({ hasText: "Código incorreto" }).waitFor();
    },
  );

  await t.step("J4: Finalizar, then J1; the code is no good in another session", async () => {
    const code = await codes.next();
    await using other = await open();
    await other.signWith(branch);
    await other.field("CNPJ").fill(alvorada.cnpj);
    await other.button("Continuar").click();
    await other.heading("Código de Confirmação").waitFor();
    await codes.next();
    await type(other, code);
    await other.page.getByRole("alert").filter({ hasText: "Código incorreto" }).waitFor();

    await type(first, code);
    await first.heading("Primeiro acesso").waitFor();
    assertEquals(await first.field("Usuário").inputValue(), iris.name);
    await first.button("Acessar").click();
    await first.acceptTerms();
    await first.confirmEmailAndPassword(iris);
    await first.heading(alvorada.razaoSocial).waitFor();
    await first.page.getByText("Representante legal").waitFor();
  });

  await using second = await open();
  await t.step("J5: the difference side by side, in the e-mail, and the same code", async () => {
    await second.signWith(holding);
    await second.heading("Operadora não identificada").waitFor();
    await second.field("CNPJ").fill(alvorada.cnpj);
    await second.button("Continuar").click();
    await second.heading("Dados divergentes").waitFor();
    const rows = second.page.getByRole("row").filter({ hasText: "Diverge" });
    assertEquals(await rows.count(), 2);
    for (const value of [formatCnpj(HOLDING), formatCnpj(alvorada.cnpj)]) {
      await rows.first().getByText(value).waitFor();
    }
    assertEquals(await findAccessibilityFaults(second.page), []);
    await second.screenshot("j5-divergencia");
    await second.button("Continuar assim mesmo").click();
    await second.heading("Código de Confirmação").waitFor();
    const code = await codes.next();
    const mail = await readMail(portal, CADOP_MAIL, code);
    for (const told of ["divergem", "AMOSTRA PARTICIPACOES SA", formatCnpj(HOLDING)]) {
      assertStringIncludes(mail, told);
    }
    await type(second, code);
    await second.heading("Olá de novo").waitFor();
    // Back in the browser's history: the registration is done.
    await second.goto("/certificado/registro/codigo");
    await second.heading("Olá de novo").waitFor();
    await second.field("Senha").fill(iris.password);
    await second.button("Acessar").click();
    await second.page.getByText("Representante legal").waitFor();
  });

  await t.step(
    "the certificate before has ended: its session, its entry; both are told",
    async () => {
      await first.goto("/painel");
      await first.heading("Entrar com senha").waitFor();
      await first.signWith(branch);
      await first.heading("Operadora não identificada").waitFor();
      for (const to of [CADOP_MAIL, iris.email]) {
        const mail = await readMail(portal, to, "Novo certificado registrado");
        assertStringIncludes(mail, "deixou de valer");
      }
    },
  );

  await t.step("a renewed certificate of the operadora goes the same way", async () => {
    await first.signWith(own);
    await first.heading("Certificado ainda não registrado").waitFor();
    assertEquals(await first.field("CNPJ").inputValue(), formatCnpj(alvorada.cnpj));
    await first.button("Continuar").click();
    await first.heading("Código de Confirmação").waitFor();
    await type(first, await codes.next());
    await first.heading("Olá de novo").waitFor();
    await first.field("Senha").fill(iris.password);
    await first.button("Acessar").click();
    await first.page.getByText("Representante legal").waitFor();
  });

  await t.step("J16: a new edition names another representative", async () => {
    await first.goto("/usuarios");
    await first.heading("Usuários").waitFor();
    await importEdition(portal, edition(ana.name));
    await first.goto("/usuarios");
    await first.heading("Sem permissão").waitFor();
    await first.screenshot("j16-sem-poderes");

    await using unregistered = await open();
    await unregistered.signWith(holding);
    await unregistered.heading("Operadora não identificada").waitFor();

    await using representative = await open();
    await representative.signWith(own);
    await representative.heading("Primeiro acesso").waitFor();
    assertEquals(await representative.field("Usuário").inputValue(), ana.name);
    await representative.button("Acessar").click();
    await representative.acceptTerms();
    // The certificate's CPF is Iris's: Ana's is asked.
    await representative.field("CPF").fill(ana.cpf);
    await representative.confirmEmailAndPassword(ana);
    await representative.page.getByText("Representante legal").waitFor();
    await first.goto("/usuarios");
    await first.heading("Sem permissão").waitFor();
  });
}

/** Types a code and presses "Finalizar". */
async function type(visitor: Visitor, code: string): Promise<void> {
  await visitor.field("Código de Confirmação").fill(code);
  await visitor.button("Finalizar").click();
}

function wrong(code: string): string {
  return code.slice(0, -1) + (code.endsWith("A") ? "B" : "A");
}

/** Reads the codes that arrive at the operadora's address, each once. */
class CodeReader {
  readonly #portal: RunningPortal;
  readonly #seen = new Set<string>();

  constructor(portal: RunningPortal) {
    this.#portal = portal;
  }

  async next(): Promise<string> {
    for (let i = 0; i < 100; i++) {
      const mail = await readMail(this.#portal, CADOP_MAIL, "Código de Confirmação");
      const code = find(mail, /código de confirmação é:\s+([A-Z0-9]{8})\s/);
      if (!this.#seen.has(code)) {
        this.#seen.add(code);
        return code;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("no other code arrived");
  }
}

function withCheckDigits(base: string): string {
  return base + cnpjCheckDigits(base);
}
