import type { Telegram } from "./telegram.ts";
import { ControlError } from "./model.ts";

type Handler = (telegram: Telegram, id: number, body: Record<string, unknown>) => unknown;

/** The control side over HTTP, one line a command; bodies and answers are JSON. */
const commands: [method: string, path: RegExp, handler: Handler][] = [
  ["GET", /^\/control\/chats$/, (telegram) => telegram.chats()],
  ["GET", /^\/control\/chats\/(-?\d+)\/messages$/, (telegram, id) => telegram.messages(id)],
  ["GET", /^\/control\/calls$/, (telegram) => telegram.calls],
  ["POST", /^\/control\/users$/, (telegram, _, body) => telegram.addUser(body as never)],
  [
    "POST",
    /^\/control\/users\/(\d+)\/start$/,
    (telegram, id, body) => telegram.start(id, optionalText(body, "payload")),
  ],
  [
    "POST",
    /^\/control\/users\/(\d+)\/send$/,
    (telegram, id, body) =>
      telegram.sendText(id, text(body, "text"), {
        chat: optionalNumber(body, "chat"),
        replyTo: optionalNumber(body, "reply_to"),
      }),
  ],
  [
    "POST",
    /^\/control\/users\/(\d+)\/tap$/,
    (telegram, id, body) =>
      telegram.tap(id, number(body, "message_id"), text(body, "button"), {
        chat: optionalNumber(body, "chat"),
        unchecked: body.unchecked === true,
      }),
  ],
  ["POST", /^\/control\/users\/(\d+)\/block$/, (telegram, id) => telegram.block(id)],
  ["POST", /^\/control\/users\/(\d+)\/unblock$/, (telegram, id) => telegram.unblock(id)],
  [
    "POST",
    /^\/control\/users\/(\d+)\/forward$/,
    (telegram, id, body) => telegram.forward(id, number(body, "message_id"), number(body, "to")),
  ],
  ["POST", /^\/control\/faults$/, (telegram, _, body) => telegram.faults.push(body as never)],
  [
    "POST",
    /^\/control\/updates\/(\d+)\/again$/,
    (telegram, id) => telegram.deliverAgain(id),
  ],
];

/**
 * Answers a request under `/control/`. There is no password: only the own machine is let in, and
 * only under its own name, so that no web page can reach it through a name that it controls.
 */
export async function handleControl(
  telegram: Telegram,
  request: Request,
  peer: string,
): Promise<Response> {
  const { hostname, pathname } = new URL(request.url);
  const local = ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
  if (!local || !/^(127\.0\.0\.1|::1)$/.test(peer) || request.headers.has("origin")) {
    return Response.json({ error: "only for the own machine" }, { status: 403 });
  }
  for (const [method, path, handler] of commands) {
    const match = path.exec(pathname);
    if (!match || method !== request.method) continue;
    try {
      const body = method === "POST" ? await readBody(request) : {};
      return Response.json(handler(telegram, Number(match[1]), body) ?? true);
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      return Response.json({ error: error.message }, { status: 400 });
    }
  }
  return Response.json({ error: "no such command" }, { status: 404 });
}

async function readBody(request: Request): Promise<Record<string, unknown>> {
  const body = await request.text();
  if (body === "") return {};
  try {
    const value = JSON.parse(body);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // the same refusal as for a value that is no object
  }
  throw new ControlError("the body is not a JSON object");
}

function text(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value !== "string") throw new ControlError(`${name} must be a text`);
  return value;
}

function optionalText(body: Record<string, unknown>, name: string): string | undefined {
  return body[name] === undefined ? undefined : text(body, name);
}

function number(body: Record<string, unknown>, name: string): number {
  const value = body[name];
  if (!Number.isSafeInteger(value)) throw new ControlError(`${name} must be a whole number`);
  return value as number;
}

function optionalNumber(body: Record<string, unknown>, name: string): number | undefined {
  return body[name] === undefined ? undefined : number(body, name);
}
