import type { Context } from "fresh";
import { renderSVG } from "uqr";
import { define, type State } from "@/app.ts";
import { formatMoment } from "@/components/dates.ts";
import { Notice } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import {
  confirmLinkInSession,
  createLinkCode,
  getTelegramLink,
  getTelegramLinking,
  linkProof,
  unlink,
} from "@/core/account/telegram/link.ts";
import type { Refusal } from "@/core/result.ts";
import type { TelegramLink } from "@/core/store/records/account.ts";
import { addressOf, requireCaller } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { CurrentPassword, GovbrAgain } from "./(_components)/proof.tsx";

const TITLE = "Telegram";

/** J12: the person links their chat. */
export const handler = define.handlers({
  GET: (ctx) => showLink(ctx),
  async POST(ctx) {
    const { deps } = ctx.state;
    const { person, session } = requireCaller(ctx.state);
    const form = await readForm(ctx.req);
    const action = form.text("acao");
    if (action === "ligar" && deps.config.telegram) {
      const code = await createLinkCode(deps, person);
      return showLink(ctx, null, `${deps.config.telegram.deepLink}?start=${code}`);
    }
    if (action === "desligar") await unlink(deps, person);
    if (action === "confirmar") {
      const asked = linkProof(deps, person, session) === "password";
      // The page was opened while the login was recent: now it asks.
      if (asked && !form.text("atual")) return { ...await showLink(ctx), status: 422 };
      const linked = await confirmLinkInSession(deps, person, session, {
        password: form.text("atual"),
        address: addressOf(ctx),
      });
      if (!linked.ok) return showLink(ctx, linked);
    }
    return ctx.redirect("/conta/telegram", 303);
  },
});

/** @param invitation the address of the bot with a code that was just made: shown once */
async function showLink(
  ctx: Context<State>,
  refusal: Refusal | null = null,
  invitation: string | null = null,
) {
  const { deps } = ctx.state;
  const { person, session } = requireCaller(ctx.state);
  const [link, linking] = await Promise.all([
    getTelegramLink(deps, person.id),
    getTelegramLinking(deps, person.id),
  ]);
  const data = {
    link,
    invitation,
    /** A Telegram account has sent the code and waits for the confirmation. */
    claimedBy: linking?.claimedBy?.name ?? null,
    /** What the confirmation asks for. */
    proof: linkProof(deps, person, session),
    waiting: linking !== null,
  };
  return show(ctx, TITLE, data, refusal);
}

export default define.page<typeof handler>(function Telegram({ data, state }) {
  const available = state.deps.config.telegram !== null;
  const { link, invitation, claimedBy, proof, waiting, error } = data;
  const lead = (
    <p class="lead">
      Quem administra um estabelecimento recebe os pedidos no Telegram e decide com um toque.
    </p>
  );
  return (
    <Page title={TITLE} lead={lead} error={error}>
      {!available && (
        <Notice kind="warning">O robô do Telegram não está configurado neste portal.</Notice>
      )}
      {claimedBy
        ? <Confirmation name={claimedBy} proof={proof} />
        : link
        ? <Linked link={link} />
        : invitation
        ? <Invitation address={invitation} />
        : available && <Start waiting={waiting} />}
    </Page>
  );
});

function Start({ waiting }: { waiting: boolean }) {
  return (
    <form method="post" class="card form">
      {waiting && (
        <p>
          Já existe um código esperando a mensagem no Telegram. Depois de tocar em Iniciar no robô,
          {" "}
          <a href="/conta/telegram">atualize esta página</a>. Gerar outro código cancela o anterior.
        </p>
      )}
      <p>O código vale por 10 minutos e serve uma vez só.</p>
      <button class="button primary" name="acao" value="ligar" type="submit">
        Ligar o Telegram
      </button>
    </form>
  );
}

function Invitation({ address }: { address: string }) {
  const qr = `data:image/svg+xml;base64,${btoa(renderSVG(address, { border: 2 }))}`;
  return (
    <div class="card form">
      <ol>
        <li>
          Aponte a câmera do celular para o código, ou{" "}
          <a href={address} target="_blank" rel="noopener">abra o robô neste aparelho</a>.
        </li>
        <li>
          Toque em <strong>Iniciar</strong>.
        </li>
        <li>Volte a esta página e confirme.</li>
      </ol>
      <img
        class="qr"
        src={qr}
        width="240"
        height="240"
        alt="Código QR que abre o robô no Telegram"
      />
      <a class="button primary" href="/conta/telegram">Já toquei em Iniciar</a>
    </div>
  );
}

function Confirmation({ name, proof }: { name: string; proof: ReturnType<typeof linkProof> }) {
  return (
    <>
      {proof === "govbr_again" && <GovbrAgain />}
      <form method="post" class="card form">
        <p>
          A conta do Telegram <strong>{name}</strong>{" "}
          enviou o seu código. É você? Depois de confirmar, ela poderá decidir pedidos em seu nome.
        </p>
        {proof === "password" && (
          <>
            <p>Faz mais de 10 minutos que você entrou no portal: digite a sua senha outra vez.</p>
            <CurrentPassword />
          </>
        )}
        <div class="actions">
          {proof !== "govbr_again" && (
            <button class="button primary" name="acao" value="confirmar" type="submit">
              Confirmar
            </button>
          )}
          <button
            class="button secondary"
            name="acao"
            value="ligar"
            type="submit"
            formNoValidate
          >
            Não sou eu: gerar outro código
          </button>
        </div>
      </form>
    </>
  );
}

function Linked({ link }: { link: TelegramLink }) {
  return (
    <form method="post" class="card form">
      <Notice kind="success">
        Ligado à conta <strong>{link.name}</strong> desde {formatMoment(link.since)}.
      </Notice>
      {link.blockedSince && (
        <Notice kind="warning">
          O robô está bloqueado no seu Telegram, e os avisos vão para o seu e-mail. Para voltar a
          receber os pedidos lá, desbloqueie o robô e toque em Iniciar.
        </Notice>
      )}
      <button class="button secondary" name="acao" value="desligar" type="submit">
        Desligar o Telegram
      </button>
    </form>
  );
}
