import { assertEquals, assertThrows } from "@std/assert";
import { applyMutant, diffOf, findMutants, type Operator } from "./sites.ts";

/** What becomes of a text by each mutant of one operator. */
function mutated(operator: Operator, text: string, file = "a.ts"): string[] {
  return findMutants(file, text)
    .filter((mutant) => mutant.operator === operator)
    .map((mutant) => applyMutant(text, mutant));
}

Deno.test("guard: an if that only leaves is dropped", () => {
  assertEquals(mutated("guard", "f(() => { if (a) return; b(); });"), ["f(() => { {} b(); });"]);
  assertEquals(mutated("guard", "if (a) throw new Error(a);"), ["{}"]);
  assertEquals(mutated("guard", "for (;;) { if (a) { b(); continue; } c(); }"), [
    "for (;;) { {} c(); }",
  ]);
});

Deno.test("guard: an if that does other things, or something else, stays", () => {
  for (
    const text of ["if (a) b();", "if (a) {}", "f(() => { if (a) return 1; else return 2; });"]
  ) {
    assertEquals(mutated("guard", text), []);
  }
});

Deno.test("guard: a condition after && is dropped, a value is not", () => {
  assertEquals(mutated("guard", "x = a && b(c);"), ["x = a;"]);
  assertEquals(mutated("guard", "x = (a || b) && (c || d);"), ["x = (a || b);"]);
  assertEquals(mutated("guard", "x = { ...(a && { b }), ...(c && ({ d })) };"), []);
  assertEquals(mutated("guard", "x = a && <p>b</p>;", "a.tsx"), []);
});

Deno.test("compare: comparisons move by one and turn, equalities and booleans turn", () => {
  assertEquals(mutated("compare", "x = a < b;"), ["x = a <= b;", "x = a >= b;"]);
  assertEquals(mutated("compare", "x = a <= b;"), ["x = a < b;", "x = a > b;"]);
  assertEquals(mutated("compare", "x = a > b;"), ["x = a >= b;", "x = a <= b;"]);
  assertEquals(mutated("compare", "x = a >= b;"), ["x = a > b;", "x = a < b;"]);
  assertEquals(mutated("compare", "x = a === b;"), ["x = a !== b;"]);
  assertEquals(mutated("compare", "x = (a !== b);"), ["x = (a === b);"]);
  assertEquals(mutated("compare", "x = a && b;"), ["x = a || b;"]);
  assertEquals(mutated("compare", "x = a || b;"), ["x = a && b;"]);
  assertEquals(mutated("compare", "x = !(a);"), ["x = (a);"]);
  assertEquals(mutated("compare", "x = a ?? b;"), []);
});

Deno.test("constant: one more and one less; not in types, nor a name", () => {
  assertEquals(mutated("constant", "const a = 10_000;"), ["const a = 10001;", "const a = 9999;"]);
  assertEquals(mutated("constant", "x = a[0];"), ["x = a[1];", "x = a[(-1)];"]);
  assertEquals(mutated("constant", "x = { 1: a } as 1 | 2; type T = 3;"), []);
});

Deno.test("await: dropped, unless the promise is passed on", () => {
  assertEquals(mutated("await", "x = (await a()).b;"), ["x = (a()).b;"]);
  assertEquals(mutated("await", "async () => { await a; }"), ["async () => { a; }"]);
  assertEquals(mutated("await", "async () => { try { return await a; } catch { b(); } }"), [
    "async () => { try { return a; } catch { b(); } }",
  ]);
  assertEquals(mutated("await", "async () => await a; async () => { return await a; }"), []);
  // The `try` is the other function's.
  assertEquals(mutated("await", "try { f(async () => { return await a; }); } catch {}"), []);
});

Deno.test("arguments: each two neighbours change places, where their order matters", () => {
  assertEquals(mutated("arguments", "f(a, b + 1, c);"), ["f(b + 1, a, c);", "f(a, c, b + 1);"]);
  assertEquals(mutated("arguments", "new F(a, b);"), ["new F(b, a);"]);
  assertEquals(mutated("arguments", "f(a, a); g(...a, b); Math.max(a, b); sameSecret(a, b);"), []);
});

Deno.test("what no test could see has no mutants", () => {
  const text = `
    import { a } from "./a.ts";
    interface B { c: 1 }
    console.log(a && b, 1);
    x = new RangeError(a > 1 ? "1" : "2");
    function f(a: { b: 1 }[]): a is 2 {}
  `;
  assertEquals(findMutants("a.ts", text), []);
  // What only sounds like an error's class has.
  assertEquals(mutated("arguments", "describeError(a, b);").length, 1);
});

Deno.test("a mutant knows its line, and shows it before and after", () => {
  const text = "const a = 1;\nfunction f() {\n  if (b) {\n    return a;\n  }\n}\n";
  const [guard] = findMutants("a.ts", text).filter(({ operator }) => operator === "guard");
  assertEquals([guard!.file, guard!.line], ["a.ts", 3]);
  assertEquals(diffOf(text, guard!), "-   if (b) {\n-     return a;\n-   }\n+   {}");
});

Deno.test("a text that is no module is refused", () => {
  assertThrows(() => findMutants("a.ts", "const = 1;"), SyntaxError);
});
