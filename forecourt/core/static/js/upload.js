// Files on their way: the form's bar shows how far they are, and the server is told their names
// before they are sent, so that it can say for what each is.
document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
  const bar = target.querySelector("[data-upload]");
  if (!bar || !detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = detail.loaded / detail.total;
});

document.addEventListener("htmx:configRequest", ({ target, detail }) => {
  if (target.type !== "file") return;
  detail.parameters.names = [...target.files].map((file) => file.name).join("\n");
});
