import { type Context, HttpError } from "fresh";
import { define, type State } from "@/app.ts";
import { InvitationFacts } from "@/components/invitations.tsx";
import { Notice } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import {
  acceptInvitation,
  declineInvitation,
  findWaiting,
} from "@/core/access/invitations/accept.ts";
import { chooseOperadora } from "@/core/account/session.ts";
import { getOperadora } from "@/core/registry/operadora.ts";
import { explain } from "@/core/messages.ts";
import type { Refusal } from "@/core/result.ts";
import type { Invitation } from "@/core/store/records/invitation.ts";
import { requireCaller } from "@/http/caller.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";

const TITLE = "Convite";

/** One click accepts, and shows first what is accepted. */
export const handler = define.handlers({
  GET: (ctx) => showInvitation(ctx),
  async POST(ctx) {
    const { deps } = ctx.state;
    const caller = requireCaller(ctx.state);
    const action = (await readForm(ctx.req)).text("acao");
    if (action !== "aceitar" && action !== "recusar") throw new HttpError(400);
    const invitation = await findWaiting(deps, caller, ctx.params.id!);
    if (!invitation) return await showInvitation(ctx);
    if (action === "recusar") {
      const declined = await declineInvitation(deps, caller, invitation);
      return declined.ok
        ? ctx.redirect("/convites?aviso=recusado", 303)
        : await showInvitation(ctx, declined);
    }
    const accepted = await acceptInvitation(deps, caller, invitation);
    if (!accepted.ok) return await showInvitation(ctx, accepted);
    // The certificate of one operadora opens that one only.
    if (caller.isRepresentative) return ctx.redirect("/convites?aviso=aceito", 303);
    const next = await chooseOperadora(deps, caller.session, invitation.operadora);
    return next
      ? await setSessionCookie(ctx.redirect("/painel", 303), deps, next)
      : ctx.redirect("/entrar?fim", 303);
  },
});

/** Of one that is not there, or not for this person, nothing more is said than that. */
async function showInvitation(ctx: Context<State>, refusal: Refusal | null = null) {
  const { deps } = ctx.state;
  const caller = requireCaller(ctx.state);
  const invitation = await findWaiting(deps, caller, ctx.params.id!);
  if (!invitation) {
    return show(ctx, TITLE, { found: null }, refusal ?? { code: "invitation_ended" });
  }
  const operadora = await getOperadora(deps, invitation.operadora);
  const other = invitation.cpf !== caller.person.cpf;
  return show(ctx, TITLE, { found: { invitation, operadora, other } }, refusal);
}

export default define.page<typeof handler>(function WaitingInvitation({ data, state }) {
  const { found, error } = data;
  return (
    <Page title={TITLE} back={{ href: "/convites", label: "Convites" }} error={error}>
      {found && (
        <>
          {found.other && (
            <Notice kind="warning">{explain({ code: "invitation_other_cpf" })}</Notice>
          )}
          <section class="card">
            <InvitationFacts {...found} systems={state.deps.config.systems} />
          </section>
          <Answer invitation={found.invitation} acceptable={!found.other} />
        </>
      )}
    </Page>
  );
});

function Answer({ invitation, acceptable }: { invitation: Invitation; acceptable: boolean }) {
  return (
    <form method="post">
      <p>
        {acceptable && "Ao aceitar, esta conta passa a trabalhar também para a operadora. "}
        O convite foi enviado para{" "}
        <strong>{invitation.email}</strong>. Se não é com você, recuse: quem convidou é avisado.
      </p>
      <div class="actions">
        {acceptable && (
          <button class="button primary" name="acao" value="aceitar" type="submit">Aceitar</button>
        )}
        <button class="button danger" name="acao" value="recusar" type="submit">
          Não é comigo
        </button>
      </div>
    </form>
  );
}
