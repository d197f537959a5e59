// The small things: buttons that say they work, toasts that close, copying, the reader's zone.
const { working, failed } = document.body.dataset;
const busy = new Set();
let soon = 0;

const toasts = () => document.querySelector(".toasts");

const say = (text) => {
  const line = document.getElementById("said");
  line.textContent = "";
  setTimeout(() => { line.textContent = text; }, 50);
};

const rest = () => {
  clearTimeout(soon);
  for (const [button, words] of busy) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
    button.replaceChildren(...words);
  }
  busy.clear();
};

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.target.method === "get" || !button?.matches(".btn:not([formtarget])")) return;
  // Later: a disabled button would not be sent with its form.
  soon = setTimeout(() => {
    if (!button.isConnected) return;
    busy.add([button, [...button.childNodes]]);
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    if (button.textContent.trim()) button.textContent = working;
  });
});
addEventListener("pageshow", rest);

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    rest();
    const known = event.detail.xhr?.status;
    if (known === 401 || known === 403 || known === 404) return location.reload();
    // What stands behind an open dialog is neither seen nor read out.
    const dialog = document.querySelector("dialog:modal .dialog__body");
    const line = document.createElement("p");
    line.className = dialog ? "notice notice--danger" : "toast toast--error";
    line.setAttribute("role", "alert");
    line.append(failed);
    dialog?.querySelector("[role=alert]")?.remove();
    if (dialog) dialog.prepend(line);
    else toasts().replaceChildren(line);
  });
}

// Sent on to another page meanwhile, to sign in say: go there, whole.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { pathInfo, xhr } = event.detail;
  const here = new URL(pathInfo.requestPath, location).pathname;
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname === here) return;
  event.detail.shouldSwap = false;
  location.assign(xhr.responseURL);
});

// What a form of "ui/secret.html" answers, without showing it.
const revealed = async (form) => {
  const answer = await fetch(form.action, { method: "post", body: new FormData(form), headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-secret]").textContent.trim();
};

document.addEventListener("htmx:afterSwap", (event) => {
  const status = event.target.querySelector?.("[data-status]");
  if (status) say(status.textContent);
});

document.addEventListener("click", (event) => {
  const gone = event.target.closest("[data-dismiss]");
  if (gone) {
    event.preventDefault();
    gone.closest(".toast").remove();
  }
  const copy = event.target.closest("[data-copy], [data-copy-secret]");
  if (copy) {
    const from = document.getElementById(copy.dataset.copy);
    const text = from ? from.value ?? from.textContent.trim() : revealed(copy.form);
    // A promise of the text: what is fetched first would come too late for the browser's rule.
    const blob = Promise.resolve(text).then((plain) => new Blob([plain], { type: "text/plain" }));
    navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]).then(() => {
      (copy.querySelector("span") ?? copy).textContent = copy.dataset.done;
      say(copy.dataset.done);
    }, () => say(failed));
  }
});

// A status that was there from the start is not read out: put it in again.
const waiting = [...toasts().children];
toasts().replaceChildren();
setTimeout(() => toasts().append(...waiting), 100);

document.querySelector(".errors")?.focus();

// A date says all of itself when the pointer rests on it.
document.addEventListener("pointerover", (event) => {
  const time = event.target.closest?.("time:not([title])");
  if (!time?.dateTime.includes("T")) return;
  const full = { dateStyle: "full", timeStyle: "short" };
  time.title = new Date(time.dateTime).toLocaleString(document.documentElement.lang, full);
});

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`timezone=${zone}`)) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `timezone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
}
