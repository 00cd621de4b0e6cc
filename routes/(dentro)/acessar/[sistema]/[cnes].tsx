import { HttpError } from "fresh";
import { Head } from "fresh/runtime";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { StepLine } from "@/components/places.tsx";
import { Fact } from "@/components/tables.tsx";
import { getEstablishmentAccess } from "@/core/access/establishment_access.ts";
import { cpfProofOf } from "@/core/account/proof.ts";
import { describeProof } from "@/core/account/proof_texts.ts";
import { checkGate } from "@/core/handoff/gate.ts";
import type { HandoffCode } from "@/core/handoff/messages.ts";
import { explain } from "@/core/messages.ts";
import { maskCpf, parseCnes } from "@/core/registry/numbers.ts";
import { requireCaller, requireSystem, thisComputer } from "@/http/caller.ts";
import { show } from "@/http/page.ts";
import ComputerCheck from "@/islands/ComputerCheck.tsx";
import HandoffButton from "./(_islands)/HandoffButton.tsx";

export const handler = define.handlers({
  async GET(ctx) {
    const caller = requireCaller(ctx.state);
    const { person, session } = caller;
    const { deps } = ctx.state;
    const system = requireSystem(ctx.state, ctx.params.sistema!);
    const cnes = ctx.params.cnes!;
    if (parseCnes(cnes) !== cnes) throw new HttpError(404);
    const me = thisComputer(caller);
    const [gate, place] = await Promise.all([
      checkGate(deps, session, { system: system.id, cnes }),
      getEstablishmentAccess(deps, { account: person.id, computer: me.computer }, cnes),
    ]);
    if (!place.establishment) throw new HttpError(404);
    const name = place.establishment.nome;
    const proof = cpfProofOf(deps, person);
    return show(ctx, `Acessar ${system.name}`, { system, place, name, person, proof, me, gate });
  },
});

export default define.page<typeof handler>(function HandoffPage({ data }) {
  const { system, place, name, person, proof, me, gate } = data;
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
      <ComputerCheck {...me} reload />
      {gate.ok
        ? (
          <section class="card" aria-label="Confira">
            <dl class="facts">
              <Fact name="Quem">{person.name}</Fact>
              <Fact name="CPF">
                {maskCpf(person.cpf)}, {proof ? describeProof(proof) : "informado, não comprovado"}
              </Fact>
              <Fact name="Perfil">{gate.data.profile}</Fact>
              <Fact name="Computador">{gate.data.computer.label} — {gate.data.computer.place}</Fact>
              <Fact name="Endereço">{new URL(gate.data.system.address).host}</Fact>
            </dl>
            <HandoffButton
              personId={person.id}
              cnes={cnes}
              system={{ id: system.id, name: system.name }}
              address={gate.data.system.address}
            />
            <p class="hint">
              O portal apresenta você ao {system.name}{" "}
              com um passe que vale por 60 segundos, uma única vez e só neste computador.
            </p>
          </section>
        )
        : (
          <>
            <Notice kind="warning">{explain(gate)}</Notice>
            <NextStep code={gate.code} cnes={cnes} />
          </>
        )}
    </div>
  );
});

/** What only another entry mends. */
const ENTER_AGAIN: readonly HandoffCode[] = [
  "handoff_govbr_missing",
  "handoff_second_factor_missing",
];

function NextStep({ code, cnes }: { code: HandoffCode; cnes: string }) {
  if (ENTER_AGAIN.includes(code)) {
    return (
      <form method="post" action="/sair" class="actions">
        <button class="button primary" type="submit">Sair para entrar de novo</button>
        <a class="button secondary" href="/painel">Voltar ao painel</a>
      </form>
    );
  }
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
    case "handoff_cpf_unproved":
      return { href: "/conta/cpf", label: "Comprovar o CPF" };
    case "handoff_cns_low":
      return { href: "/conta/cns", label: "Ver meu CNS" };
    default:
      return { href: "/painel", label: "Voltar ao painel" };
  }
}
