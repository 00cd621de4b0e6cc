import type { Caller } from "@/core/access/caller.ts";
import type { AccessCode } from "@/core/access/messages.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import { removeComputer } from "@/core/access/computers.ts";
import { cancelRequest, createRequest } from "@/core/access/requests/create.ts";
import { askForComputer, askWithin } from "@/core/access/requests/computer.ts";
import type { Deps } from "@/core/deps.ts";
import { accept, refuse, type Result } from "@/core/result.ts";
import type { Form } from "./form.ts";

/** What was done, for the page that is shown then. */
export type Done = "pedido" | "administrador" | "computador" | "cancelado" | "retirado";

/** Has gov.br said in this session who the person is? */
export function isProvenByGovbr({ session }: Caller): boolean {
  return session.state.govbr !== undefined;
}

/** Does what a form of the page of one place asks for; null when it asks for nothing there is. */
export async function actAtEstablishment(
  deps: Deps,
  caller: Caller,
  cnes: string,
  form: Form,
): Promise<Result<Done, AccessCode | AccountCode> | null> {
  const { person, session: { state } } = caller;
  const where = { cpf: person.cpf, cnes };
  switch (form.text("acao")) {
    case "perfil": {
      const wish = { cnes, profile: form.text("perfil") };
      const asker = { provenByGovbr: isProvenByGovbr(caller) };
      const asked = await askWithin(
        deps,
        where,
        () => createRequest(deps, person, wish, asker),
      );
      if (!asked.ok) return asked;
      return accept(asked.data.state === "aprovada" ? "administrador" : "pedido");
    }
    case "computador": {
      const wish = {
        cnes,
        label: form.text("etiqueta"),
        place: form.text("local"),
        replaces: form.id("substitui"),
      };
      const asked = await askWithin(
        deps,
        where,
        () => askForComputer(deps, person, state.computer ?? null, wish),
      );
      return done(asked, "computador");
    }
    case "cancelar":
      return done(await cancelRequest(deps, person, form.id("pedido")), "cancelado");
    case "retirar": {
      const { cpf } = person;
      const computer = { cnes, cpf, thumbprint: form.id("computador") };
      return done(await removeComputer(deps, { cpf }, computer), "retirado");
    }
    default:
      return null;
  }
}

function done<C extends string>(result: Result<unknown, C>, what: Done): Result<Done, C> {
  return result.ok ? accept(what) : refuse(result.code, result.detail);
}
