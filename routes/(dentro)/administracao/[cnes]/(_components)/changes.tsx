import { Check, TextField } from "@/components/Field.tsx";
import {
  isActiveMembership,
  isAdministrator,
  ORDINARY_PROFILES,
  PROFILES,
} from "@/core/access/membership.ts";
import { explain } from "@/core/messages.ts";
import type { Membership } from "@/core/store/records/access.ts";

/** What was typed into a form that was refused. */
export interface Typed {
  profile: string;
  justification: string;
  reason: string;
}

/** What may be done with a person's access, or why nothing can. */
export function MemberChanges(
  { membership, own, represents, typed }: {
    membership: Membership;
    /** Is it the person who looks? */
    own: boolean;
    /** Is the legal representative looking? */
    represents: boolean;
    typed: Typed;
  },
) {
  if (!isActiveMembership(membership)) {
    return (
      <p class="hint-box">
        Para voltar a ter acesso, a pessoa pede de novo os três passos: estabelecimento, perfil e
        computador.
      </p>
    );
  }
  if (own) return <p class="hint-box">{explain({ code: "member_own" })}</p>;
  if (isAdministrator(membership) && !represents) {
    return <p class="hint-box">{explain({ code: "administrator_by_representative" })}</p>;
  }
  return (
    <>
      {membership.profile
        ? <ProfileForm profile={membership.profile} typed={typed} />
        : (
          <p class="hint-box">
            A pessoa entrou no estabelecimento e ainda não tem perfil. Ele é dado quando o pedido
            dela é aprovado.
          </p>
        )}
      <EndForm typed={typed} />
    </>
  );
}

/** Another profile, with the justification that the person reads. */
function ProfileForm(
  { profile, typed }: Pick<Membership, "profile"> & { typed: Typed },
) {
  return (
    <form method="post" class="card form" aria-labelledby="mudar-perfil">
      <h2 id="mudar-perfil">Mudar o perfil</h2>
      {profile === "ADMINISTRADOR" && (
        <p class="hint-box">
          A pessoa deixa de ser ADMINISTRADOR: não decide mais pedidos nem gerencia as pessoas deste
          estabelecimento.
        </p>
      )}
      <fieldset class="field">
        <legend>Novo perfil</legend>
        {ORDINARY_PROFILES.filter((one) => one !== profile).map((one) => (
          <Check
            key={one}
            type="radio"
            name="perfil"
            value={one}
            checked={typed.profile === one}
            required
          >
            <strong>{one}</strong> — {PROFILES[one]}
          </Check>
        ))}
      </fieldset>
      <TextField
        label="Justificativa"
        name="justificativa"
        value={typed.justification}
        hint="A pessoa lê no e-mail, e fica no histórico."
      />
      <button class="button primary" name="acao" value="perfil" type="submit">
        Mudar o perfil
      </button>
    </form>
  );
}

/** The end of the person's access to the establishment. */
function EndForm({ typed }: { typed: Typed }) {
  return (
    <form method="post" class="card form" aria-labelledby="desativar">
      <h2 id="desativar">Desativar o acesso</h2>
      <p>
        A pessoa perde agora o perfil e os computadores neste estabelecimento. Nada é apagado: fica
        no histórico. Para voltar, ela pede de novo os três passos.
      </p>
      <TextField label="Motivo" name="motivo" value={typed.reason} hint="A pessoa lê no e-mail." />
      <button class="button danger" name="acao" value="desativar" type="submit">Desativar</button>
    </form>
  );
}
