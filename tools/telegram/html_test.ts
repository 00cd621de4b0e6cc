import { assertEquals, assertThrows } from "@std/assert";
import { findCommands, parseHtml } from "./html.ts";
import { ApiError } from "./model.ts";

Deno.test("html: nested tags become entities in UTF-16 units", () => {
  assertEquals(
    parseHtml('😀 <b>CNES <i>2077485</i></b> <a href="https://x.example/?a=1&amp;b">ver</a>'),
    {
      text: "😀 CNES 2077485 ver",
      entities: [
        { type: "bold", offset: 3, length: 12 },
        { type: "italic", offset: 8, length: 7 },
        { type: "text_link", offset: 16, length: 3, url: "https://x.example/?a=1&b" },
      ],
    },
  );
});

Deno.test("html: character references are decoded once, an ampersand alone stays", () => {
  assertEquals(parseHtml("A &amp; B &lt;b&gt; &amp;lt; &#66;&#x42; & C &nbsp;"), {
    text: "A & B <b> &lt; BB & C &nbsp;",
    entities: [],
  });
});

Deno.test("html: an empty element leaves nothing", () => {
  assertEquals(parseHtml("<b></b>x").entities, []);
});

for (
  const [source, reason] of [
    ["Empresa <LTDA>", "unsupported start tag at byte offset 8"],
    ["ação < 3", "unsupported start tag at byte offset 7"],
    ["<script>x</script>", "unsupported start tag at byte offset 0"],
    ["<constructor>x", "unsupported start tag"],
    ["<b>x", 'corresponding to start tag "b"'],
    ["<b><i>x</b></i>", "unmatched end tag at byte offset 7"],
    ["x</b>", "unmatched end tag at byte offset 1"],
  ] as const
) {
  Deno.test(`html: ${source} is refused`, () => {
    const error = assertThrows(() => parseHtml(source), ApiError, reason);
    assertEquals(error.code, 400);
  });
}

Deno.test("html: commands are found where Telegram sees them", () => {
  assertEquals(findCommands("/start abc").map(({ offset, length }) => [offset, length]), [[0, 6]]);
  assertEquals(findCommands("veja /ajuda@habilita_bot").map(({ length }) => length), [19]);
  assertEquals(findCommands("1/2 e https://x.example/start"), []);
});
