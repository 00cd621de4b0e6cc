import { Check } from "@/components/Field.tsx";
import type { EstablishmentAccess } from "@/core/access/establishment_access.ts";
import { ORDINARY_PROFILES, PROFILES } from "@/core/access/membership.ts";
import ComputerRequest from "../(_islands)/ComputerRequest.tsx";

/** What was typed before a refusal. */
export interface Typed {
  perfil: string;
  etiqueta: string;
  local: string;
  substitui: string;
}

/** The form of what may be asked for next, if anything. */
export function NextForm(
  { place, director, me, typed }: {
    place: EstablishmentAccess;
    director: ProfileProps["director"];
    me: { personId: string };
    typed: Typed | null;
  },
) {
  const { status: { next }, establishment, computers } = place;
  if (next === null) return null;
  if (next === "computador") {
    return (
      <section aria-labelledby="pedir">
        <h2 id="pedir">Pedir acesso para este computador</h2>
        <ComputerRequest
          personId={me.personId}
          fields={{ acao: "computador" }}
          computers={computers.map(({ thumbprint, label, place }) => ({
            thumbprint,
            label,
            place,
          }))}
          typed={typed ?? undefined}
        />
      </section>
    );
  }
  return (
    <section aria-labelledby="pedir">
      <h2 id="pedir">{next === "perfil" ? "Pedir perfil" : "Pedir acesso e perfil"}</h2>
      <ProfileForm
        chosen={typed?.perfil ?? ""}
        withEstablishment={next === "estabelecimento"}
        director={director}
        bound={establishment?.operadora != null}
      />
    </section>
  );
}

interface ProfileProps {
  /** What was chosen before a refusal. */
  chosen: string;
  /** Is the establishment asked for with it, or approved already? */
  withEstablishment: boolean;
  /**
   * Does the CNES name the person as director here, and would ADMINISTRADOR be theirs at once
   * (`atOnce`) or only after they have proved the CPF (`unproven`)?
   */
  director: "atOnce" | "unproven" | null;
  /** Is there an operadora whose representative could decide about ADMINISTRADOR? */
  bound: boolean;
}

/** Steps one and two in one form. */
function ProfileForm({ chosen, withEstablishment, director, bound }: ProfileProps) {
  return (
    <form method="post" class="card form">
      <input type="hidden" name="acao" value="perfil" />
      <fieldset class="field">
        <legend>Perfil</legend>
        {[...ORDINARY_PROFILES, "ADMINISTRADOR" as const].map((profile) => (
          <Check
            key={profile}
            type="radio"
            name="perfil"
            value={profile}
            checked={chosen === profile}
            required
          >
            <strong>{profile}</strong> — {PROFILES[profile]}
            {profile === "ADMINISTRADOR" && `. ${bySome(director, bound)}`}
          </Check>
        ))}
      </fieldset>
      <p class="hint">
        OPERADOR, CONSULTADOR e CADASTRADOR são decididos pelo administrador do estabelecimento.
        {withEstablishment && " O pedido vale para o estabelecimento e para o perfil."}
      </p>
      {director === "unproven" && (
        <p class="hint">
          O CNES registra você como diretor daqui. Para receber o perfil ADMINISTRADOR na hora,{" "}
          <a href="/conta/cpf">comprove o CPF</a>, por gov.br ou com um e-CPF em token ou em nuvem
          (A3): assim o portal sabe que ele é seu.
        </p>
      )}
      <button class="button primary" type="submit">Enviar pedido</button>
    </form>
  );
}

function bySome(director: ProfileProps["director"], bound: boolean): string {
  if (director === "atOnce") {
    return "O CNES registra você como diretor daqui: você recebe este perfil na hora.";
  }
  const others = bound
    ? "Para os outros, quem decide é o representante legal da operadora."
    : "Os outros só podem pedir depois que o representante legal da operadora ligar este " +
      "estabelecimento a ela.";
  return "O diretor registrado no CNES recebe na hora, se entrou com gov.br ou foi cadastrado por " +
    `esta operadora. ${others}`;
}
