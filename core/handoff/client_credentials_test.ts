import { assertEquals } from "@std/assert";
import { ASSERTION_TYPE, readClientCredentials } from "./client_credentials.ts";

function read(fields: Record<string, string>, authorization: string | null = null) {
  const given = readClientCredentials(authorization, (name) => fields[name] ?? "");
  return given.ok ? given.data : given.code;
}

const basic = (text: string) => `Basic ${btoa(text)}`;
const ASSERTION = { client_assertion_type: ASSERTION_TYPE, client_assertion: "a.b.c" };

Deno.test("a credential comes as an assertion, in the header or in the form", () => {
  const secret = { kind: "secret", id: "cadsus-web", secret: "a +:%é" };
  assertEquals(read({ client_id: "cadsus-web", client_secret: "a +:%é" }), secret);
  assertEquals(read({}, basic("cadsus-web:a%20%2B%3A%25%C3%A9")), secret);
  assertEquals(read({}, basic("cadsus-web:a+%2B:%25%C3%A9")), secret);
  assertEquals(read({ client_id: "cadsus-web" }, basic("cadsus-web:x")), {
    ...secret,
    secret: "x",
  });
  assertEquals(read(ASSERTION), { kind: "assertion", id: "", assertion: "a.b.c" });
  assertEquals(read({ ...ASSERTION, client_id: "x" }), {
    kind: "assertion",
    id: "x",
    assertion: "a.b.c",
  });
});

Deno.test("without a credential, or with a header that is none, nobody is named", () => {
  const none = { kind: "none" };
  assertEquals(read({}), none);
  assertEquals(read({ client_id: "cadsus-web" }), none);
  const headers = [
    "",
    "Basic",
    "Basic !",
    "Bearer abc",
    basic("cadsus-web"),
    basic(":x"),
    basic("x:"),
    basic("x:%"),
    basic("a\u00ff:%ff"),
  ];
  for (const header of headers) assertEquals(read({}, header), none, header);
});

Deno.test("two credentials at once, or half of one, are no request", () => {
  const posted = { client_id: "x", client_secret: "y" };
  assertEquals(read(posted, basic("x:y")), "invalid_request");
  assertEquals(read({ ...posted, ...ASSERTION }), "invalid_request");
  assertEquals(read(ASSERTION, basic("x:y")), "invalid_request");
  assertEquals(read({ client_id: "z" }, basic("x:y")), "invalid_request");
  assertEquals(read({ client_secret: "y" }), "invalid_request");
  assertEquals(read({ client_assertion: "a.b.c" }), "invalid_request");
  assertEquals(read({ client_assertion_type: ASSERTION_TYPE }), "invalid_request");
  assertEquals(
    read({ ...ASSERTION, client_assertion_type: "urn:x" }),
    "invalid_request",
  );
});
