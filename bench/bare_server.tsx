/** The reference: the home page through preact-render-to-string behind Deno.serve, nothing else. */
import { render } from "preact-render-to-string";
import type { State } from "@/app.ts";
import { testConfig } from "@/tests/fixtures/deps.ts";
import App from "@/routes/_app.tsx";
import Home from "@/routes/index.tsx";

const state = { caller: null, deps: { config: testConfig } } as unknown as State;
// deno-lint-ignore no-explicit-any
const [Document, Page] = [App as any, Home as any];
const url = new URL("http://localhost/");
const headers = { "Content-Type": "text/html; charset=utf-8" };

Deno.serve({ port: Number(Deno.env.get("PORT")), onListen: () => {} }, () => {
  const page = <Document state={state} url={url} Component={() => <Page state={state} />} />;
  return new Response("<!DOCTYPE html>" + render(page), { headers });
});
