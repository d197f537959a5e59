// A form that is shown as one types, in fresh frames: a used one leaves a step in the browser's history.
let soon = 0;
const show = (button) => {
  const next = button.nextElementSibling.cloneNode();
  next.removeAttribute("src");
  next.name = button.formTarget = `preview-${performance.now()}`;
  button.after(Object.assign(next, { hidden: true }));
  next.onload = () => { while (next.nextSibling) next.nextSibling.remove(); next.hidden = false; };
  button.form.requestSubmit(button);
};
document.addEventListener("input", ({ target: { form } }) => {
  const buttons = [...form?.elements ?? []].filter((each) => each.matches("[data-preview]"));
  clearTimeout(soon);
  // One after the other: a form that is sent twice at once is sent once.
  soon = setTimeout(() => buttons.forEach((each, at) => setTimeout(show, at * 60, each)), 400);
});
