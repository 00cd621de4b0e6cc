import { escape } from "@std/html";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { InteractionResults, Provider as OidcProvider } from "oidc-provider";
import { LEVEL_NAMES, parseLevel } from "@/core/config/choices.ts";
import { GOVBR_LEVELS } from "@/core/config/mod.ts";
import { formatCpf } from "@/core/registry/numbers.ts";
import { plainPage } from "../plain_page.ts";
import {
  type GovbrClient,
  govbrConfiguration,
  Provider,
  withoutWarnings,
} from "./configuration.ts";
import {
  type Dialect,
  GOVBR_DIALECT,
  type GovbrAccount,
  type GovbrPerson,
  makeSigningKey,
  type SigningKey,
  speakDialect,
  subjectOf,
} from "./dialect.ts";

/** A provider on this machine that speaks gov.br's dialect of OpenID Connect. */
export interface GovbrServer {
  /** With the slash at the end, like gov.br's. */
  issuer: string;
  /** May be changed at any time. */
  dialect: Dialect;
  close(): Promise<void>;
}

/** Starts the provider on a free port of the loopback interface, with a key of its own unless given. */
export async function startGovbr(
  client: GovbrClient,
  people: readonly GovbrPerson[],
  key?: SigningKey,
): Promise<GovbrServer> {
  key ??= await makeSigningKey();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const dialect = { ...GOVBR_DIALECT };
  const accounts = new Map<string, GovbrAccount>();
  const configuration = govbrConfiguration(client, accounts, key.jwk);
  const provider = await withoutWarnings(() => new Provider(issuer, configuration));
  provider.use(speakDialect(dialect, key));
  const answer = provider.callback();
  const interact = createInteraction(provider, { people, accounts, dialect });
  server.on("request", (request, response) => {
    if (!request.url!.startsWith("/interacao/")) return answer(request, response);
    interact(request, response).catch(() => response.writeHead(400).end("Volte e comece de novo."));
  });
  return {
    issuer,
    dialect,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Shows the page with the people, and takes what was chosen there. */
function createInteraction(
  provider: OidcProvider,
  { people, accounts, dialect }: {
    people: readonly GovbrPerson[];
    accounts: Map<string, GovbrAccount>;
    dialect: Dialect;
  },
) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { uid } = await provider.interactionDetails(request, response);
    if (request.method !== "POST") {
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
      response.end(loginPage(uid, people));
      return;
    }
    const form = await readPostedForm(request);
    const result = decide(form);
    await provider.interactionFinished(request, response, result);
  };

  function decide(form: URLSearchParams): InteractionResults {
    const person = people.find(({ cpf }) => cpf === form.get("cpf"));
    const level = parseLevel(form.get("nivel"));
    if (form.get("acao") !== "entrar" || !person || !level) {
      return { error: "access_denied", error_description: "the person said no" };
    }
    const accountId = subjectOf(person, dialect);
    accounts.set(accountId, { person, level, emailVerified: form.get("email") === "sim" });
    return { login: { accountId } };
  }
}

async function readPostedForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

/** The page on which the developer says who comes. */
function loginPage(uid: string, people: readonly GovbrPerson[]): string {
  const persons = people.map(({ cpf, nome }, i) =>
    radio("cpf", cpf, `${nome} — ${formatCpf(cpf)}`, i === 0)
  );
  const levels = GOVBR_LEVELS.map((level) =>
    radio("nivel", level, LEVEL_NAMES[level], level === "silver")
  );
  return plainPage(
    "gov.br simulado",
    `<h1>gov.br simulado</h1>
<p>Só existe no mundo de desenvolvimento. As pessoas são inventadas e não há senha.</p>
<form method="post" action="/interacao/${escape(uid)}">
<fieldset><legend>Quem é você?</legend>${persons.join("")}</fieldset>
<fieldset><legend>Nível da conta</legend>${levels.join("")}</fieldset>
<label><input type="checkbox" name="email" value="sim" checked> E-mail verificado no gov.br</label>
<p>
<button name="acao" value="entrar">Autorizar</button>
<button name="acao" value="negar">Negar</button>
</p>
</form>`,
  );
}

function radio(name: string, value: string, label: string, checked: boolean): string {
  const input = `<input type="radio" name="${name}" value="${value}"${checked ? " checked" : ""}>`;
  return `<label>${input} ${escape(label)}</label>`;
}
