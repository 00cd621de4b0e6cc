import { HttpError } from "fresh";
import { assertEquals, assertRejects } from "@std/assert";
import { readForm } from "./form.ts";

const post = (body: BodyInit, headers?: HeadersInit) =>
  new Request("http://localhost/", { method: "POST", body, headers });

async function statusOf(request: Request): Promise<number> {
  const error = await assertRejects(() => readForm(request), HttpError);
  return (error as HttpError).status;
}

Deno.test("fields as typed, several values, files as nothing", async () => {
  const data = new FormData();
  data.append("nome", " Íris & Ana ");
  data.append("sistema", "sib");
  data.append("sistema", "tiss");
  data.append("arquivo", new File(["x"], "x.txt"));
  const form = await readForm(post(data));
  assertEquals(form.text("nome"), " Íris & Ana ");
  assertEquals(form.all("sistema"), ["sib", "tiss"]);
  assertEquals([form.text("arquivo"), form.all("arquivo"), form.text("nada")], ["", [], ""]);
});

Deno.test("what is not a form is refused", async () => {
  assertEquals(await statusOf(post("{}", { "content-type": "application/json" })), 400);
  assertEquals(await statusOf(new Request("http://localhost/", { method: "POST" })), 400);
});

Deno.test("too much is refused, announced or not", async () => {
  const big = new URLSearchParams({ a: "x".repeat(300_000) });
  assertEquals(await statusOf(post(big)), 413);
  const stream = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024).fill(97)),
  });
  const type = { "content-type": "application/x-www-form-urlencoded" };
  assertEquals(await statusOf(post(stream, type)), 413);
});
