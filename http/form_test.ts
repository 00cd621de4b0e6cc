import { assertEquals, assertRejects } from "@std/assert";
import { HttpError } from "fresh";
import { noticeOf, readForm } from "./form.ts";
import { asSent } from "./testing.ts";

const post = (body: BodyInit, headers?: HeadersInit) =>
  new Request("http://localhost/", { method: "POST", body, headers });

async function statusOf(request: Request): Promise<number> {
  const sent = await asSent(request);
  const error = await assertRejects(() => readForm(sent), HttpError);
  return (error as HttpError).status;
}

Deno.test("fields as typed, several values, files as nothing", async () => {
  const data = new FormData();
  data.append("nome", " Íris & Ana ");
  data.append("sistema", "sib");
  data.append("sistema", "tiss");
  data.append("arquivo", new File(["x"], "x.txt"));
  const form = await readForm(await asSent(post(data)));
  assertEquals(form.text("nome"), " Íris & Ana ");
  assertEquals(form.all("sistema"), ["sib", "tiss"]);
  assertEquals([form.text("arquivo"), form.all("arquivo"), form.text("nada")], ["", [], ""]);
});

Deno.test("a body whose sender breaks off is refused", async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
  const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": "9" };
  const error = await assertRejects(() => readForm(post(body, headers)), HttpError);
  assertEquals((error as HttpError).status, 400);
});

Deno.test("what is not a form is refused", async () => {
  assertEquals(await statusOf(post("{}", { "content-type": "application/json" })), 400);
  assertEquals(await statusOf(new Request("http://localhost/", { method: "POST" })), 400);
});

Deno.test("only a notice of the table is shown, whatever the address asks for", () => {
  const shown = (query: string) =>
    noticeOf(new URL(`https://portal.example${query}`), { email: "E-mail trocado." });
  assertEquals(shown("/conta?aviso=email"), "E-mail trocado.");
  for (const query of ["/", "?aviso", "?aviso=outro", "?aviso=constructor", "?aviso=__proto__"]) {
    assertEquals(shown(query), null, query);
  }
});
