/**
 * New messages appear by themselves. Only what lies above the field is put in place anew, so that
 * nothing that is being typed is lost; the field itself only while it is empty, because the bot may
 * have asked for a reply.
 */
const PAUSE = 2_000;

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(location.href);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  replace(page, ".chat-scroll > div", (part) => part.querySelector("details[open]") !== null);
  replace(page, ".chat-bottom", (part) => part.querySelector('input[name="text"]').value !== "");
}

/** Whoever is about to press something there is not disturbed either. */
function replace(page, selector, isBusy) {
  const [shown, fresh] = [document, page].map((each) => each.querySelector(selector));
  if (!shown || !fresh || shown.isEqualNode(fresh)) return;
  if (isBusy(shown) || shown.contains(document.activeElement)) return;
  shown.replaceWith(fresh);
}

// The portal starting anew, for one, is waited out.
setInterval(() => refresh().catch(() => {}), PAUSE);
