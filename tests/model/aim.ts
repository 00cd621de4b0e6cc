import type { Action, Company, Name } from "./actions.ts";
import { COMPANIES, KEYS, PEOPLE, type Place, PLACES } from "./actions.ts";
import type { Model } from "./model.ts";

interface At {
  of: Name;
  place: Place;
}

/**
 * Turns an action, if that can be, into one that the rules allow or nearly so: nearly everything that
 * is tried blindly is refused, and sequences would not get far.
 *
 * @param choice which of the possible ones, around
 */
export function aim(action: Action, model: Model, choice: number): Action {
  const better = possible(action, model);
  return better.length > 0 ? { ...action, ...better[choice % better.length] } as Action : action;
}

function possible(action: Action, model: Model): object[] {
  switch (action.do) {
    case "decide":
      return pending(model).flatMap(({ back, by, place, toAdministrators, toRepresentative }) =>
        [
          ...toAdministrators ? administrators(model, place) : [],
          ...toRepresentative ? representatives(model, place) : [],
        ].filter((one) => one.by !== by).map((one) => ({ back, ...one }))
      );
    case "cancel":
      return pending(model).map(({ back, by }) => ({ back, by }));
    case "askComputer":
      return members(model).map(({ of, place }) => ({ by: of, place }));
    case "removeComputer":
      return members(model).flatMap(({ of, place }) => {
        const keys = KEYS.filter((key) => model.member(of, place)!.computers.has(key));
        return keys.map((key) => ({ of, place, key }));
      });
    case "changeProfile":
      return managed(model, waitingFirst(model, members(model)));
    case "endMembership":
      return managed(model, members(model));
    case "appoint":
      return PLACES.flatMap((place) =>
        representatives(model, place).flatMap((one) => {
          const tied = PEOPLE.filter((of) => model.isTied(of, one.certificate));
          const people = waitingFirst(model, tied.map((of) => ({ of, place })));
          return people.map(({ of }) => ({ of, place, ...one }));
        })
      );
    case "switchTie":
      return PLACES.flatMap((place) =>
        representatives(model, place).flatMap((one) =>
          PEOPLE.filter((of) => model.isTied(of, one.certificate)).map((of) => ({ of, ...one }))
        )
      );
    case "unbind":
      return PLACES.filter((place) => model.isBoundByHand(place)).flatMap((place) =>
        representatives(model, place).map((one) => ({ place, ...one }))
      );
    case "bind":
      return PLACES.filter((place) => !model.companyOf(place)).map((place) => ({ place }));
    case "firstAccess":
      return COMPANIES.map((certificate) => ({ certificate, by: model.namedBy(certificate) }));
    default:
      return [];
  }
}

function pending(model: Model) {
  const count = model.requests.length;
  return model.requests.flatMap((request, i) =>
    request.state === "pendente" ? [{ ...request, back: count - 1 - i }] : []
  );
}

function members(model: Model): At[] {
  return PLACES.flatMap((place) =>
    PEOPLE.filter((of) => model.member(of, place)?.ended === false).map((of) => ({ of, place }))
  );
}

/** Only those who wait for something, if there are any: what is asked for and what is given may meet. */
function waitingFirst(model: Model, people: At[]): At[] {
  const waiting = people.filter(({ of, place }) =>
    pending(model).some((one) => one.by === of && one.place === place && one.step === "perfil")
  );
  return waiting.length > 0 ? waiting : people;
}

/** With each who may manage them. */
function managed(model: Model, people: At[]) {
  return people.flatMap(({ of, place }) =>
    [...administrators(model, place), ...representatives(model, place)]
      .filter(({ by }) => by !== of).map((one) => ({ of, place, ...one }))
  );
}

function administrators(model: Model, place: Place) {
  return model.administrators(place).map((by) => ({ by, certificate: null }));
}

function representatives(model: Model, place: Place): { by: Name; certificate: Company }[] {
  return COMPANIES.filter((one) => one === model.companyOf(place)).flatMap((certificate) =>
    PEOPLE.filter((by) => model.representsCompany(by, certificate)).map((by) => ({
      by,
      certificate,
    }))
  );
}
