import { assert, assertEquals } from "@std/assert";
import type { Account } from "../store/records/account.ts";
import { mailTo, mailToPerson } from "../notify/notify.ts";
import { userDeactivated } from "./user_mails.ts";
import { renderAddressed, renderMail } from "./mod.ts";
import { newAccountId } from "../account/account.ts";
import { UNPROVEN } from "@/core/account/account.ts";

const ana: Account = {
  id: newAccountId(0),
  cpf: "52998224725",
  name: "Ana Luz",
  email: "ana.luz@pessoas.example",
  ...UNPROVEN,
  password: null,
  active: true,
  createdAt: 0,
};

Deno.test("a mail greets the person by name, and an address that stands for a company not at all", () => {
  const told = userDeactivated({ operadora: "ALFA", origin: "https://portal.example.br" });
  const { subject, body } = renderMail(told)!;
  const mail = renderAddressed(mailToPerson(ana, told)!)!;
  assertEquals([mail.to, mail.subject], [ana.email, subject]);
  assert(mail.text.startsWith(`Olá, Ana Luz.\n\n${body}\n\nHabilita`), mail.text);
  const company = renderAddressed(mailTo("contato@ficticia.example", told))!;
  assert(company.text.startsWith(`${body}\n\nHabilita`), company.text);
  assertEquals(mailToPerson({ ...ana, email: null }, told), null);
});
