import { assertEquals } from "@std/assert";
import { decodeJwt, SignJWT } from "jose";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { ONE_FACTOR } from "../config/mod.ts";
import type { AccountId } from "../store/records/account.ts";
import { signingKey } from "./signing_keys.ts";
import { signToken, TOKEN_TYPE, verifyToken } from "./token.ts";

const CLAIMS = {
  sub: "01" as AccountId,
  jti: "j",
  cpf_informed: "91000001300",
  cpf_informed_by: "declarado",
  name: "Lia",
  cnes: "0000001",
  profile: "OPERADOR",
  amr: ["pwd"],
  acr: ONE_FACTOR,
  auth_time: 0,
  cnf: { jkt: "t" },
} as const;

Deno.test("the portal takes back its own hand-offs, and nothing else that its key has signed", async () => {
  using deps = await testDeps();
  const iat = Math.floor(deps.now() / 1_000);
  const token = await signToken(deps, "cadsus-web", iat, CLAIMS);
  assertEquals((await verifyToken(deps, token))?.jti, "j");
  const { kid, key } = await signingKey(deps);
  const sign = (claims: object, typ?: string) =>
    new SignJWT({ ...decodeJwt(token), ...claims })
      .setProtectedHeader({ alg: "EdDSA", kid, ...typ ? { typ } : {} })
      .sign(key);
  assertEquals((await verifyToken(deps, await sign({}, TOKEN_TYPE)))?.jti, "j");
  for (
    const other of [
      await sign({}, "JWT"),
      await sign({}),
      await sign({ iss: "https://outro.example" }, TOKEN_TYPE),
      await sign({ nbf: iat + 1 }, TOKEN_TYPE),
      await sign({ exp: iat }, TOKEN_TYPE),
    ]
  ) {
    assertEquals(await verifyToken(deps, other), null);
  }
});
