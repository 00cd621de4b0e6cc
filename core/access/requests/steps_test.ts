import type { RequestState } from "../../store/records/access.ts";
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { after, type Move, movesTheOtherToo, nextStep, STEPS } from "./steps.ts";

const STATES: RequestState[] = ["pendente", "aprovada", "reprovada", "cancelada", "expirada"];
const MOVES: Move[] = ["aprovar", "reprovar", "cancelar", "expirar"];

Deno.test("what was decided, cancelled or has expired never moves again", () => {
  for (const state of STATES.filter((one) => one !== "pendente")) {
    for (const move of MOVES) assertEquals(after(state, move), null, `${state} ${move}`);
  }
});

Deno.test("what waits moves to the state of each move", () => {
  assertEquals(MOVES.map((move) => after("pendente", move)), STATES.slice(1));
});

Deno.test("whatever is tried, a request moves once", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...MOVES)), (moves) => {
      let state: RequestState = "pendente";
      let moved = 0;
      for (const move of moves) {
        const next = after(state, move);
        if (next) moved++;
        state = next ?? state;
      }
      assertEquals(moved, Math.min(moves.length, 1));
      assertEquals(state, moves.length === 0 ? "pendente" : after("pendente", moves[0]!));
    }),
  );
});

Deno.test("only the approval of an establishment leaves the profile alone; a computer has no other", () => {
  const together = STEPS.flatMap((step) =>
    MOVES.filter((move) => movesTheOtherToo(step, move)).map((move) => `${step} ${move}`)
  );
  assertEquals(together, [
    "estabelecimento reprovar",
    "estabelecimento cancelar",
    "estabelecimento expirar",
    "perfil aprovar",
    "perfil reprovar",
    "perfil cancelar",
    "perfil expirar",
  ]);
});

Deno.test("the steps come in their order, whatever is claimed to be reached", () => {
  assertEquals(nextStep({ establishment: false, profile: false }), "estabelecimento");
  assertEquals(nextStep({ establishment: false, profile: true }), "estabelecimento");
  assertEquals(nextStep({ establishment: true, profile: false }), "perfil");
  assertEquals(nextStep({ establishment: true, profile: true }), "computador");
});
