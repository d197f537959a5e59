// Passkeys and security keys: a form with data-passkey ("login", "get" or "create") is shown and
// sent with what the key says. Without script it stays hidden; every page has another way.
const Key = window.PublicKeyCredential;
const read = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const write = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
let waiting = new AbortController();

const opened = (options) => {
  const keys = (list) => list?.map((key) => ({ ...key, id: read(key.id) }));
  const { challenge, user, allowCredentials, excludeCredentials } = options;
  return {
    ...options,
    challenge: read(challenge),
    user: user && { ...user, id: read(user.id) },
    allowCredentials: keys(allowCredentials),
    excludeCredentials: keys(excludeCredentials) ?? [],
  };
};

const said = (key) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[name]) response[name] = write(key.response[name]);
  }
  const { id, type, authenticatorAttachment } = key;
  const clientExtensionResults = key.getClientExtensionResults();
  return { id, rawId: write(key.rawId), type, response, authenticatorAttachment, clientExtensionResults };
};

// What the key is asked: on the page, or to be had at the form's own address.
const asked = async (form) => {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  return answer.redirected ? null : answer.json();
};

const use = async (form, how) => {
  const options = await asked(form);
  // The server wants something else first, a fresh proof, say: the page knows the way.
  if (!options) return how.mediation || location.reload();
  const publicKey = opened(options.publicKey);
  const create = form.dataset.passkey === "create";
  const key = await navigator.credentials[create ? "create" : "get"]({ publicKey, ...how });
  form.elements.credential.value = JSON.stringify(said(key));
  form.submit();
};

for (const note of Key ? [] : document.querySelectorAll("[data-passkey-missing]")) note.hidden = false;
for (const form of Key ? document.querySelectorAll("form[data-passkey]") : []) {
  const problem = form.querySelector("[role=alert]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    waiting.abort();
    waiting = new AbortController();
    problem.hidden = true;
    try {
      await use(form, { signal: waiting.signal });
    } catch (error) {
      // Turning back in the browser's own dialog is no failure.
      problem.hidden = ["NotAllowedError", "AbortError"].includes(error.name);
    }
  });
  if (form.dataset.passkey === "login") {
    const { signal } = waiting;
    Key.isConditionalMediationAvailable?.().then((can) => {
      if (can) use(form, { mediation: "conditional", signal }).catch(() => {});
    });
  }
}
