import { type Extension, extension, name } from "@/tests/support/pki/certificate.ts";
import type { CrlSpec } from "@/tests/support/pki/crl.ts";
import {
  boolean,
  explicit,
  ia5,
  implicit,
  integer,
  octetString,
  sequence,
} from "@/tests/support/pki/der.ts";
import { buildOne, type CaLevel, type ChainPlan, goodList, type Level } from "./chain.ts";
import { TIME } from "@/tests/fixtures/pki.ts";
import { goodChain, type Kit } from "./kit.ts";

/** Changes the chain as a whole, or what is known about revocation. */
export type Shape = (chain: ChainPlan, kit: Kit) => void | Promise<void>;

/** Another certificate for one level, made beside the one in the chain. */
async function sibling(
  { plans }: ChainPlan,
  level: CaLevel,
  change: Partial<ChainPlan["plans"][Level]>,
) {
  const issuer = { root: plans.root, ca: plans.root, sub: plans.ca }[level];
  const plan = { ...plans[level], ...change };
  return await buildOne(plan, level === "root" ? plan : issuer);
}

const PAST = { notAfter: goodChain({} as Kit["ec"]).plans.root.notBefore };

export const SHAPES: Record<string, Shape> = {
  "nothing changed": () => {},
  "the pool is empty": (chain) => void (chain.pool = () => []),
  "the pool lacks the upper authority": (chain) => void (chain.pool = ({ sub }) => [sub]),
  "the pool lacks the lower authority": (chain) => void (chain.pool = ({ ca }) => [ca]),
  "the pool holds everything": (chain) =>
    void (chain.pool = ({ ca, leaf, root, sub }) => [root, leaf, ca, sub, ca]),
  "the root is only in the pool": async (chain, { stranger }) => {
    const other = await sibling(chain, "root", { keys: stranger });
    chain.pool = ({ ca, root, sub }) => [root, ca, sub];
    chain.anchors = () => [other];
  },
  "the anchor is of another name": async (chain) => {
    const other = await sibling(chain, "root", { name: name([["CN", "OUTRA"]]) });
    chain.anchors = () => [other];
  },
  "a namesake of the anchor": async (chain, { stranger }) => {
    const other = await sibling(chain, "root", { keys: stranger });
    chain.anchors = ({ root }) => [other, root];
  },
  "an expired twin of the upper authority": async (chain) => {
    const twin = await sibling(chain, "ca", PAST);
    chain.pool = ({ ca, sub }) => [twin, sub, ca];
  },
  "an expired twin of the lower authority alone": async (chain) => {
    const twin = await sibling(chain, "sub", PAST);
    chain.pool = ({ ca }) => [twin, ca];
  },
  "a namesake of the lower authority": async (chain, { stranger }) => {
    const other = await sibling(chain, "sub", { keys: stranger });
    chain.pool = ({ ca, sub }) => [other, sub, ca];
  },
  "a twin with an unknown critical extension": async (chain) => {
    const unknown: Extension = { oid: "1.2.3.4", critical: true, value: octetString() };
    const twin = await sibling(chain, "sub", { more: [unknown] });
    chain.pool = ({ ca, sub }) => [twin, sub, ca];
  },
  "the lower authority is self-issued": ({ plans }) => {
    plans.sub.name = plans.ca.name;
  },
  "a self-issued authority below path length 0": ({ plans }) => {
    plans.sub.name = plans.ca.name;
    const limit = extension.basicConstraints(true, 0);
    plans.ca.extensions.set(limit.oid, limit);
  },
  "an authority below path length 0 of the root": ({ plans }) => {
    const limit = extension.basicConstraints(true, 0);
    plans.root.extensions.set(limit.oid, limit);
  },
  "the leaf signed by its own key": ({ plans }) =>
    void (plans.leaf.issuerKey = plans.leaf.keys.privateKey),
  "the lower authority signed itself": ({ plans }) => {
    plans.sub.issuerKey = plans.sub.keys.privateKey;
  },
};

const CA_ONLY = implicit(2, new Uint8Array([0xff]));
const USERS_ONLY = implicit(1, new Uint8Array([0xff]));
const issuingPoint = (...fields: Uint8Array[]): Extension => ({
  oid: "2.5.29.28",
  critical: true,
  value: sequence(...fields),
});
const unknown = (critical: boolean): Extension => ({
  oid: "1.2.3.4",
  critical,
  value: octetString(),
});
const EARLIER = new Date(TIME - 86_400_000);

type List = (level: CaLevel) => Shape;

/** The list of one authority in place of its good one, the others' staying good. */
const instead = (spec: Partial<CrlSpec>): List => (level) => (chain) => {
  chain.revocation = true;
  chain.lists[level] = [{ spec: { ...goodList(), ...spec } }];
};
const signedBy = (choose: (kit: Kit) => CryptoKeyPair): List => (level) => (chain, kit) => {
  const { publicKey } = chain.plans[level].keys;
  const keys = { publicKey, privateKey: choose(kit).privateKey };
  chain.revocation = true;
  chain.lists[level] = [{ spec: goodList(), issuer: { keys } }];
};
const revoking = (entry: Partial<NonNullable<CrlSpec["revoked"]>[number]>): List => (level) => {
  const below = { root: 101, ca: 102, sub: 103 }[level];
  const revoked = [{ serial: new Uint8Array([below]), date: EARLIER, ...entry }];
  return instead({ revoked })(level);
};

/** For the list of each authority. */
export const LISTS: Record<string, List> = {
  "good lists": () => (chain) => void (chain.revocation = true),
  "no list": (level) => (chain) => {
    chain.revocation = true;
    chain.lists[level] = [];
  },
  "a list that revokes": revoking({}),
  "a list that revokes with a reason": revoking({ reason: 1 }),
  "a list that holds": revoking({ reason: 6 }),
  "a list that removes": revoking({ reason: 8 }),
  "a list that revokes from tomorrow": revoking({ date: new Date(TIME + 86_400_000) }),
  "a list that revokes others": revoking({ serial: new Uint8Array([7]) }),
  "a list with an unknown entry extension": revoking({
    serial: new Uint8Array([7]),
    extensions: [unknown(false)],
  }),
  "a list with an unknown critical entry extension": revoking({
    serial: new Uint8Array([7]),
    extensions: [unknown(true)],
  }),
  "an expired list": instead({ nextUpdate: new Date(TIME - 1_000), thisUpdate: EARLIER }),
  "a list of the future": instead({ thisUpdate: new Date(TIME + 1_000) }),
  "a list without next update": instead({ nextUpdate: null }),
  "a list without number": instead({ number: null }),
  "a list with an unknown extension": instead({ extensions: [unknown(false)] }),
  "a list with an unknown critical extension": instead({ extensions: [unknown(true)] }),
  "a delta list": instead({
    extensions: [{ oid: "2.5.29.27", critical: true, value: integer(1) }],
  }),
  "a delta list not critical": instead({ extensions: [{ oid: "2.5.29.27", value: integer(1) }] }),
  "an indirect list": instead({ extensions: [issuingPoint(implicit(4, new Uint8Array([0xff])))] }),
  "a list for some reasons": instead({
    extensions: [issuingPoint(implicit(3, new Uint8Array([5, 0x60])))],
  }),
  "a list for authorities": instead({ extensions: [issuingPoint(CA_ONLY)] }),
  "a list for users": instead({ extensions: [issuingPoint(USERS_ONLY)] }),
  "a list for both alone": instead({ extensions: [issuingPoint(USERS_ONLY, CA_ONLY)] }),
  "a list for attributes": instead({
    extensions: [issuingPoint(implicit(5, new Uint8Array([0xff])))],
  }),
  "a list of another point": instead({
    extensions: [issuingPoint(explicit(0, explicit(0, pointName("http://outra.example/a.crl"))))],
  }),
  "an empty issuing point": instead({ extensions: [issuingPoint()] }),
  "a broken issuing point": instead({
    extensions: [{ oid: "2.5.29.28", critical: true, value: boolean(true) }],
  }),
  "a list signed by a stranger": signedBy(({ stranger }) => stranger),
  "a list of another name": (level) => (chain) => {
    chain.revocation = true;
    chain.lists[level] = [{ spec: goodList(), issuer: { name: name([["CN", "OUTRA"]]) } }];
  },
  "an older list that revokes beside a good one": (level) => async (chain, kit) => {
    await revoking({})(level)(chain, kit);
    const [list] = chain.lists[level];
    const older = { ...list!.spec, thisUpdate: EARLIER };
    chain.lists[level] = [{ spec: older }, { spec: { ...goodList(), number: 2 } }];
  },
  "an expired list beside a good one": (level) => (chain) => {
    chain.revocation = true;
    const expired = { ...goodList(), nextUpdate: new Date(TIME - 1_000), thisUpdate: EARLIER };
    chain.lists[level] = [{ spec: expired }, { spec: goodList() }];
  },
};

function pointName(url: string): Uint8Array {
  return implicit(6, ia5(url).subarray(2));
}
