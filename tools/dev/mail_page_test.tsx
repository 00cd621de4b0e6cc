import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { render } from "preact-render-to-string";
import { MailPage } from "./mail_page.tsx";
import type { Mail } from "./mailbox.ts";

const FIRST: Mail = {
  id: 1,
  messageId: "<1@portal.example>",
  from: "Habilita <nao-responda@habilita.example>",
  to: ["maria@operadora.example"],
  subject: "Confirme seu e-mail",
  text: "Abra http://127.0.0.1:8000/confirmar?c=abc-123.\nAté logo <b>você</b>.",
  html: "",
  at: Date.UTC(2026, 0, 2, 15, 4, 5),
};
const SECOND: Mail = { ...FIRST, id: 2, subject: "", text: "", html: "<p onclick=x()>Oi</p>" };

Deno.test("mail page: newest first, the open one marked, times of Brasília", () => {
  const page = render(<MailPage action="/dev/correio" mails={[FIRST, SECOND]} selected={FIRST} />);
  assert(page.indexOf("?id=2") < page.indexOf("?id=1"));
  assertEquals(page.match(/aria-current="page"/g)?.length, 1);
  assertStringIncludes(page, "02/01/2026, 12:04:05");
  assertStringIncludes(page, "(sem assunto)");
});

Deno.test("mail page: an address is a link without the sentence's full stop", () => {
  const page = render(<MailPage action="/dev/correio" mails={[FIRST]} selected={FIRST} />);
  assertStringIncludes(
    page,
    'href="http://127.0.0.1:8000/confirmar?c=abc-123" rel="noreferrer">',
  );
  assertStringIncludes(page, "</a>.\nAté logo");
});

Deno.test("mail page: what somebody wrote never becomes markup of the page", () => {
  const page = render(<MailPage action="/dev/correio" mails={[FIRST]} selected={FIRST} />);
  assert(!page.includes("<b>"));
  assertStringIncludes(page, "&lt;b>você&lt;/b>");
  const html = render(<MailPage action="/dev/correio" mails={[SECOND]} selected={SECOND} />);
  assert(!html.includes("<p onclick"));
  assertStringIncludes(html, 'sandbox="allow-popups allow-popups-to-escape-sandbox"');
});

Deno.test("mail page: an empty box says what will appear there", () => {
  const page = render(<MailPage action="/dev/correio" mails={[]} />);
  assertStringIncludes(page, "Nenhum e-mail ainda");
});
