import { ca, issue, type IssueOptions, leaf, newLeaf, root, TIME } from "@/tests/fixtures/pki.ts";
import { type PathInput, validatePath } from "./path.ts";

/** For tests: what comes of the chain of `leaf`, `ca` and `root`, with the given changes. */
export async function codeOf(input: Partial<PathInput> = {}): Promise<string> {
  const outcome = await validatePath({
    leaf: leaf.der,
    intermediates: [ca.der],
    anchors: [root.der],
    time: TIME,
    purpose: "clientAuth",
    ...input,
  });
  return outcome.ok ? "ok" : outcome.code;
}

/** The outcome for a leaf under a CA, each made with the given changes. */
export async function ofLeaf(leafOptions: IssueOptions, caOptions: IssueOptions = {}) {
  const under = await issue(root, { called: "AC", ...caOptions });
  const { der } = await newLeaf(leafOptions, under);
  return await codeOf({ leaf: der, intermediates: [under.der] });
}

export const ofCa = (caOptions: IssueOptions) => ofLeaf({}, caOptions);
