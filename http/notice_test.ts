import { assertEquals } from "@std/assert";
import { noticeOf } from "./notice.ts";

Deno.test("only a notice of the table is shown, whatever the address asks for", () => {
  const shown = (query: string) =>
    noticeOf(new URL(`https://portal.example${query}`), { email: "E-mail trocado." });
  assertEquals(shown("/conta?aviso=email"), "E-mail trocado.");
  for (const query of ["/", "?aviso", "?aviso=outro", "?aviso=constructor", "?aviso=__proto__"]) {
    assertEquals(shown(query), null, query);
  }
});
