import { readSession } from "@/core/account/session.ts";
import type { Deps } from "@/core/deps.ts";
import { cadop, cnes, readCurrent } from "@/core/registry/edition.ts";
import type { Session } from "@/core/store/records/session.ts";
import { readSessionCookie } from "@/http/cookie.ts";
import { BUDGETS, NOTHING_THERE } from "./budgets.ts";
import { countTrips, RoundTrips } from "./round_trips.ts";

/** One row of a table of budgets: its name in the table, and the most trips it allows. */
export interface Row {
  group: string;
  name: string;
  most: number;
}

/** What was counted, and what it may be. */
export interface Measured {
  row: Row;
  trips: number;
  /** For the reader of the failure: `POST /pedidos aprovar as person: 303`. */
  what: string;
}

/** The app as a function. */
export type Handle = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

/** A file that every measured figure is appended to, instead of being checked. */
const MEASURED = Deno.env.get("MEASURED_TRIPS");
/** The field of a form by which its page knows what is to be done. */
const ACTION_FIELDS = ["acao", "decisao", "etapa"];

/**
 * The handler with each request held to its budget. Requests that overlap are answered and not
 * checked, because one that loses a race begins its commit again.
 *
 * @throws {Error} when a request takes more trips than its row in `budgets.ts` allows
 */
export function withinBudget(
  deps: Deps,
  handle: Handle,
  judge: (measured: Measured) => void = check,
): Handle {
  let started = 0;
  let underWay = 0;
  return async (request, info) => {
    const number = ++started;
    const alone = underWay++ === 0;
    try {
      // A store that fails is the request's own matter.
      const session = await prepare(deps, request).catch(() => null);
      const copy = isForm(request) ? request.clone() : null;
      const trips = new RoundTrips();
      const response = await countTrips(deps.kv, trips, () => handle(request, info));
      trips.end();
      const action = copy ? await actionOf(copy) : queryOf(request);
      if (alone && started === number) {
        judge(measure({ request, action, response, session, trips: trips.count }));
      }
      return response;
    } finally {
      underWay--;
    }
  };
}

/**
 * Does what a request costs now and then only, so that it is not counted: the note of when a session
 * was last used (two trips, once a minute) and the current editions of the registries (one trip, once
 * a process).
 */
async function prepare(deps: Deps, request: Request): Promise<Session | null> {
  const token = readSessionCookie(request);
  const [session] = await Promise.all([
    token ? readSession(deps, token) : null,
    readCurrent(deps, cadop, () => []),
    readCurrent(deps, cnes, () => []),
  ]);
  return session;
}

function isForm({ method, headers }: Request): boolean {
  return method === "POST" && /form/.test(headers.get("content-type") ?? "");
}

async function actionOf(request: Request): Promise<string> {
  const form = await request.formData().catch(() => new FormData());
  const action = ACTION_FIELDS.map((field) => form.get(field)).find((value) => value !== null);
  return typeof action === "string" ? action : "";
}

/** The names in the query: what a list is asked for. */
function queryOf({ url }: Request): string {
  const names = [...new Set(new URL(url).searchParams.keys())].toSorted();
  return names.length > 0 ? `?${names.join("&")}` : "";
}

function measure({ request, action, response, session, trips }: {
  request: Request;
  action: string;
  response: Response;
  session: Session | null;
  trips: number;
}): Measured {
  const { method } = request;
  const { pathname } = new URL(request.url);
  const who = callerOf(session);
  const refused = method === "POST" && response.status >= 400 ? "refused" : "";
  const names = rowNames(method, action, `as ${who}`, refused);
  const path = ROUTES.find(({ shape }) => shape.test(pathname))?.path ?? NOTHING_THERE;
  const [group, name] =
    [path, NOTHING_THERE].flatMap((group) =>
      names.filter((each) => BUDGETS[group]?.[each] !== undefined).map((each) => [group, each])
    )[0] ?? [];
  const what = [method, pathname, action, "as", who].filter(Boolean).join(" ");
  if (!group || !name) throw new Error(`${what}: no row in tests/support/budgets.ts`);
  const row = { group, name, most: BUDGETS[group]![name]! };
  return { row, trips, what: `${what}: ${response.status}` };
}

/** Dynamic parts last, as the router tries them. */
const ROUTES = Object.keys(BUDGETS)
  .toSorted((a, b) => a.split("[").length - b.split("[").length)
  .map((path) => ({ path, shape: new RegExp(`^${path.replaceAll(/\[\w+\]/g, "[^/]+")}$`) }));

/** The names that the row of a request may have, the most special first. */
function rowNames(method: string, action: string, who: string, refused: string): string[] {
  const names: string[] = [];
  for (const a of new Set([action, ""])) {
    for (const r of new Set([refused, ""])) {
      for (const w of [who, ""]) names.push([method, a, w, r].filter(Boolean).join(" "));
    }
  }
  return names;
}

/** Of a visitor nothing is stored; an applicant is in the middle of an onboarding. */
function callerOf(
  session: Session | null,
): "visitor" | "applicant" | "person" | "representative" {
  if (!session || session.visit) return "visitor";
  if (session.state.kind !== "person") return "applicant";
  return session.state.certificate ? "representative" : "person";
}

/** Holds what was counted to its row; with `MEASURED_TRIPS` it is written down instead. */
export function check(measured: Measured): void {
  if (!MEASURED) return hold(measured);
  const { row, trips, what } = measured;
  const line = [row.group, row.name, trips, what].join("\t").replaceAll("\n", " ");
  Deno.writeTextFileSync(MEASURED, `${line}\n`, { append: true });
}

/** @throws {Error} when it is more than the row allows */
export function hold({ row, trips, what }: Measured): void {
  if (trips <= row.most) return;
  throw new Error(
    `${what}: ${trips} sequential round trips to the store; "${row.name}" of "${row.group}" in ` +
      `tests/support/budgets.ts allows ${row.most}`,
  );
}
