import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createAccount } from "@/core/account/account.ts";
import { authenticationBy } from "@/core/account/authentication.ts";
import { createSession, endSessionsOf } from "@/core/account/session.ts";
import { TERMS_VERSION } from "@/core/account/terms.ts";
import { putComputer } from "@/core/access/computers.ts";
import { getMembership, setMembership } from "@/core/access/membership.ts";
import { createRequest } from "@/core/access/requests/create.ts";
import { putTie } from "@/core/access/users/user_of_operadora.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import { keys } from "@/core/store/keys.ts";
import type { ComputerRequest, Profile } from "@/core/store/records/access.ts";
import type { Account } from "@/core/store/records/account.ts";
import type { LoggedIn } from "@/core/store/records/session.ts";
import { transact } from "@/core/store/transact.ts";
import { idOf, must } from "@/tests/fixtures/mod.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";
import { people } from "@/tools/sample/people.ts";
import { launchBrowser } from "../support/browser.ts";
import { startPortal } from "../support/portal.ts";
import { readMail, Visitor } from "./actions.ts";
import {
  type Backstage,
  becomeRepresentative,
  giveSession,
  look,
  openBackstage,
} from "./backstage.ts";
import { ana, bruno, caio, iris, type JourneyPerson } from "./people.ts";
import { BY_PASSWORD } from "@/tests/fixtures/people.ts";

const HOSPITAL = "9900011";
const CLINICA = "9900035";
const PLACE = `/administracao/${HOSPITAL}`;
/** Thumbprint of the computer that Caio's session has proven to be. */
const COMPUTER = "c".repeat(43);

/** Puts a person into the portal as a member, logged in at a visitor's browser. */
async function enter(
  backstage: Backstage,
  visitor: Visitor,
  { cpf, name, email }: JourneyPerson,
  { cnes = HOSPITAL, profile }: { cnes?: string; profile: Profile | null },
): Promise<Account> {
  const now = backstage.now();
  const { cnpj } = operadoras.alvorada;
  const made = await transact(backstage.kv, (tx) => {
    const person = createAccount(backstage, tx, {
      ...{ cpf, name, email, password: null },
      origin: "convite",
    });
    const { id } = person;
    tx.set(keys.termsAccepted(id, TERMS_VERSION), now);
    const tie = { cpf, name, email, how: "convite", invitation: null, by: id, since: now } as const;
    putTie(tx, cnpj, id, { ...tie, reached: { by: "password", under: 0 } }, null);
    if (profile) {
      setMembership(tx, {
        ...{ cnes, account: id, profile, since: now, by: id },
        ...{ mailbox: email, origin: { kind: "approved", by: id } },
      });
    }
    const session = createSession<LoggedIn>(backstage, tx, {
      agent: "test",
      state: {
        ...BY_PASSWORD,
        kind: "person",
        account: id,
        certificate: null,
        operadora: cnpj,
        authenticatedAt: now,
        ...authenticationBy(backstage, "password"),
        computer: COMPUTER,
      },
    });
    return { person, session };
  });
  await giveSession(backstage, visitor, made.session);
  return made.person;
}

async function giveComputer(backstage: Backstage, person: JourneyPerson): Promise<void> {
  const account = await idOf(backstage, person);
  const computer = { thumbprint: COMPUTER, label: "PAT-77", place: "Recepção", replaces: null };
  const request = { cnes: HOSPITAL, account, computer, decidedAt: backstage.now() };
  await transact(backstage.kv, (tx) => putComputer(tx, request as ComputerRequest, account));
}

/** What the door to the CadSUS Web says to a visitor. */
async function door(visitor: Visitor): Promise<string> {
  await visitor.goto(`/acessar/cadsus-web/${HOSPITAL}`);
  await visitor.heading("Acessar CadSUS Web").waitFor();
  return (await visitor.page.locator("main").textContent())!;
}

Deno.test("J13 on the site, J17: administrators, people and computers", async (t) => {
  await using portal = await startPortal();
  using backstage = await openBackstage(portal);
  const browser = await launchBrowser();
  try {
    const open = (options = {}) => Visitor.open(browser, portal, options);
    // Without JavaScript throughout; a member's computer then is the one that the session knows.
    await using first = await open({ javaScriptEnabled: false });
    await using member = await open({ javaScriptEnabled: false });
    await using second = await open();
    await using elsewhere = await open();
    await using representative = await open();
    const dora: JourneyPerson = { ...iris, name: "Dora Modelo", email: "dora@jornada.example" };
    await enter(backstage, first, ana, { profile: "ADMINISTRADOR" });
    await enter(backstage, second, bruno, { profile: "ADMINISTRADOR" });
    await enter(backstage, elsewhere, dora, { cnes: CLINICA, profile: "ADMINISTRADOR" });
    const asker = await enter(backstage, member, caio, { profile: null });
    const helena = { ...iris, cpf: people.helena.cpf, email: "helena@jornada.example" };
    await becomeRepresentative(backstage, representative, operadoras.alvorada, helena);

    await t.step("J13: two look at one request, one decides, the other is told", async () => {
      must(
        await createRequest(backstage, asker, { cnes: HOSPITAL, profile: "OPERADOR" }, UNLIMITED),
      );
      await elsewhere.goto("/pedidos");
      assertEquals(await elsewhere.page.getByText(caio.name).count(), 0);
      for (const visitor of [first, second]) {
        await visitor.goto("/pedidos");
        await visitor.page.getByRole("heading", { name: caio.name }).waitFor();
        await visitor.page.getByText(maskCpf(caio.cpf)).waitFor();
      }
      await look(first, "pedidos");
      await second.page.getByText("Reprovar este pedido").click();
      await second.field("Sem vínculo atual com este estabelecimento").check();
      await look(second, "pedidos-reprovar");
      await first.button("Aprovar só o estabelecimento").click();
      await first.page.getByText("O perfil ainda espera a sua decisão").waitFor();
      await first.button("Aprovar").click();
      await first.page.getByText("Você aprovou o perfil OPERADOR").waitFor();
      await look(first, "pedidos-decidido");
      await second.button("Reprovar").click();
      await second.page.getByText(`já foi decidido: aprovada por ${ana.name}`).waitFor();
      await readMail(portal, caio.email, "aprovado");
      await member.goto("/painel");
      await member.page.getByText("OPERADOR", { exact: true }).waitFor();
    });

    await t.step("J17: another profile, with a justification, while the person is in", async () => {
      await giveComputer(backstage, caio);
      assertStringIncludes(await door(member), "OPERADOR");
      await first.goto("/administracao");
      await first.heading("Pessoas do estabelecimento").waitFor();
      await look(first, "administracao-pessoas");
      await first.page.getByRole("link", { name: caio.name }).click();
      await look(first, "administracao-pessoa");
      await first.page.getByRole("radio", { name: /^CONSULTADOR/ }).check();
      await first.field("Justificativa").fill("   ");
      await first.button("Mudar o perfil").click();
      await first.page.getByText("Escreva o motivo, com 3 a 500 letras").waitFor();
      await first.field("Justificativa").fill("Passou para a recepção");
      await first.button("Mudar o perfil").click();
      await first.page.getByText("Perfil mudado.").waitFor();
      await first.page.getByText("Motivo: Passou para a recepção").waitFor();
      const mail = await readMail(portal, caio.email, "Seu perfil foi alterado");
      assertStringIncludes(mail, "Passou para a recepção");
      assertStringIncludes(await door(member), "CONSULTADOR");
    });

    await t.step("by keyboard alone: a computer is taken away, and its door closes", async () => {
      await second.goto(`${PLACE}/computadores`);
      await look(second, "administracao-computadores");
      await tabTo(second, "Retirar este computador");
      await second.page.keyboard.press("Enter");
      await tabTo(second, "Retirar");
      await second.page.keyboard.press("Enter");
      await second.page.getByText("Computador retirado.").waitFor();
      await readMail(portal, caio.email, "Um computador seu foi retirado");
      assertStringIncludes(await door(member), "Pedir acesso para este computador");
    });

    await t.step("J17: deactivated by one; the other, with the same page, is told", async () => {
      await giveComputer(backstage, caio);
      const page = `${PLACE}/pessoas/${asker.id}`;
      for (const visitor of [first, second]) {
        await visitor.goto(page);
        await visitor.field("Motivo").fill("Saiu da empresa");
      }
      await first.button("Desativar").click();
      await first.page.getByText("Acesso desativado. A mudança já vale").waitFor();
      await look(first, "administracao-desativada");
      await second.button("Desativar").click();
      await second.page.getByText("não tem acesso ativo neste estabelecimento").waitFor();
      assertStringIncludes(await readMail(portal, caio.email, "desativado"), "Saiu da empresa");
      assertStringIncludes(await door(member), "Pedir acesso ao estabelecimento");
      await member.goto("/painel");
      assertEquals(await member.page.getByText("CONSULTADOR", { exact: true }).count(), 0);
      await first.goto(`${PLACE}/decididos`);
      await first.page.getByText(`por ${ana.name}`).first().waitFor();
      await look(first, "administracao-decididos");
    });

    await t.step("refused: another CNES, a member, an ADMINISTRADOR, oneself", async () => {
      for (const visitor of [elsewhere, member]) {
        for (const path of [PLACE, `${PLACE}/pessoas/${asker.id}`]) {
          await visitor.goto(path);
          await visitor.heading("Sem permissão").waitFor();
        }
      }
      const menu = member.page.getByRole("navigation", { name: "Principal" });
      assertEquals(await menu.getByRole("link", { name: "Administração" }).count(), 0);
      for (const [name, text] of [[bruno.name, "Só o representante"], [ana.name, "Ninguém muda"]]) {
        await first.goto(PLACE);
        await first.page.getByRole("link", { name }).click();
        await first.page.getByText(text!).waitFor();
        assertEquals(await first.button("Desativar").count(), 0);
      }
    });

    await t.step(
      "the representative removes an ADMINISTRADOR, who decides nothing more",
      async () => {
        must(
          await createRequest(
            backstage,
            asker,
            { cnes: HOSPITAL, profile: "CADASTRADOR" },
            UNLIMITED,
          ),
        );
        await second.goto("/pedidos");
        await second.page.getByRole("heading", { name: caio.name }).waitFor();
        await representative.goto("/administracao");
        await look(representative, "administracao-representante");
        await representative.page.getByRole("link", { name: /Hospital Alvorada/ }).click();
        await representative.page.getByRole("link", { name: bruno.name }).click();
        await representative.field("Motivo").fill("Mudou de unidade");
        await representative.button("Desativar").click();
        await representative.page.getByText("Acesso desativado.").first().waitFor();
        await second.button("Aprovar").click();
        await second.page.getByText("Você não tem permissão para fazer isto").waitFor();
        await second.page.getByText("Você não administra nenhum estabelecimento").waitFor();
        assert((await getMembership(backstage, HOSPITAL, await idOf(backstage, caio)))?.ended);
      },
    );

    await t.step("a form after the end of the session changes nothing", async () => {
      await first.goto("/pedidos");
      await endSessionsOf(backstage, await idOf(backstage, ana));
      await first.button("Aprovar").click();
      await first.heading("Entrar").waitFor();
      assert((await getMembership(backstage, HOSPITAL, await idOf(backstage, caio)))?.ended);
    });
  } finally {
    await browser.close();
  }
});

/** Presses Tab until the element with these words has the focus. */
async function tabTo({ page }: Visitor, words: string): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement?.textContent?.trim());
    if (focused === words) return;
  }
  throw new Error(`Tab never came to "${words}"`);
}
