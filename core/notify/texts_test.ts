import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Account } from "../store/records/account.ts";
import { mailTo, mailToPerson } from "./notify.ts";
import { cpfKnown } from "./onboarding_mails.ts";
import { newAccountId } from "../account/account.ts";

const ORIGIN = "https://portal.example.br";
const ana: Account = {
  id: newAccountId(0),
  cpf: "52998224725",
  name: "Ana Luz",
  email: "ana.luz@pessoas.example",
  contactEmail: null,
  passwordHash: null,
  provisional: null,
  active: true,
  createdAt: 0,
};

Deno.test("a mail greets the person by name, and an address that stands for a company not at all", () => {
  const text = { subject: "Aviso", body: "O corpo." };
  const mail = mailToPerson(ana, text)!;
  assertEquals([mail.to, mail.subject], [ana.email, "Aviso"]);
  assert(mail.text.startsWith("Olá, Ana Luz.\n\nO corpo.\n\nHabilita"), mail.text);
  assert(mailTo("contato@ficticia.example", text).text.startsWith("O corpo.\n\nHabilita"));
  const invited = { ...ana, email: null, contactEmail: "rh@ficticia.example" };
  assertEquals(mailToPerson(invited, text)?.to, "rh@ficticia.example");
  assertEquals(mailToPerson({ ...ana, email: null }, text), null);
});

Deno.test("whom a stranger tried to register is told how they themselves enter", () => {
  const bodyFor = (person: Partial<Account>) => cpfKnown({ ...ana, ...person }, ORIGIN).body;
  assertStringIncludes(bodyFor({}), `Se esqueceu a senha: ${ORIGIN}/recuperar-senha`);
  assertStringIncludes(bodyFor({ email: null }), "Falta só o primeiro acesso");
  assertStringIncludes(bodyFor({ active: false }), "O seu cadastro está desativado");
});
