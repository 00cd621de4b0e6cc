import { assertEquals } from "@std/assert";
import { html, lines } from "./html.ts";

Deno.test("values are escaped, the template is not", () => {
  assertEquals(
    html`<b>${"<a href='x'>&\""}</b>`.text,
    "<b>&lt;a href=&#39;x&#39;&gt;&amp;&quot;</b>",
  );
});

Deno.test("what is HTML already is not escaped again", () => {
  assertEquals(html`${html`<b>${"A & B"}</b>`}!`.text, "<b>A &amp; B</b>!");
});

Deno.test("a text that looks like HTML does not pass as such", () => {
  assertEquals(html`${JSON.parse('"<b>x</b>"')}`.text, "&lt;b&gt;x&lt;/b&gt;");
});

Deno.test("line breaks of the source are blanks, those of a value stay", () => {
  assertEquals(
    html`one
      two ${"three\n  four"}`.text,
    "one two three\n  four",
  );
});

Deno.test("lines leaves out what does not apply and keeps what is empty", () => {
  assertEquals(lines(html`a`, null, html``, html`b`).text, "a\n\nb");
});
