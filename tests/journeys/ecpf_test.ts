import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { describeCpf } from "@/core/account/proof_texts.ts";
import { personOf } from "@/tests/fixtures/mod.ts";
import { DEMO_CERTIFICATE_PASSWORD, DEMO_CERTIFICATES } from "@/tools/dev/demo_certificates.ts";
import { DEMO_PASSWORD } from "@/tools/dev/seed.ts";
import { people } from "@/tools/sample/people.ts";
import { launchBrowser } from "../support/browser.ts";
import { startPortal } from "../support/portal.ts";
import { codeIn, readMail, Visitor } from "./actions.ts";
import { look, openBackstage } from "./backstage.ts";

const { elisa } = people;
const [company, , , person] = DEMO_CERTIFICATES;

Deno.test("J20: an e-CPF at the wrong door, then at the right one, proves the CPF", async (t) => {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  const download = async (file: string) => {
    const path = join(portal.data, file);
    const answer = await fetch(`${portal.origin}/dev/certificados/${file}`);
    await Deno.writeFile(path, await answer.bytes());
    return path;
  };
  try {
    await using visitor = await Visitor.open(browser, portal);
    const { page } = visitor;
    const failures: string[] = [];
    page.on("pageerror", (error) => failures.push(String(error)));
    const choose = async (file: string) => {
      await page.locator('input[type="file"]').setInputFiles(await download(file));
      const password = { "Senha do certificado": DEMO_CERTIFICATE_PASSWORD };
      await visitor.fill(password, "Abrir certificado");
    };
    const error = () => page.getByRole("alert").innerText();

    await t.step("the tour has it", async () => {
      await visitor.goto("/dev");
      await page.getByRole("link", { name: person!.file }).waitFor();
    });

    await t.step(
      "the company's door says what it is good for",
      async () => {
        await visitor.goto("/certificado");
        await choose(person!.file);
        assertStringIncludes(await error(), "Este certificado é um e-CPF");
        await look(visitor, "j20-ecpf-porta-da-empresa");
        await page.getByRole("link", { name: "comprovar o CPF na sua conta" }).click();
        await page.getByText("Entre na sua conta para comprovar o CPF com o e-CPF.").waitFor();
        await visitor.fill({ "CPF ou e-mail": elisa.email, "Senha": DEMO_PASSWORD }, "Entrar");
        await visitor.acceptTerms();
        await visitor.button("Sair").waitFor();
        await visitor.goto("/conta");
        await page.getByRole("link", { name: "Comprovar o CPF" }).click();
        await visitor.heading("Como comprovar o CPF").waitFor();
        await look(visitor, "j20-como-comprovar");
      },
    );

    await t.step("the door for persons wants no company's certificate", async () => {
      await visitor.button("Apresentar o e-CPF").click();
      await visitor.heading("Assinar com o e-CPF").waitFor();
      await choose(company!.file);
      assertStringIncludes(await error(), "O certificado apresentado é um e-CNPJ");
    });

    await t.step(
      "it is shown, signs, and the account's mailbox has a code",
      async () => {
        await choose(person!.file);
        await page.getByRole("heading", { name: "Confira o certificado" }).waitFor();
        const facts = await page.getByRole("definition").allTextContents();
        assertEquals(facts[2], "e-CPF A1");
        await look(visitor, "j20-assinar");
        await visitor.button("Assinar e continuar").click();
        await visitor.heading("Confirme que a conta é sua").waitFor();
        await look(visitor, "j20-confirmar");
        await visitor.button("Enviar código").click();
        const mail = await readMail(portal, elisa.email, "Código de confirmação");
        await look(visitor, "j20-codigo");
        const code = { "Código de confirmação": codeIn(mail) };
        await visitor.fill(code, "Comprovar com o código");
        await page.getByText("CPF comprovado com o e-CPF. As outras sessões").waitFor();
        await look(visitor, "j20-comprovado");
        const words = describeCpf(backstage, await personOf(backstage, elisa), true);
        assertEquals(words, "CPF comprovado por certificado e-CPF");
        await readMail(portal, elisa.email, "O CPF da sua conta foi comprovado com e-CPF");
      },
    );

    await t.step("the account's page says so", async () => {
      await visitor.goto("/conta");
      await page.getByText("CPF comprovado por certificado e-CPF").waitFor();
      await look(visitor, "j20-conta");
    });
    assertEquals(failures, []);
  } finally {
    await browser.close();
  }
});
