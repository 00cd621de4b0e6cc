import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { root } from "../support/portal.ts";

const PAGE = "docs/threat-model.md";

interface Threat {
  title: string;
  /** `Who`, `What`, `Rule`, `Test`, `Open`, each in one line. */
  fields: Record<string, string>;
}

/** The entries of a page like docs/threat-model.md. */
function threatsIn(text: string): Threat[] {
  return text.split(/^## /m).slice(1).map((section) => {
    const [title = "", ...parts] = section.split(/^- \*\*(?=\w+\.\*\* )/m);
    const fields = parts.map((part) => {
      const [, name, value] = /^(\w+)\.\*\* ([^]*)/.exec(part)!;
      return [name!, value!.replace(/\s+/g, " ").trim()] as const;
    });
    return { title: title.trim(), fields: Object.fromEntries(fields) };
  });
}

const exists = (path: string) =>
  Deno.stat(join(root, path)).then(({ isFile }) => isFile, () => false);

/** Names of the tests of a file, as they are written there; null when there is no such file. */
async function testsOf(path: string): Promise<string[] | null> {
  if (!await exists(path)) return null;
  const text = await Deno.readTextFile(join(root, path));
  const named = text.matchAll(/\b(?:Deno\.test|inBothModes)\(\s*(?:"([^"\n]+)"|`([^`\n]+)`)/g);
  return [...named].map(([, plain, template]) => plain ?? template!);
}

/** A reason says what is missing and what is needed for it. */
const REASON = /^.{40,} Needed: .{10,}$/;

/** What is wrong with an entry. */
async function faultsOf({ fields: { Who, What, Rule = "", Test = "", Open } }: Threat) {
  const faults: string[] = [];
  if (!Who || !What) faults.push("says not who or what");
  const decisions = [...Rule.matchAll(/\]\((decisions\/[^)]+)\)/g)].map(([, at]) => `docs/${at}`);
  const code = [...Rule.matchAll(/`((?:\w+\/)+[\w.]+\.tsx?)`/g)].map(([, path]) => path!);
  if (decisions.length === 0) faults.push("names no decision");
  if (code.length === 0) faults.push("names no code");
  for (const path of [...decisions, ...code]) {
    if (!await exists(path)) faults.push(`${path} is not there`);
  }
  const tests = [...Test.matchAll(/`([^`]+)` "([^"]+)"/g)];
  for (const [, path, name] of tests) {
    if (!(await testsOf(path!))?.includes(name!)) faults.push(`no test ${path} "${name}"`);
  }
  const left = Test.replace(/`[^`]+` "[^"]+"/g, "").replace(/[;.\s]/g, "");
  if (left) faults.push(`not read: ${left}`);
  if (tests.length === 0 && !Open) faults.push("has no test");
  if (Open !== undefined && !REASON.test(Open)) faults.push("is open without a reason");
  return faults;
}

async function faultsIn(text: string): Promise<string[]> {
  const found = await Promise.all(
    threatsIn(text).map(async (threat) =>
      (await faultsOf(threat)).map((fault) => `${threat.title}: ${fault}`)
    ),
  );
  return found.flat();
}

Deno.test("every threat has its rule and its test, or says what is needed for one", async () => {
  const text = await Deno.readTextFile(join(root, PAGE));
  const threats = threatsIn(text);
  assert(threats.length > 30, `${threats.length} entries`);
  assertEquals(
    threats.map(({ title }) => parseInt(title)),
    threats.map((_, i) => i + 1),
  );
  assertEquals(await faultsIn(text), []);
});

const ENTRY = `## 1. A kind
- **Who.** A stranger.
- **What.** Everything.
- **Rule.** [Decision 38](decisions/0038-signing-in.md). \`core/account/throttle.ts\`.
- **Test.** \`tests/architecture/threats_test.ts\` "every threat has its rule and its test, or says
  what is needed for one".
`;
const OPEN =
  "- **Open.** What the portal does not do, in a sentence long enough. Needed: a part of it.";

Deno.test("an entry without a test, with one that is not there, or open without a reason, is found", async () => {
  const without = ENTRY.replace(/- \*\*Test\.[^]*/, "");
  const cases: [text: string, faults: string[]][] = [
    [ENTRY, []],
    [without, ["1. A kind: has no test"]],
    [without + OPEN, []],
    [ENTRY + OPEN, []],
    [ENTRY + "- **Open.** Later.", ["1. A kind: is open without a reason"]],
    [
      ENTRY.replace("every threat", "no threat").replace("threats_test.ts", "no_test.ts"),
      [
        '1. A kind: no test tests/architecture/no_test.ts "no threat has its rule and its test, or says ' +
        'what is needed for one"',
      ],
    ],
    [ENTRY + "- **Test.** a test.", ["1. A kind: not read: atest", "1. A kind: has no test"]],
    [ENTRY.replace("0038-", "0099-"), [
      "1. A kind: docs/decisions/0099-signing-in.md is not there",
    ]],
    [ENTRY.replace("throttle.ts", "gone.ts"), ["1. A kind: core/account/gone.ts is not there"]],
    [ENTRY.replace(/\[Decision.*\n/, "None.\n"), [
      "1. A kind: names no decision",
      "1. A kind: names no code",
    ]],
    [ENTRY.replace("A stranger.", ""), ["1. A kind: says not who or what"]],
  ];
  for (const [text, faults] of cases) assertEquals(await faultsIn(text), faults);
});
