import { assert, assertEquals, assertMatch } from "@std/assert";
import { counted, currentRequest, describeError, log, logAsJson, withinRequest } from "./mod.ts";

const TOKEN = "123456:abcdefghijklmnopqrstuvwxyz01234";

Deno.test("what no log may hold is taken out of the message and of its causes", () => {
  const shown: [text: string, redacted: string][] = [
    ["no user 123.456.789-09 here", "no user <CPF> here"],
    ["key person,12345678909", "key person,<CPF>"],
    ["CNS 700 0000 0000 0005, 700000000000005", "CNS <CNS>, <CNS>"],
    [
      "1764288000000 ms, CNPJ 11222333000181, CNES 1234567",
      "1764288000000 ms, CNPJ 11222333000181, CNES 1234567",
    ],
    ["550 <ana.luz@pessoas.example>: no such user", "550 <<e-mail>>: no such user"],
    [`https://api.telegram.org/bot${TOKEN}/getMe`, "https://api.telegram.org/bot<token>/getMe"],
    ["https://sso.example/token?code=abc&state=x failed", "https://sso.example/token?… failed"],
    ["smtp://user:secret@mail.example:587", "smtp://mail.example:587"],
    ["authorization: Bearer abc.def-1", "authorization: Bearer <token>"],
    ["eyJhbGciOi.eyJzdWIi.c2ln rejected", "<token> rejected"],
  ];
  for (const [text, redacted] of shown) {
    assertEquals(
      describeError(new Error("failed", { cause: new Error(text) })),
      `failed: ${redacted}`,
    );
  }
  assertEquals(describeError("123.456.789-09"), "<CPF>");
  assertEquals(
    describeError(Object.assign(new TypeError("closed"), { code: "EPIPE" })),
    "TypeError EPIPE closed",
  );
});

Deno.test("calls to the store side by side are one round trip of their request", async () => {
  const request = { id: "r1", trips: 0, waiting: 0 };
  const call = (ms: number) => counted(() => new Promise<void>((done) => setTimeout(done, ms)));
  await withinRequest(request, async () => {
    await Promise.all([call(5), call(1), call(1)]);
    await call(1);
    await counted(() => Promise.reject(new Error("no"))).catch(() => {});
  });
  await call(1);
  assertEquals(request, { id: "r1", trips: 3, waiting: 0 });
  assertEquals(currentRequest(), null);
});

// Last: from there on the process logs as a server does.
Deno.test("as JSON: a line an entry, with the request it belongs to", () => {
  const { log: out, error: err } = console;
  const lines: string[] = [];
  console.log = (line) => void lines.push(`out ${line}`);
  console.error = (line) => void lines.push(`err ${line}`);
  try {
    log("info", "request", { ms: 1 });
    log("warning", "cns_not_answered", { service: "cns" });
    logAsJson();
    const work = () => log("info", "request", { route: "/entrar", status: 200, ms: 1.5 });
    withinRequest({ id: "abc", trips: 2, waiting: 0 }, work);
    log("error", "fault", {}, new TypeError("key\nuser_of,123.456.789-09"));
  } finally {
    [console.log, console.error] = [out, err];
  }
  assertEquals(lines.length, 3);
  assertEquals(lines[0], "err cns_not_answered: service=cns");
  const [request, fault] = lines.slice(1).map((line) => JSON.parse(line.slice(4)));
  assert(lines[1]!.startsWith("out ") && lines[2]!.startsWith("err ") && !lines[2]!.includes("\n"));
  const { time, ...entry } = request;
  assertMatch(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assertEquals(entry, {
    level: "info",
    event: "request",
    request: "abc",
    route: "/entrar",
    status: 200,
    ms: 1.5,
  });
  assertEquals([fault.event, fault.error], ["fault", "TypeError key\nuser_of,<CPF>"]);
  assertMatch(fault.stack, /^ +at /);
});
