import { ORDINARY_PROFILES, PROFILES } from "@/core/access/membership.ts";
import type { Membership } from "@/core/store/records/access.ts";

/** What was typed into a form that was refused. */
export interface Typed {
  profile: string;
  justification: string;
  reason: string;
}

/** Another profile, with the justification that the person reads. */
export function MemberProfileForm(
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
          <label class="check" key={one}>
            <input
              type="radio"
              name="perfil"
              value={one}
              checked={typed.profile === one}
              required
            />
            <span>
              <strong>{one}</strong> — {PROFILES[one]}
            </span>
          </label>
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

/** The end of somebody's access to the establishment. */
export function MemberEndForm({ typed }: { typed: Typed }) {
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

function TextField(
  { label, name, value, hint }: { label: string; name: string; value: string; hint: string },
) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <textarea
        id={name}
        name={name}
        rows={2}
        maxLength={500}
        required
        value={value}
        aria-describedby={`${name}-ajuda`}
      />
      <p class="hint" id={`${name}-ajuda`}>{hint}</p>
    </div>
  );
}
