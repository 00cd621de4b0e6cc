import { HttpError, page } from "fresh";
import { Head } from "fresh/runtime";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { StepLine } from "@/components/StepLine.tsx";
import {
  type EstablishmentAccess,
  getEstablishmentAccess,
} from "@/core/access/establishment_access.ts";
import { checkGate, type OpenGate } from "@/core/handoff/gate.ts";
import type { HandoffCode } from "@/core/handoff/messages.ts";
import { explain } from "@/core/messages.ts";
import { maskCpf, parseCnes } from "@/core/registry/numbers.ts";
import { requireCaller } from "@/http/caller.ts";
import ComputerCheck from "@/islands/ComputerCheck.tsx";
import HandoffButton from "@/islands/HandoffButton.tsx";

interface Data {
  system: { id: string; name: string };
  place: EstablishmentAccess;
  /** Name of the establishment. */
  name: string;
  person: { id: string; name: string; cpf: string };
  /** Thumbprint of the computer that the session knows, or null. */
  computer: string | null;
  gate: OpenGate | null;
  refusal: { code: HandoffCode; message: string } | null;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { person, session } = requireCaller(ctx.state);
    const { deps } = ctx.state;
    const system = deps.config.systems.find(({ id, access }) =>
      id === ctx.params.sistema && access === "steps"
    );
    const cnes = ctx.params.cnes!;
    if (!system || parseCnes(cnes) !== cnes) throw new HttpError(404);
    const computer = session.state.computer ?? null;
    const [gate, place] = await Promise.all([
      checkGate(deps, session, { system: system.id, cnes }),
      getEstablishmentAccess(deps, { cpf: person.cpf, computer }, cnes),
    ]);
    if (!place.establishment) throw new HttpError(404);
    ctx.state.title = `Acessar ${system.name}`;
    return page({
      system: { id: system.id, name: system.name },
      place,
      name: place.establishment.nome,
      person: { id: person.id, name: person.name, cpf: maskCpf(person.cpf) },
      computer,
      gate: gate.ok ? gate.data : null,
      refusal: gate.ok ? null : { code: gate.code, message: explain(gate) },
    });
  },
});

export default define.page<typeof handler>(function HandoffPage({ data }) {
  const { system, place, name, person, computer, gate, refusal } = data;
  const { cnes } = place;
  return (
    <div class="container narrow">
      <Head>
        {/* The target system learns that the form comes from the portal, and nothing more. */}
        <meta name="referrer" content="strict-origin" />
      </Head>
      <h1>Acessar {system.name}</h1>
      <p class="lead">{name} · CNES {cnes}</p>
      <StepLine place={place} name={name} />
      {/* A browser may hold a key that it was not asked for yet, or have lost the one it had. */}
      <ComputerCheck personId={person.id} computer={computer} reload />
      {gate && (
        <section class="card" aria-label="Confira">
          <dl class="facts">
            <dt>Quem</dt>
            <dd>{person.name}</dd>
            <dt>CPF</dt>
            <dd>{person.cpf}</dd>
            <dt>Perfil</dt>
            <dd>{gate.profile}</dd>
            <dt>Computador</dt>
            <dd>{gate.computer.label} — {gate.computer.place}</dd>
            <dt>Endereço</dt>
            <dd>{new URL(gate.system.address).host}</dd>
          </dl>
          <HandoffButton
            personId={person.id}
            cnes={cnes}
            system={system}
            address={gate.system.address}
          />
          <p class="hint">
            O portal apresenta você ao {system.name}{" "}
            com um passe que vale por 60 segundos, uma única vez e só neste computador.
          </p>
        </section>
      )}
      {refusal && (
        <>
          <Notice kind="warning">{refusal.message}</Notice>
          <NextStep code={refusal.code} cnes={cnes} />
        </>
      )}
    </div>
  );
});

function NextStep({ code, cnes }: { code: HandoffCode; cnes: string }) {
  const { href, label } = nextStep(code, cnes);
  return (
    <div class="actions">
      <a class="button primary" href={href}>{label}</a>
      {href !== "/painel" && <a class="button secondary" href="/painel">Voltar ao painel</a>}
    </div>
  );
}

function nextStep(code: HandoffCode, cnes: string): { href: string; label: string } {
  const steps = `/solicitar/${cnes}`;
  switch (code) {
    case "handoff_establishment_missing":
      return { href: steps, label: "Pedir acesso ao estabelecimento" };
    case "handoff_profile_missing":
      return { href: steps, label: "Pedir um perfil" };
    case "handoff_computer_missing":
      return { href: steps, label: "Pedir acesso para este computador" };
    case "handoff_waiting":
      return { href: steps, label: "Acompanhar o pedido" };
    case "handoff_cns_low":
      return { href: "/conta/cns", label: "Ver meu CNS" };
    default:
      return { href: "/painel", label: "Voltar ao painel" };
  }
}
